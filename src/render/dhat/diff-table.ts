import pc from 'picocolors';
import type { AllocationDiff } from '../../profile/allocation-diff.ts';
import { type AllocationPoints, type Metric, titleOf } from '../../profile/allocation-points.ts';
import { groupDigits } from '../../profile/units.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { padColumns, shortenMiddle, stringWidth } from '../../terminal/string-width.ts';
import { siteLabel } from '../heap/site-table.ts';
import { amount } from './totals-text.ts';

export interface AllocationDiffTableOptions {
  /** Rows of the table. Default: 20 */
  readonly limit?: number;
  /** Columns that a line may take. Default: 100 */
  readonly width?: number;
  /** Default: false */
  readonly color?: boolean;
}

const LEAST_NAME = 8;
/** What is told of the whole runs, in this order. */
const TOLD: readonly Metric[] = ['tb', 'tbk', 'gb', 'gbk', 'eb', 'ebk', 'rb', 'wb'];

/** How the totals changed, and who allocated more or less. @param points of either side: what is counted */
export function allocationDiffTable(
  { metric, totals, sites }: AllocationDiff,
  points: AllocationPoints,
  options: AllocationDiffTableOptions = {},
): string {
  const { limit = 20, width = 100 } = options;
  const colors = pc.createColors(options.color ?? false);
  const told = TOLD.flatMap((id) => totals.filter((total) => total.metric === id));
  const sums = [
    ['', 'Before', 'After', 'Change', ''],
    ...told.map(({ metric: id, ...total }) => [
      escapeTerminal(capital(titleOf(points, id))),
      ...cells(points, id, total),
    ]),
  ];
  const text = aligned(sums, 0).map((line, i) => (i === 0 ? colors.dim : colors.bold)(line.trimEnd()));
  text.push(
    '',
    shortenMiddle(escapeTerminal(`${points.verb} by function, ${titleOf(points, metric)}, where that changed:`), width),
    '',
  );
  if (sites.length === 0) return `${[...text, 'nothing changed'].join('\n')}\n`;
  const shown = sites.slice(0, limit);
  const rows = [
    ['Number', 'Before', 'After', 'Change', '', 'Blocks'],
    ...shown.map((site, i) => [
      String(i + 1),
      ...cells(points, metric, site),
      signed(site.blocksAfter - site.blocksBefore, (count) => groupDigits(count)),
    ]),
  ];
  for (const [i, line] of aligned(rows, -1).entries()) {
    const site = shown[i - 1];
    const room = Math.max(LEAST_NAME, width - stringWidth(line) - 2);
    const full = `${line}  ${shortenMiddle(site === undefined ? 'Function' : siteLabel(site.site), room)}`;
    text.push((site === undefined ? colors.dim : site.after > site.before ? colors.red : colors.green)(full));
  }
  if (sites.length > shown.length) text.push(colors.dim(`... ${sites.length - shown.length} more`));
  return `${text.join('\n')}\n`;
}

/** `923 KiB`, `1.2 MiB`, `+306 KiB`, `+33.2%` */
function cells(
  points: AllocationPoints,
  metric: Metric,
  { before, after }: { before: number; after: number },
): string[] {
  const share =
    before === 0
      ? after === 0
        ? ''
        : 'new'
      : signed((100 * (after - before)) / before, (part) => `${part.toFixed(1)}%`);
  return [
    amount(points, metric, before),
    amount(points, metric, after),
    signed(after - before, (size) => amount(points, metric, size)),
    before === after ? '' : share,
  ];
}

function signed(delta: number, words: (size: number) => string): string {
  return `${delta > 0 ? '+' : delta < 0 ? '-' : ''}${words(Math.abs(delta))}`;
}

function capital(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** @param words the column that stands to the left; -1 = none */
function aligned(rows: readonly (readonly string[])[], words: number): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((line) => stringWidth(line[i]!))));
  return rows.map((line) =>
    line.map((cell, i) => padColumns(cell, widths[i]!, i === words ? 'right' : 'left')).join('  '),
  );
}
