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
  const numbers: number[] = [];
  for (const match of values.matchAll(/\S+/g)) {
    numbers.push(plainNumber(match[0].replace(/%$/, '')));
    ends.push(match.index + match[0].length);
  }
  if (numbers.length === 0) return undefined;
  const metrics: PerfMetric[] = [];
  let start = 0;
  for (const [column, limit] of ends.entries()) {
    const last = column === ends.length - 1;
    const end = last ? header.length : wordEnd(header, start, limit);
    const name = header.slice(start, end).trim().replace(/\s+/g, ' ');
    if (name === '') return undefined;
    const value = numbers[column]!;
    // `nan`: nothing was counted in this interval
    if (!Number.isNaN(value)) metrics.push({ value, unit: name });
    start = end;
  }
  return metrics;
}

/** Where the last word ends that begins behind `start` and ends at `limit` or before. */
function wordEnd(header: string, start: number, limit: number): number {
  let end = start;
  for (let at = start + 1; at <= Math.min(limit, header.length); at++) {
    const behindWord = header[at - 1] !== ' ' && (at === header.length || header[at] === ' ');
    if (behindWord) end = at;
  }
  return end;
}
