import { normalQuantile } from '../statistics/normal.ts';

/** How values vary round their levels: all levels tell the same noise. */
interface Noise {
  readonly deviation: number;
  readonly freedom: number;
  /** Correlation of neighbours; 0 where they are less alike than values that are on their own. */
  readonly dependence: number;
  /** By how much tails are heavier than normal ones, beyond what chance gives; 0 = they are not. */
  readonly excessKurtosis: number;
}

/** Means and squares of any pieces of a series, in constant time. Ends are behind the last. */
export interface Levels {
  readonly length: number;
  readonly values: Float64Array;
  /** What all values before a place are above the first one, in sum. */
  readonly sums: Float64Array;
  mean(from: number, to: number): number;
  /** Sum of squares round the mean. */
  squaresWithin(from: number, to: number): number;
  /** Square of the difference of both means, in units of the variance of that difference for noise of 1. */
  contrast(from: number, at: number, to: number): number;
  /** What a straight line explains of the squares of a piece: that of {@link contrast} for two levels. */
  trend(from: number, to: number): number;
  /** @param places where levels begin, without the first */
  noise(places: readonly number[]): Noise;
}

/** Standard errors of the kurtosis that chance may give. */
const CHANCE = 1;
/** More than that is a drift and no noise. */
const MOST_DEPENDENCE = 0.9;

export function levelsOf(values: Float64Array): Levels {
  // Sums of values near 0 lose nothing
  const centre = values.length === 0 ? 0 : values[0]!;
  const sums = new Float64Array(values.length + 1);
  const squares = new Float64Array(values.length + 1);
  for (const [i, value] of values.entries()) {
    sums[i + 1] = sums[i]! + (value - centre);
    squares[i + 1] = squares[i]! + (value - centre) ** 2;
  }
  const meanOf = (from: number, to: number): number => (sums[to]! - sums[from]!) / (to - from);
  const squaresWithin = (from: number, to: number): number =>
    Math.max(0, squares[to]! - squares[from]! - (sums[to]! - sums[from]!) ** 2 / (to - from));
  let known: { key: string; noise: Noise } | undefined;
  return {
    length: values.length,
    values,
    sums,
    mean: (from, to) => centre + meanOf(from, to),
    squaresWithin,
    contrast(from, at, to) {
      const difference = meanOf(at, to) - meanOf(from, at);
      return (((at - from) * (to - at)) / (to - from)) * difference * difference;
    },
    trend(from, to) {
      const middle = (from + to - 1) / 2;
      let product = 0;
      for (let i = from; i < to; i++) product += (i - middle) * values[i]!;
      const count = to - from;
      return (12 * product * product) / (count * (count * count - 1));
    },
    noise(places) {
      const key = places.join();
      if (known?.key !== key) known = { key, noise: noiseWithin(values, places) };
      return known.noise;
    },
  };
}

/** Fewer values than these, outliers not counted, are no level. */
export const LEAST_LENGTH = 2;

/**
 * Where between two ends a level most likely begins.
 * @param against what speaks against a place, as a square of the noise
 * @returns undefined where no place says anything
 */
export function likeliestStart(
  levels: Levels,
  from: number,
  to: number,
  against: (at: number) => number = () => 0,
): number | undefined {
  let most = 0;
  let best: number | undefined;
  for (let at = from + LEAST_LENGTH; at <= to - LEAST_LENGTH; at++) {
    const contrast = levels.contrast(from, at, to) - against(at);
    if (contrast > most) {
      most = contrast;
      best = at;
    }
  }
  return best;
}

function noiseWithin(values: Float64Array, places: readonly number[]): Noise {
  const bounds = [0, ...places, values.length];
  let squares = 0;
  let products = 0;
  let fourths = 0;
  for (let piece = 1; piece < bounds.length; piece++) {
    const level = values.subarray(bounds[piece - 1], bounds[piece]);
    const mean = level.reduce((sum, value) => sum + value, 0) / level.length;
    for (let i = 0; i < level.length; i++) {
      const off = level[i]! - mean;
      squares += off * off;
      fourths += off ** 4;
      if (i > 0) products += off * (level[i - 1]! - mean);
    }
  }
  const count = values.length;
  const freedom = Math.max(1, count - places.length - 1);
  const correlation = squares === 0 ? 0 : products / squares;
  // Of each level its own mean was taken, which makes neighbours look less alike (Marriott and Pope, 1954)
  const unbiased = correlation + ((1 + 3 * correlation) * (places.length + 1)) / count;
  const kurtosis = squares === 0 ? 0 : (count * fourths) / (squares * squares) - 3;
  return {
    deviation: Math.sqrt(squares / freedom),
    freedom,
    dependence: Math.min(MOST_DEPENDENCE, Math.max(0, unbiased)),
    excessKurtosis: Math.max(0, kurtosis - CHANCE * Math.sqrt(24 / count)),
  };
}

/**
 * The standard error of the difference of two means, of values of which each depends on the one before: the variance of a mean
 * of n values of an autoregressive process of first order (r: its correlation).
 */
export function errorScale(deviation: number, r: number, before: number, after: number): number {
  const ofMean = (n: number): number => ((1 + r) / (1 - r) - (2 * r * (1 - r ** n)) / (n * (1 - r) ** 2)) / n;
  return deviation * Math.sqrt(ofMean(before) + ofMean(after));
}

/**
 * By how much further out a difference of means lies than of normal values where tails are heavier: Cornish and Fisher's expansion of
 * the quantile.
 * @param count of the values of the smaller mean
 * @param limit the probability that is asked for, on both sides together
 */
export function tailScale(excessKurtosis: number, count: number, limit: number): number {
  return excessKurtosis === 0 ? 1 : 1 + (excessKurtosis / count / 24) * (normalQuantile(1 - limit / 2) ** 2 - 3);
}
