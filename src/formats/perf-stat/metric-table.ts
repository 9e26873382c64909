import type { PerfMetric } from '../../profile/counters/counter-row.ts';
import { plainNumber } from './text-numbers.ts';

/**
 * The table that `perf stat --metric-only` prints: names in a line of their own, numbers below, each column as wide as
 * its name or twenty characters, aligned on the right. Names hold blanks (`insn per cycle`), so numbers tell where the
 * columns end.
 * @param header without `#           time` and without names of parts
 * @param values as long as the header is, or a little longer: some versions of perf give numbers a character more
 * @returns undefined where the two do not fit each other
 */
export function tableMetrics(header: string, values: string): PerfMetric[] | undefined {
  const ends: number[] = [];
  const cells: string[] = [];
  for (const match of values.matchAll(/\S+/g)) {
    cells.push(match[0]);
    ends.push(match.index + match[0].length);
  }
  if (cells.length === 0) return undefined;
  const metrics: PerfMetric[] = [];
  let start = 0;
  for (const [column, limit] of ends.entries()) {
    const last = column === ends.length - 1;
    const end = last ? header.length : wordEnd(header, start, limit);
    const name = header.slice(start, end).trim().replace(/\s+/g, ' ');
    if (name === '') return undefined;
    const cell = cells[column]!;
    const share = cell.endsWith('%');
    const value = plainNumber(share ? cell.slice(0, -1) : cell);
    // `nan`: nothing was counted in this interval
    if (!Number.isNaN(value)) metrics.push({ value, unit: share ? `% ${name}` : name });
    start = end;
  }
  return metrics;
}

/** Where the word ends, behind `start`, whose end is nearest to `limit`. */
function wordEnd(header: string, start: number, limit: number): number {
  let nearest = start;
  for (let at = start + 1; at <= header.length; at++) {
    const behindWord = header[at - 1] !== ' ' && (at === header.length || header[at] === ' ');
    if (!behindWord || Math.abs(at - limit) >= Math.abs(nearest - limit)) continue;
    nearest = at;
  }
  return nearest;
}
