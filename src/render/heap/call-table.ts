import pc from 'picocolors';
import { plural } from '../../plural.ts';
import type { AllocationCalls, CallSite } from '../../profile/call-sites.ts';
import { formatPercent, formatValue, groupDigits } from '../../profile/units.ts';
import { shortenEnd } from '../../terminal/string-width.ts';
import { layOutColumns } from '../dhat/columns-text.ts';
import { siteLabel } from './site-table.ts';

export interface CallTableOptions {
  /** Rows of the table. Default: 20 */
  readonly limit?: number;
  /** Columns that a line may take. Default: 100 */
  readonly width?: number;
  /** Default: false */
  readonly color?: boolean;
}

type Key = 'calls' | 'temporary' | 'bytes' | 'peakBytes' | 'leftBytes' | 'leftBlocks';

/** How often the allocator was called, for how much, and by whom. */
export function callTable(calls: AllocationCalls, options: CallTableOptions): string {
  const { limit = 20, width = 100 } = options;
  const colors = pc.createColors(options.color ?? false);
  const { sites } = calls;
  const all = total(sites, 'calls');
  const columns: readonly (readonly [string, (site: CallSite) => string])[] = [
    ['Calls', (site) => groupDigits(Math.round(site.calls))],
    ['Share', (site) => formatPercent(site.calls, all)],
    ['Allocated', (site) => formatValue(site.bytes, 'bytes')],
    ...(sites.some(({ peakBytes }) => peakBytes !== undefined)
      ? [['At peak', (site: CallSite) => formatValue(site.peakBytes ?? 0, 'bytes')] as const]
      : []),
    ['Not freed', (site) => formatValue(site.leftBytes, 'bytes')],
    ...(sites.some(({ temporary }) => temporary !== undefined)
      ? [['Temporary', (site: CallSite) => groupDigits(site.temporary ?? 0)] as const]
      : []),
  ];
  const shown = sites.slice(0, limit);
  const rows = shown.map((site, i) => ({
    cells: [String(i + 1), ...columns.map(([, text]) => text(site))],
    label: siteLabel(site.site),
  }));
  const titles = ['Number', ...columns.map(([title]) => title)];
  const [head, ...lines] = layOutColumns(titles, 'Function', rows, width);
  const text = [
    ...headings(calls).map((line) => colors.bold(shortenEnd(line, width))),
    'Calls of the allocator, by who made them:',
    '',
    colors.dim(head!),
    ...lines,
  ];
  if (sites.length === 0) text.push('nothing was allocated');
  if (sites.length > shown.length) {
    const rest = total(sites.slice(limit), 'calls');
    const share = formatPercent(rest, all);
    text.push(colors.dim(`... ${sites.length - shown.length} more: ${groupDigits(Math.round(rest))} calls, ${share}`));
  }
  return `${text.join('\n')}\n`;
}

function total(sites: readonly CallSite[], key: Key): number {
  return sites.reduce((sum, site) => sum + (site[key] ?? 0), 0);
}

function headings({ sites, peakRss, duration }: AllocationCalls): string[] {
  const calls = total(sites, 'calls');
  const count = groupDigits(Math.round(calls));
  const rate = duration > 0 ? `, ${groupDigits(Math.round((calls * 1e9) / duration))} a second` : '';
  const known = sites.some(({ temporary }) => temporary !== undefined);
  const short = known ? `; ${groupDigits(total(sites, 'temporary'))} temporary, freed before the next one` : '';
  const left = total(sites, 'leftBlocks');
  const lines = [
    ['Calls', `${count}${rate}${short}`],
    ['Allocated', `${formatValue(total(sites, 'bytes'), 'bytes')} in all`],
    [
      'Not freed',
      left === 0
        ? 'nothing'
        : `${formatValue(total(sites, 'leftBytes'), 'bytes')} in ${groupDigits(Math.round(left))} ${plural(Math.round(left), 'block')}`,
    ],
    ...(peakRss > 0 ? [['Resident', `${formatValue(peakRss, 'bytes')} at most, with what the recorder takes`]] : []),
  ];
  return lines.map(([title, words]) => `${title!.padEnd(10)}  ${words}`);
}

/** All of it, for programs. */
export function callsJson({ sites, peakRss }: AllocationCalls, limit: number | undefined): object {
  return {
    calls: total(sites, 'calls'),
    ...(sites.some(({ temporary }) => temporary !== undefined) ? { temporary: total(sites, 'temporary') } : {}),
    bytes: total(sites, 'bytes'),
    leftBytes: total(sites, 'leftBytes'),
    leftBlocks: total(sites, 'leftBlocks'),
    ...(peakRss > 0 ? { peakRss } : {}),
    sites: sites.slice(0, limit).map(({ site, ...sums }, i) => ({
      number: i + 1,
      name: site.name,
      file: site.file ?? '',
      line: site.line ?? 0,
      module: site.module ?? '',
      ...sums,
    })),
  };
}
