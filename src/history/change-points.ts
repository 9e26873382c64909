import { mean, variance } from '../statistics/moments.ts';
import { studentTwoSided } from '../statistics/student.ts';
import { bestSplit, distanceSums } from './e-divisive.ts';
import { withoutOutliers } from './hampel.ts';

/** A place of a series from which on it is another. */
export interface ChangePoint {
  /** The first value of the new level. */
  readonly at: number;
  /** What is typical before and after, in the series' unit. */
  readonly before: number;
  readonly after: number;
  /** Relative: 0.05 = 5 % more. */
  readonly change: number;
  /** Probability of such a difference by chance, not corrected for the search. */
  readonly p: number;
}

export interface ChangePoints {
  readonly points: readonly ChangePoint[];
  /** Values that say more of the machine than of the commit. */
  readonly outliers: readonly number[];
}

export interface ChangePointOptions {
  /** Below it a difference is a change. The search tries many places, so that it must be far below what one test takes. */
  readonly p?: number;
  /** Smaller relative changes are not told. */
  readonly least?: number;
}

/** How much weaker evidence is enough to be looked at again. */
const WEAK = 30;
/** Changes of less than so many standard deviations of the noise need far better evidence: they can wait for it. */
const LARGE = 2;
const SMALL_P = 0.01;
/** Of this many commits at least a level is made. */
const LEAST_LENGTH = 3;
/** Older values say nothing of today. */
const WINDOW = 200;
const DEFAULT_P = 5e-5;

/**
 * The places where a series changed, in order: the E-divisive search for the best split, after Hampel's filter, whose
 * finds are judged by Student's t test of both levels, as MongoDB and Apache Otava do. Deterministic.
 * @param series measurements in order of commits, all above 0; compared by their ratios
 */
export function changePoints(series: ArrayLike<number>, options: ChangePointOptions = {}): ChangePoints {
  const { p = DEFAULT_P, least = 0 } = options;
  const start = Math.max(0, series.length - WINDOW);
  const recent = Array.from(series).slice(start);
  const { values, outliers } = withoutOutliers(recent.map(Math.log));
  const sums = distanceSums(values);
  const found = new Set<number>();
  const todo: [number, number][] = [[0, values.length]];
  for (let piece = todo.pop(); piece !== undefined; piece = todo.pop()) {
    const [from, to] = piece;
    const split = bestSplit(sums, from, to, LEAST_LENGTH);
    if (split === undefined) continue;
    const noise = noiseWithin(values.subarray(from, split.end), [split.at - from]);
    // What this lets pass is looked at once more, with the noise of the whole series
    if (pointAt(values, from, split.at, split.end, noise).p > WEAK * p) continue;
    found.add(split.at);
    todo.push([from, split.at], [split.at, to]);
  }
  const points = merged(
    values,
    [...found].sort((a, b) => a - b),
    p,
    least,
  );
  return {
    points: points.map((point) => ({ ...point, at: point.at + start })),
    outliers: outliers.map((at) => at + start),
  };
}

/**
 * Takes away points, the least certain first, until each divides the levels beside it.
 * @param candidates ascending
 */
function merged(values: Float64Array, candidates: readonly number[], p: number, least: number): ChangePoint[] {
  const places = [...candidates];
  for (;;) {
    const noise = noiseWithin(values, places);
    const points = places.map((at, i) =>
      pointAt(values, places[i - 1] ?? 0, at, places[i + 1] ?? values.length, noise),
    );
    let worst = -1;
    for (const [i, point] of points.entries()) {
      const isLarge = Math.abs(Math.log(point.after / point.before)) >= LARGE * Math.sqrt(noise.variance);
      const stands = point.p < (isLarge ? p : p * SMALL_P) && Math.abs(point.change) >= least;
      if (!stands && (worst < 0 || point.p > points[worst]!.p)) worst = i;
    }
    if (worst < 0) return points;
    places.splice(worst, 1);
  }
}

interface Noise {
  readonly variance: number;
  readonly freedom: number;
}

/** How values vary round the means of their levels: all levels tell the same noise. */
function noiseWithin(values: Float64Array, places: readonly number[]): Noise {
  let squares = 0;
  const bounds = [0, ...places, values.length];
  for (let i = 1; i < bounds.length; i++) {
    const level = values.subarray(bounds[i - 1], bounds[i]);
    squares += level.length < 2 ? 0 : variance(level) * (level.length - 1);
  }
  const freedom = values.length - places.length - 1;
  return { variance: squares / freedom, freedom };
}

function pointAt(values: Float64Array, from: number, at: number, to: number, noise: Noise): ChangePoint {
  const before = mean(values.subarray(from, at));
  const after = mean(values.subarray(at, to));
  const error = Math.sqrt(noise.variance * (1 / (at - from) + 1 / (to - at)));
  const difference = after - before;
  return {
    at,
    before: Math.exp(before),
    after: Math.exp(after),
    change: Math.exp(difference) - 1,
    p: error === 0 ? (difference === 0 ? 1 : 0) : studentTwoSided(difference / error, noise.freedom),
  };
}
