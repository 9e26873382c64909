import type { DurationHistogram } from '../../console/snapshot.ts';
import { padColumns } from '../../terminal/string-width.ts';
import { COUNT_WIDTH, count, DURATION_WIDTH, duration } from './quantities.ts';
import { type Line, labelled, span } from './spans.ts';
import { bar } from './sparkline.ts';

/**
 * The value that so many percent of the durations do not exceed: the upper bound of their bin, never more than the
 * longest; 0 where there are none.
 */
export function percentileOf({ bounds, counts, max }: DurationHistogram, percent: number): number {
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
    span(
      `${ascii ? '<=' : ' ≤'}${padColumns(duration(Math.min(bound, histogram.max)), DURATION_WIDTH + 1, 'left')}`,
      'dim',
    ),
    span(`${padColumns(count(inBin), COUNT_WIDTH, 'left')} `),
    span(bar(most === 0 ? 0 : inBin / most, room, ascii), 'accent'),
  ]);
}

/** Neighbours are put together until there are few enough. */
function binsOf({ bounds, counts }: DurationHistogram, height: number): { bound: number; count: number }[] {
  const first = counts.findIndex((one) => one > 0);
  if (first < 0) return [];
  const last = counts.findLastIndex((one) => one > 0);
  const together = Math.ceil((last - first + 1) / Math.max(1, height));
  const bins: { bound: number; count: number }[] = [];
  for (let i = first; i <= last; i += together) {
    const end = Math.min(last, i + together - 1);
    let sum = 0;
    for (let k = i; k <= end; k++) sum += counts[k]!;
    bins.push({ bound: bounds[end] ?? Number.POSITIVE_INFINITY, count: sum });
  }
  return bins;
}
