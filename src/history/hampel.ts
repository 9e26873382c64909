import { median } from '../statistics/quantile.ts';

/** Values of a series without its outliers, and which they are. */
export interface Filtered {
  /** What is left; noise that is unusual for its size is drawn in to what noise may do. */
  readonly values: Float64Array;
  /** Where each of them was. */
  readonly places: Int32Array;
  /** Indexes of those that were left out. */
  readonly outliers: readonly number[];
}

/** Neighbours before a value that say what its level is; fewer than half of them say too little. */
const REACH = 10;
/** Robust standard deviations from the level to which a value is drawn in. */
const LIMIT = 3.5;
/** Robust standard deviations from the level beyond which a value on its own is left out. */
const FAR = 6;
/** Robust standard deviations between two values of one level. */
const ALIKE = 4;
/** So many values one after the other that lie out on the same side are a new level. */
const LEVEL = 3;
/** Robust standard deviations that those lie out at least. */
const COMPANION = 1.5;
/** Estimates the standard deviation of normally distributed values by their median absolute deviation. */
const MAD_TO_DEVIATION = 1.4826;
/** Variance of normally distributed values of which those beyond three deviations were taken away. */
const CUT_VARIANCE = 0.9733;

/**
 * Hampel's filter: what lies far from the median of the values before says nothing of its commit, but of the machine at
 * that moment. Values of which several one after the other lie on the same side, near each other, are a new level and stay.
 * @param values in order; finite
 */
export function withoutOutliers(values: ArrayLike<number>): Filtered {
  const original = Float64Array.from(values);
  const drawn = original.slice();
  const scale = noiseOf(original);
  const isOut = new Uint8Array(original.length);
  const nearest = new Float64Array(REACH + 1);
  for (let i = 0; i < original.length; i++) {
    if (isNearAll(drawn, isOut, i, LIMIT * scale)) continue;
    const level = levelBefore(drawn, isOut, i, nearest);
    const distance = original[i]! - level;
    if (Math.abs(distance) <= LIMIT * scale) continue;
    const isFar = Math.abs(distance) > FAR * scale;
    if (isFar ? isLevel(original, i, level, scale) : hasCompanions(original, i, level, COMPANION * scale)) continue;
    if (isFar) isOut[i] = 1;
    drawn[i] = level + LIMIT * Math.sign(distance) * scale;
  }
  const places = Int32Array.from(original.keys()).filter((i) => isOut[i] === 0);
  return {
    values: Float64Array.from(places, (i) => drawn[i]!),
    places,
    outliers: [...original.keys()].filter((i) => isOut[i] === 1),
  };
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

/**
 * Whether a value that is far from the level before is of another one: others beside it are near it. One is enough where
 * what stands between or beside them is out as well, as when a slow run falls among the first of a new level.
 */
function isLevel(values: Float64Array, at: number, level: number, scale: number): boolean {
  let near = 0;
  for (let i = Math.max(0, at - LEVEL + 1); i < Math.min(values.length, at + LEVEL); i++) {
    if (i !== at && Math.abs(values[i]! - values[at]!) <= ALIKE * scale) near++;
  }
  const needed = hasCompanions(values, at, level, LIMIT * scale) ? 1 : LEVEL - 1;
  return near >= needed && hasCompanions(values, at, level, COMPANION * scale);
}

/** How far values are apart from one to the next: a change of level is one difference among many. */
function noiseOf(values: Float64Array): number {
  const steps = Float64Array.from({ length: Math.max(0, values.length - 1) }, (_, i) =>
    Math.abs(values[i + 1]! - values[i]!),
  );
  let scale = MAD_TO_DEVIATION * median(steps);
  // The median of few differences is a rough measure: two steps towards their deviation without the far ones
  for (let pass = 0; pass < 2 && scale > 0; pass++) {
    const near = steps.filter((step) => step <= 3 * scale);
    scale = Math.sqrt(near.reduce((sum, step) => sum + step * step, 0) / near.length / CUT_VARIANCE);
  }
  return scale / Math.SQRT2;
}

/** Whether a value is within reach of each value before, and so of their median: that is quicker to see. */
function isNearAll(drawn: Float64Array, isOut: Uint8Array, at: number, reach: number): boolean {
  let count = 0;
  for (let i = at - 1; i >= 0 && count < REACH; i--) {
    if (isOut[i] === 1) continue;
    if (Math.abs(drawn[at]! - drawn[i]!) > reach) return false;
    count++;
  }
  return count >= REACH / 2;
}

/** The median of the values before; for the first ones of those behind. */
function levelBefore(drawn: Float64Array, isOut: Uint8Array, at: number, nearest: Float64Array): number {
  let count = 0;
  for (let i = at - 1; i >= 0 && count < REACH; i--) if (isOut[i] === 0) insert(nearest, count++, drawn[i]!);
  if (count < REACH / 2) {
    count = 0;
    for (const value of drawn.subarray(0, REACH + 1)) insert(nearest, count++, value);
  }
  const half = count >> 1;
  return count % 2 === 1 ? nearest[half]! : nearest[half - 1]! + 0.5 * (nearest[half]! - nearest[half - 1]!);
}

/** Into a column whose first values are in order: of a few, that is most of a filter's time. */
function insert(ascending: Float64Array, count: number, value: number): void {
  let to = count;
  for (; to > 0 && ascending[to - 1]! > value; to--) ascending[to] = ascending[to - 1]!;
  ascending[to] = value;
}
