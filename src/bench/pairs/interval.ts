import { studentQuantileTwoSided, studentTwoSided } from '../../statistics/student.ts';
import type { Estimate } from '../../statistics/welch.ts';
import type { Verdict } from './verdict.ts';

/** Half the width of the interval that misses the true value with the probability `alpha`. */
export function reachOf({ variance, freedom }: Estimate, alpha: number): number {
  return variance === 0 ? 0 : Math.sqrt(variance) * studentQuantileTwoSided(alpha, freedom);
}

/** The smallest `alpha` whose interval lies beyond the band; 1 where the estimate itself does not. */
export function beyond({ mean, variance, freedom }: Estimate, band: number): number {
  const distance = Math.abs(mean) - band;
  if (distance <= 0) return 1;
  return variance === 0 ? 0 : studentTwoSided(distance / Math.sqrt(variance), freedom);
}

/** @param mean of log ratios; @param reach half the width of its interval; @param band ln(1 + noise) */
export function verdictOf(mean: number, reach: number, band: number): Verdict {
  if (mean - reach > band) return 'regressed';
  if (mean + reach < -band) return 'improved';
  return Math.abs(mean) + reach < band ? 'equivalent' : 'inconclusive';
}
