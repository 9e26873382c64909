import pc from 'picocolors';
import { DETAILS, type HeapHistory, landmarks, RSS_DESCRIPTION, sitesAt, totalAt } from '../../profile/heap-history.ts';
import { formatPercent, formatValue } from '../../profile/units.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import { padColumns, shortenMiddle, stringWidth } from '../../terminal/string-width.ts';
import { nameOf, placeOf } from '../frame-words.ts';

export interface SiteTableOptions {
  /** Row of the snapshot that the table is of. */
  readonly row: number;
  /** Rows of the table. Default: 20 */
  readonly limit?: number;
  /** Columns that a line may take. Default: 100 */
  readonly width?: number;
  /** Default: false */
  readonly color?: boolean;
}

const GAP = '  ';
const TITLES = ['Number', 'Allocated', 'Frequency', 'Function'];
/** A name is not cut below this, however narrow the window. */
const LEAST_NAME = 8;

/**
 * How large the heap was at most, and who allocated it: `Number  Allocated  Frequency  Function`. Massif does not count
 * calls, so Frequency is the share of the snapshot's heap and stacks.
 */
export function siteTable(history: HeapHistory, options: SiteTableOptions): string {
  const { row, limit = 20, width = 100 } = options;
  const colors = pc.createColors(options.color ?? false);
  const unit = history.events.get(row)?.unit ?? 'bytes';
  const total = totalAt(history.snapshots, row);
  const all = sitesAt(history, row);
  const shown = all.slice(0, limit);
  const cells = shown.map(({ site, bytes }, i) => [
    String(i + 1),
    formatValue(bytes, unit),
    formatPercent(bytes, total),
    siteLabel(site),
  ]);
  const widths = [0, 1, 2].map((i) => Math.max(TITLES[i]!.length, ...cells.map((line) => line[i]!.length)));
  const room = Math.max(LEAST_NAME, width - widths.reduce((sum, column) => sum + column + GAP.length, 0));
  const line = (texts: readonly string[], named: (text: string) => string): string =>
    [...widths.map((column, i) => padColumns(texts[i]!, column, 'left')), named(texts[3]!)].join(GAP);
  const rest = all.slice(limit).reduce((sum, { bytes }) => sum + bytes, 0);
  const lines = [
    ...headings(history, row).map((text) => colors.bold(shortenMiddle(text, Math.max(width, LEAST_NAME)))),
    '',
    colors.dim(line(TITLES, (text) => text)),
    ...cells.map((texts) => line(texts, (text) => shortenMiddle(text, room))),
  ];
  if (rest > 0) {
    const more = `... ${all.length - shown.length} more: ${formatValue(rest, unit)}, ${formatPercent(rest, total)}`;
    lines.push(colors.dim(more));
  }
  if (all.length === 0) lines.push('nothing was allocated');
  return `${lines.join('\n')}\n`;
}

/** `parse (parser.c:12)`, safe to print. */
export function siteLabel(site: { name: string; file?: string; line?: number; module?: string }): string {
  const { name, file = '', line = 0, module = '' } = site;
  // `[libc.so.6]` says where it is
  const place = placeOf({ file, line, module: name.startsWith('[') ? '' : module });
  return escapeTerminal(place === '' ? nameOf({ name, file }) : `${nameOf({ name, file })} (${place})`);
}

function recorderOf({ description }: HeapHistory): string {
  return description === RSS_DESCRIPTION ? 'us' : /^(?:heaptrack|jemalloc)$/.test(description) ? description : 'massif';
}

/** The snapshots that stand out, aligned. */
function headings(history: HeapHistory, row: number): string[] {
  const { snapshots, events } = history;
  const name = (at: number): string => `snapshot ${snapshots.number[at]} of ${snapshots.length}`;
  const event = events.get(row);
  if (event !== undefined) {
    return [
      `${event.type}  ${formatValue(totalAt(snapshots, row), event.unit)}  ${name(row)}, a report of --xtree-memory`,
    ];
  }
  const { maximum, marked } = landmarks(history);
  const last = snapshots.length - 1;
  const most = totalAt(snapshots, maximum);
  const lines: (readonly [string, number, string])[] = [];
  if (marked < 0) lines.push(['Peak', -1, 'massif marked none: nothing was freed at the top']);
  else lines.push(['Peak', marked, `${name(marked)}, marked by ${recorderOf(history)}`]);
  const detail = DETAILS[snapshots.detail[maximum]!] === 'none' ? ', without details' : '';
  const share =
    marked >= 0 && marked !== maximum ? `; the peak is ${formatPercent(totalAt(snapshots, marked), most)} of it` : '';
  lines.push(['Maximum', maximum, `${name(maximum)}${maximum === marked ? ', the peak' : detail + share}`]);
  lines.push(['At the end', last, name(last)]);
  if (row !== marked && row !== maximum && row !== last) lines.push(['Table', row, name(row)]);
  const sizes = lines.map(([, at]) => (at < 0 ? '-' : formatValue(totalAt(snapshots, at), 'bytes')));
  const widest = Math.max(...sizes.map(stringWidth));
  const tableOf = row === marked ? 'the peak' : name(row);
  return [
    ...lines.map(([title, , words], i) => `${title.padEnd(10)}  ${sizes[i]!.padStart(widest)}  ${words}`),
    history.description === RSS_DESCRIPTION
      ? `Resident at ${tableOf}, by what it is:`
      : `Allocated at ${tableOf}, by who asked for it:`,
  ];
}
