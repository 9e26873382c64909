import pc from 'picocolors';
import { type AllocationPoints, type Metric, titleOf, totalOf } from '../../profile/allocation-points.ts';
import {
  type AllocationSite,
  type Finding,
  type FoundSite,
  findingsOf,
  sitesBy,
} from '../../profile/allocation-sites.ts';
import { formatPercent, groupDigits } from '../../profile/units.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { shortenEnd, shortenMiddle } from '../../terminal/string-width.ts';
import { siteLabel } from '../heap/site-table.ts';
import { columnsFor, layOutColumns } from './columns-text.ts';
import { amount, totalsLines } from './totals-text.ts';
import { ratio } from './view-numbers.ts';

export interface SiteRowsOptions {
  readonly metric: Metric;
  /** Rows of the table. Default: 20 */
  readonly limit?: number;
  /** Columns that a line may take. Default: 100 */
  readonly width?: number;
  /** Default: false */
  readonly color?: boolean;
}

/** Sites that are told of a finding. */
const EXAMPLES = 3;

/** A run in words: its totals, who allocates, and what stands out. */
export function sitesText(points: AllocationPoints, options: SiteRowsOptions): string {
  const { metric, limit = 20, width = 100 } = options;
  const colors = pc.createColors(options.color ?? false);
  const sites = sitesBy(points, metric);
  const columns = columnsFor(points, metric);
  const shown = sites.slice(0, limit);
  const rows = shown.map(({ words, values }, i) => ({
    cells: [String(i + 1), ...columns.map((column) => column.text(values))],
    label: siteLabel(words),
  }));
  const [titles, ...lines] = layOutColumns(['Number', ...columns.map(({ title }) => title)], 'Function', rows, width);
  const head = totalsLines(points).map((line) => colors.bold(shortenEnd(line, width)));
  const text = [
    ...head,
    '',
    shortenMiddle(escapeTerminal(`${points.verb} by function, ${titleOf(points, metric)}:`), width),
  ];
  text.push(colors.dim(titles!), ...lines);
  if (sites.length === 0) text.push('nothing was counted');
  if (sites.length > shown.length) {
    const rest = shown.reduce((left, { values }) => left - values.get(metric)!, totalOf(points, metric));
    const share = formatPercent(rest, totalOf(points, metric));
    text.push(colors.dim(`... ${sites.length - shown.length} more: ${amount(points, metric, rest)}, ${share}`));
  }
  for (const finding of findingsOf(points)) text.push('', ...findingLines(points, finding, width, colors));
  return `${text.join('\n')}\n`;
}

type Colors = ReturnType<typeof pc.createColors>;

function findingLines(points: AllocationPoints, finding: Finding, width: number, colors: Colors): string[] {
  const { kind, sites } = finding;
  const metric: Metric = kind === 'short-lived' ? 'tbk' : kind === 'not-freed' ? 'eb' : 'tb';
  const lines = [colors.bold(shortenMiddle(headline(points, finding), width))];
  for (const site of sites.slice(0, EXAMPLES)) {
    const size = amount(points, metric, site.found);
    const detail = site.holes === undefined ? '' : `: of ${site.holes.size} bytes ${site.holes.ranges}`;
    lines.push(shortenMiddle(`  ${size}  ${siteLabel(site.words)}${detail}`, width));
  }
  if (sites.length > EXAMPLES) lines.push(colors.dim(`  ... and ${sites.length - EXAMPLES} more`));
  return lines;
}

const WORDS: Readonly<Record<Finding['kind'], string>> = {
  untouched: 'Never used, neither read nor written',
  'never-read': 'Never read, so written in vain',
  'never-written': 'Never written, read as they came',
  holes: 'Parts of blocks that are never used',
  'short-lived': 'Short-lived',
  'not-freed': 'Not freed at the end',
};

function headline(points: AllocationPoints, { kind, bytes, blocks, share }: Finding): string {
  const percent = formatPercent(share, 1);
  const count = `${groupDigits(blocks)} ${points.units?.blocks ?? (blocks === 1 ? 'block' : 'blocks')}`;
  if (kind === 'short-lived') {
    const limit = amount(points, 'tl', points.shortLived ?? 0);
    return escapeTerminal(`${WORDS[kind]}: ${count}, ${percent} of all, live for ${limit} or less`);
  }
  return escapeTerminal(`${WORDS[kind]}: ${amount(points, 'tb', bytes)}, ${percent} of all bytes, in ${count}`);
}

/** What a site's numbers come to, for programs. */
export function siteJson({ words, values, ...site }: AllocationSite | FoundSite, number: number): object {
  const { name, file = '', line = 0, module = '' } = words;
  const average = values.has('tl') ? { averageLifetime: ratio(values.get('tl')!, values.get('tbk')!) } : {};
  const found = 'found' in site ? { found: site.found, ...(site.holes && { holes: site.holes }) } : {};
  return { number, name, file, line, module, ...found, ...Object.fromEntries(values), ...average };
}
