/** What several values say together. NaN among them is left out. */
export interface Spread {
  readonly count: number;
  /** NaN where there is no value. */
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** Standard deviation of the sample; 0 for a single value. */
  readonly deviation: number;
  /** Standard error of the mean, in percent of it: what perf stat -r prints behind `+-`. 0 for a single value. */
  readonly errorPercent: number;
}

/** Mean and spread by Welford's method, which keeps small differences of large numbers. */
export function spreadOf(values: Float64Array): Spread {
  let count = 0;
  let mean = 0;
  let squares = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    count++;
    const delta = value - mean;
    mean += delta / count;
    squares += delta * (value - mean);
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  if (count === 0) return { count, mean: Number.NaN, min: Number.NaN, max: Number.NaN, deviation: 0, errorPercent: 0 };
  const deviation = count > 1 ? Math.sqrt(Math.max(0, squares) / (count - 1)) : 0;
  const errorPercent = mean === 0 ? 0 : (deviation / Math.sqrt(count) / Math.abs(mean)) * 100;
  return { count, mean, min, max, deviation, errorPercent };
}
