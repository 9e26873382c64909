import { median } from '../statistics/quantile.ts';

/** Values of a series without its outliers, and which they are. */
export interface Filtered {
  /** Outliers are drawn in to what noise may do. */
  readonly values: Float64Array;
  readonly outliers: readonly number[];
}

/** Neighbours on either side. */
const REACH = 5;
/** Robust standard deviations from the median of the neighbours. */
const LIMIT = 3.5;
/** Estimates the standard deviation of normally distributed values by their median absolute deviation. */
const MAD_TO_DEVIATION = 1.4826;
/** So many values one after the other that lie out on the same side are a new level. */
const LEVEL = 3;
/** Robust standard deviations that those lie out at least. */
const COMPANION = 2;
/** Where outliers are put: near enough to be noise, on the side where they were. */
const CLIPPED = 2;

/**
 * Hampel's filter: what lies far from the median of its neighbours says nothing of its commit, but of the machine at that
 * moment. Values of which several one after the other lie on the same side are a new level and stay: at the series' end,
 * where there are no neighbours behind them yet, a change looks like that.
 * @param values in order; finite
 */
export function withoutOutliers(values: ArrayLike<number>): Filtered {
  const original = Float64Array.from(values);
  const filtered = original.slice();
  const scale = noiseOf(original);
  const outliers: number[] = [];
  for (let i = 0; i < original.length; i++) {
    const level = levelBefore(filtered, i);
    const distance = original[i]! - level;
    if (Math.abs(distance) <= LIMIT * scale || hasCompanions(original, i, level, COMPANION * scale)) continue;
    filtered[i] = level + CLIPPED * Math.sign(distance) * scale;
    outliers.push(i);
  }
  return { values: filtered, outliers };
}

/** Whether a value is one of a row of {@link LEVEL} that all lie on the same side. */
function hasCompanions(values: Float64Array, at: number, level: number, least: number): boolean {
  const side = Math.sign(values[at]! - level);
  const isOnSide = (i: number): boolean => (values[i]! - level) * side > least;
  let row = 1;
  for (let i = at - 1; i >= 0 && row < LEVEL && isOnSide(i); i--) row++;
  for (let i = at + 1; i < values.length && row < LEVEL && isOnSide(i); i++) row++;
  return row >= LEVEL;
}

/** How far values are apart from one to the next: a change of level is one difference among many. */
function noiseOf(values: Float64Array): number {
  const steps = Float64Array.from({ length: Math.max(0, values.length - 1) }, (_, i) =>
    Math.abs(values[i + 1]! - values[i]!),
  );
  return (MAD_TO_DEVIATION * median(steps)) / Math.SQRT2;
}

/** The median of the values before; for the first ones of those behind. */
function levelBefore(filtered: Float64Array, at: number): number {
  const from = Math.max(0, at - 2 * REACH);
  return at - from >= REACH ? median(filtered.subarray(from, at)) : median(filtered.subarray(0, 2 * REACH + 1));
}
