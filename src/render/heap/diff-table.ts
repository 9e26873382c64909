import pc from 'picocolors';
import type { HeapDiff, SizeChange } from '../../profile/heap-diff.ts';
import { formatValue } from '../../profile/units.ts';
import { padColumns, shortenMiddle } from '../../terminal/string-width.ts';
import { siteLabel } from './site-table.ts';

export interface DiffTableOptions {
  /** Rows of the table. Default: 20 */
  readonly limit?: number;
  /** Columns that a line may take. Default: 100 */
  readonly width?: number;
  /** Default: false */
  readonly color?: boolean;
}

const LEAST_NAME = 8;
const TITLES = ['Number', 'Before', 'After', 'Change', '', 'Function'];

/** How the sizes changed, and whose memory did: `Number  Before  After  Change  Function`. */
export function heapDiffTable(diff: HeapDiff, options: DiffTableOptions = {}): string {
  const { limit = 20, width = 100 } = options;
  const colors = pc.createColors(options.color ?? false);
  const { sites, before, after, rowBefore, rowAfter } = diff;
  const sizes = [
    ['', 'Before', 'After', 'Change', ''],
    ['Peak', ...changeCells(diff.peak)],
    ['Maximum', ...changeCells(diff.maximum)],
    ['At the end', ...changeCells(diff.end)],
  ];
  const lines = aligned(sizes).map((line, i) => (i === 0 ? colors.dim : colors.bold)(line.trimEnd()));
  const name = (history: HeapDiff['before'], row: number): string => `snapshot ${history.snapshots.number[row]}`;
  lines.push(
    '',
    `Allocated at ${name(before, rowBefore)} and at ${name(after, rowAfter)}, by who asked for it, where that changed:`,
    '',
  );
  if (sites.length === 0) {
    const grown = diff.maximum.before !== diff.maximum.after;
    lines.push(grown ? 'nothing changed there; massif kept no details of the maximum' : 'nothing changed');
    return `${lines.join('\n')}\n`;
  }
  const shown = sites.slice(0, limit);
  const rows = [TITLES, ...shown.map((change, i) => [String(i + 1), ...changeCells(change), siteLabel(change.site)])];
  const numbers = aligned(rows.map((cells) => cells.slice(0, -1)));
  for (const [i, cells] of rows.entries()) {
    const room = Math.max(LEAST_NAME, width - numbers[i]!.length - 2);
    const line = `${numbers[i]}  ${shortenMiddle(cells.at(-1)!, room)}`;
    const change = shown[i - 1];
    lines.push(
      change === undefined ? colors.dim(line) : (change.after > change.before ? colors.red : colors.green)(line),
    );
  }
  if (sites.length > shown.length) lines.push(colors.dim(`... ${sites.length - shown.length} more`));
  return `${lines.join('\n')}\n`;
}

/** `923 KiB`, `1.2 MiB`, `+306 KiB`, `+33.2%` */
export function changeCells({ before, after }: SizeChange): string[] {
  const size = (bytes: number | undefined): string => (bytes === undefined ? '-' : formatValue(bytes, 'bytes'));
  if (before === undefined || after === undefined) return [size(before), size(after), '-', ''];
  const delta = after - before;
  const sign = delta > 0 ? '+' : delta < 0 ? '-' : '';
  const share = before === 0 ? (after === 0 ? '' : 'new') : `${sign}${((100 * Math.abs(delta)) / before).toFixed(1)}%`;
  return [size(before), size(after), `${sign}${formatValue(Math.abs(delta), 'bytes')}`, share];
}

/** The first column to the left where it holds words, all else to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((cells) => cells[i]!.length)));
  const side = (i: number): 'left' | 'right' => (i === 0 && rows[0]![0] === '' ? 'right' : 'left');
  return rows.map((cells) => cells.map((cell, i) => padColumns(cell, widths[i]!, side(i))).join('  '));
}
