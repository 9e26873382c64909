import { nthSmallest } from '../../statistics/select.ts';
import type { Estimate } from '../estimates.ts';
import { standardDeviation } from './point-statistics.ts';

/**
 * An estimate of which the interval and the error come from its bootstrap distribution, as Criterion takes them:
 * percentiles and standard deviation.
 * @param distribution in any order; stays as it is
 */
export function estimateFrom(point: number, distribution: Float64Array, confidenceLevel: number): Estimate {
  const scratch = distribution.slice();
  return {
    point,
    standardError: standardDeviation(distribution),
    lower: percentile(scratch, 50 * (1 - confidenceLevel)),
    upper: percentile(scratch, 50 * (1 + confidenceLevel)),
    confidenceLevel,
  };
}

/** Interpolated like a quantile of the sorted numbers, without sorting them. @param scratch is put in another order */
function percentile(scratch: Float64Array, percent: number): number {
  const rank = (percent / 100) * (scratch.length - 1);
  const whole = Math.floor(rank);
  const below = nthSmallest(scratch, whole);
  if (rank === whole) return below;
  // What stands behind the selected place is no smaller: the next in order is its least
  let above = Number.POSITIVE_INFINITY;
  for (let i = whole + 1; i < scratch.length; i++) if (scratch[i]! < above) above = scratch[i]!;
  return below + (rank - whole) * (above - below);
}

/**
 * How likely a value as extreme as `value` is where the distribution tells how it falls by chance: twice the smaller
 * tail, as a part of all. NaN of an empty distribution.
 */
export function twoTailedP(distribution: Float64Array, value: number): number {
  let smaller = 0;
  for (let i = 0; i < distribution.length; i++) if (distribution[i]! < value) smaller++;
  return (2 * Math.min(smaller, distribution.length - smaller)) / distribution.length;
}
