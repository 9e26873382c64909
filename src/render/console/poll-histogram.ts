import type { DurationHistogram } from '../../console/snapshot.ts';
import { padColumns } from '../../terminal/string-width.ts';
import { COUNT_WIDTH, count, DURATION_WIDTH, duration } from './quantities.ts';
import { type Line, labelled, span } from './spans.ts';
import { bar } from './sparkline.ts';

/**
 * The value that so many percent of the durations do not exceed: the upper bound of their bin, never more than the
 * longest; 0 where there are none.
 */
function percentileOf({ bounds, counts, max }: DurationHistogram, percent: number): number {
  const total = counts.reduce((sum, one) => sum + one, 0);
  if (total === 0) return 0;
  const rank = Math.max(1, Math.ceil((percent / 100) * total));
  let seen = 0;
  for (const [i, one] of counts.entries()) {
    seen += one;
    if (seen >= rank) return Math.min(bounds[i] ?? max, max);
  }
  return max;
}

/** Percentiles in a row. */
export function percentileLine(histogram: DurationHistogram): Line[] {
  const parts = [50, 90, 99].map((percent) => labelled(`p${percent}`, duration(percentileOf(histogram, percent))));
  return [...parts, labelled('max', duration(histogram.max))];
}

/**
 * A row for each bin from the first to the last that holds something, in at most `height` rows.
 * @returns no lines where nothing was counted
 */
export function histogramLines(
  histogram: DurationHistogram,
  { width, height, ascii }: { readonly width: number; readonly height: number; readonly ascii: boolean },
): Line[] {
  const bins = binsOf(histogram, height);
  const most = Math.max(...bins.map((bin) => bin.count));
  const room = Math.max(1, width - DURATION_WIDTH - COUNT_WIDTH - 5);
  return bins.map(({ bound, count: inBin }) => [
    span(`${ascii ? '<=' : ' ≤'}${padColumns(duration(bound), DURATION_WIDTH + 1, 'left')}`, 'dim'),
    span(`${padColumns(count(inBin), COUNT_WIDTH, 'left')} `),
    span(bar(most === 0 ? 0 : inBin / most, room, ascii), 'accent'),
  ]);
}

/** Steps of a decade, finer ones first. */
const STEPS = [[1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8], [1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1]] as const;

/**
 * Bins of round numbers, whatever bins the source has (HdrHistogram: thousands), from the first to the last that holds
 * something: as fine as fits into `height` of them, and as the source's own bins fill at least half of.
 */
function binsOf(histogram: DurationHistogram, height: number): { bound: number; count: number }[] {
  let bins: { bound: number; count: number }[] = [];
  for (const steps of STEPS) {
    bins = roundBins(histogram, steps);
    if (bins.length <= height && bins.filter((bin) => bin.count > 0).length * 2 > bins.length) break;
  }
  return bins;
}

function roundBins(
  { bounds, counts, max }: DurationHistogram,
  steps: readonly number[],
): { bound: number; count: number }[] {
  const sums = new Map<number, number>();
  for (const [i, inBin] of counts.entries()) {
    if (inBin === 0) continue;
    const step = stepOf(Math.min(bounds[i] ?? max, max), steps);
    sums.set(step, (sums.get(step) ?? 0) + inBin);
  }
  if (sums.size === 0) return [];
  const first = Math.min(...sums.keys());
  const last = Math.max(...sums.keys());
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const step = first + i;
    return { bound: boundOf(step, steps), count: sums.get(step) ?? 0 };
  });
}

/** Number of the first round number that is not below a value. */
function stepOf(value: number, steps: readonly number[]): number {
  const size = Math.max(1, value);
  let step = Math.floor(Math.log10(size)) * steps.length;
  // Sums of floating point numbers: what is shown as 10.0 ms is no more than 10 ms
  while (boundOf(step, steps) * (1 + 1e-3) < size) step++;
  return step;
}

function boundOf(step: number, steps: readonly number[]): number {
  const decade = Math.floor(step / steps.length);
  return steps[step - decade * steps.length]! * 10 ** decade;
}
