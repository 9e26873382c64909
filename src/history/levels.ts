/** How values vary round their levels: all levels tell the same noise. */
interface Noise {
  readonly deviation: number;
  readonly freedom: number;
  /** Correlation of neighbours beyond what chance gives: 0 where each value is on its own. */
  readonly dependence: number;
}

/** Means and squares of any pieces of a series, in constant time. Ends are behind the last. */
export interface Levels {
  readonly length: number;
  /** What all values before a place are above the first one, in sum. */
  readonly sums: Float64Array;
  mean(from: number, to: number): number;
  /** Sum of squares round the mean. */
  squaresWithin(from: number, to: number): number;
  /** Square of the difference of both means, in units of the variance of that difference for noise of 1. */
  contrast(from: number, at: number, to: number): number;
  /** @param places where levels begin, without the first */
  noise(places: readonly number[]): Noise;
}

/** Standard errors of the correlation that chance may give. */
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
    sums,
    mean: (from, to) => centre + meanOf(from, to),
    squaresWithin,
    contrast(from, at, to) {
      const difference = meanOf(at, to) - meanOf(from, at);
      return (((at - from) * (to - at)) / (to - from)) * difference * difference;
    },
    noise(places) {
      const key = places.join();
      if (known?.key !== key) known = { key, noise: noiseWithin(values, places) };
      return known.noise;
    },
  };
}

function noiseWithin(values: Float64Array, places: readonly number[]): Noise {
  const bounds = [0, ...places, values.length];
  let squares = 0;
  let products = 0;
  for (let piece = 1; piece < bounds.length; piece++) {
    const level = values.subarray(bounds[piece - 1], bounds[piece]);
    const mean = level.reduce((sum, value) => sum + value, 0) / level.length;
    for (let i = 0; i < level.length; i++) {
      squares += (level[i]! - mean) ** 2;
      if (i > 0) products += (level[i]! - mean) * (level[i - 1]! - mean);
    }
  }
  const freedom = Math.max(1, values.length - places.length - 1);
  const correlation = squares === 0 ? 0 : products / squares;
  const beyondChance = correlation - CHANCE / Math.sqrt(values.length);
  const dependence = Math.min(MOST_DEPENDENCE, beyondChance > 0 ? correlation : 0);
  return { deviation: Math.sqrt(squares / freedom), freedom, dependence };
}

/**
 * The standard error of the difference of two means, of values of which each depends on the one before: the variance of a mean
 * of n values of an autoregressive process of first order (r: its correlation).
 */
export function errorScale(deviation: number, r: number, before: number, after: number): number {
  const ofMean = (n: number): number => ((1 + r) / (1 - r) - (2 * r * (1 - r ** n)) / (n * (1 - r) ** 2)) / n;
  return deviation * Math.sqrt(ofMean(before) + ofMean(after));
}
