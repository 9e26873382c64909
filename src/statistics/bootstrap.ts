import { quantile } from './quantile.ts';
import type { SeededRandom } from './random.ts';

export interface BootstrapOptions {
  /** Probability that the interval misses the true value. Default 0.05. */
  readonly alpha?: number;
  /** Default 2000. */
  readonly resamples?: number;
  readonly random: SeededRandom;
}

/**
 * The interval of mean(after) - mean(before) by the percentile bootstrap: both samples are drawn anew with replacement
 * (Efron and Tibshirani, "An Introduction to the Bootstrap", ch. 13). Resampling n of n makes variances too small by
 * (n - 1) / n, which for the handful of runs that people have matters: deviations are stretched by the root of it
 * (Hesterberg, "What Teachers Should Know about the Bootstrap", 2015, section 3.2).
 * @param before at least two numbers
 * @param after at least two numbers
 */
export function bootstrapMeanDifference(
  before: ArrayLike<number>,
  after: ArrayLike<number>,
  options: BootstrapOptions,
): { low: number; high: number } {
  const { alpha = 0.05, resamples = 2000, random } = options;
  const differences = new Float64Array(resamples);
  const oldMean = resampledMean(before);
  const newMean = resampledMean(after);
  for (let i = 0; i < resamples; i++) differences[i] = newMean(random) - oldMean(random);
  differences.sort();
  return { low: quantile(differences, alpha / 2), high: quantile(differences, 1 - alpha / 2) };
}

function resampledMean(values: ArrayLike<number>): (random: SeededRandom) => number {
  const n = values.length;
  let centre = 0;
  for (let i = 0; i < n; i++) centre += values[i]! / n;
  const stretch = Math.sqrt(n / (n - 1));
  return (random) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[random.below(n)]!;
    return centre + (sum / n - centre) * stretch;
  };
}
