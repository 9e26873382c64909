import { fixedAsC } from '../../profile/c-numbers.ts';
import { DETAILS, type SnapshotTable, totalAt } from '../../profile/heap-history.ts';

export interface GraphSize {
  /** 4 to 1000. Default: 72 */
  readonly columns?: number;
  /** 4 to 1000. Default: 20 */
  readonly rows?: number;
}

/** Marks by rank: where several snapshots share a column the higher one stands. */
const NORMAL = ':';
const DETAILED = '@';
const PEAK = '#';
const RANKS = ` ${NORMAL}${DETAILED}${PEAK}`;

/**
 * The graph of ms_print: a column of marks a snapshot, each mark a full `rows`th part of the largest total. Between
 * snapshots further apart than a column a line goes on at the height of the one before.
 * @param peak index of the snapshot that gets `#`; -1 = none. ms_print compares the peak's *number* with the index.
 */
export function snapshotGraph(snapshots: SnapshotTable, timeUnit: string, peak: number, size: GraphSize = {}): string {
  const { columns = 72, rows = 20 } = size;
  const { length, time, detail } = snapshots;
  const end = time[length - 1]! || 1;
  let most = 0;
  for (let i = 0; i < length; i++) most = Math.max(most, totalAt(snapshots, i));
  most ||= 1;
  const step = most / rows;
  // cells[row][column], both from 0 on
  const cells = Array.from({ length: rows }, () => new Array<string>(columns).fill(' '));
  let lastColumn = -1;
  let lastHeight = 0;
  let lastMark = NORMAL;
  for (let i = 0; i < length; i++) {
    // What ends the graph would stand behind its last column
    const column = time[i] === end ? columns - 1 : Math.trunc((time[i]! / end) * columns);
    const gap = lastHeight > 0 ? Math.min(column, columns) : 0;
    for (let x = lastColumn + 1; x < gap; x++) cells[lastHeight - 1]![x] = lastMark;
    const mark = i === peak ? PEAK : DETAILS[detail[i]!] === 'none' ? NORMAL : DETAILED;
    const total = totalAt(snapshots, i);
    let height = 0;
    while (height < rows && total >= (height + 1) * step) {
      const row = cells[height++]!;
      // Times run backwards where files were put together: what comes after the end is not seen
      if (column >= columns) continue;
      if (RANKS.indexOf(row[column]!) <= RANKS.indexOf(mark)) row[column] = mark;
    }
    lastColumn = column;
    lastHeight = height;
    lastMark = mark;
  }
  return framed(cells, columns, inUnit(most, 'B'), inUnit(end, timeUnit));
}

interface Scaled {
  readonly label: string;
  readonly unit: string;
}

function framed(cells: readonly (readonly string[])[], columns: number, top: Scaled, end: Scaled): string {
  const lines = [`    ${top.unit.padStart(2)}`];
  for (let row = cells.length - 1; row >= 0; row--) {
    const isTop = row === cells.length - 1;
    lines.push((isTop ? `${top.label}^` : '     |') + cells[row]!.join(''));
  }
  lines.push(
    `   0 +${'-'.repeat(columns - 1)}>${end.unit}`,
    `     0${' '.repeat(columns - 5 < 0 ? 0 : columns - 5)}${end.label}`,
    '',
  );
  return lines.join('\n');
}

/** `i` and `B` in steps of 1024 (instructions too), milliseconds in seconds and hours: in 5 characters where that is enough. */
function inUnit(value: number, timeUnit: string): Scaled {
  let scaled = value;
  if (timeUnit === 'ms' || timeUnit === 's') {
    let unit = timeUnit;
    if (unit === 'ms' && scaled >= 1000) {
      unit = 's';
      scaled /= 1000;
    }
    if (unit === 's' && scaled >= 3600) {
      unit = 'h';
      scaled /= 3600;
    }
    return { label: shortNumber(value, scaled), unit };
  }
  const prefixes =
    timeUnit === 'i' ? ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'] : ['', 'K', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
  let power = 0;
  while (scaled >= 1000 && power < prefixes.length - 1) {
    scaled /= 1024;
    power++;
  }
  return { label: shortNumber(value, scaled), unit: `${prefixes[power]}${timeUnit}` };
}

/** Whole numbers below 1000 as they are, others with a point, in 5 characters. */
function shortNumber(value: number, scaled: number): string {
  const text = value < 1000 ? String(Math.trunc(value)) : fixedAsC(scaled, scaled < 10 ? 3 : scaled < 100 ? 2 : 1);
  return text.padStart(5);
}
