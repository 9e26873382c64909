import { normalQuantile } from '../statistics/normal.ts';
import { studentTwoSided } from '../statistics/student.ts';
import { errorScale, LEAST_LENGTH, type Levels, likeliestStart } from './levels.ts';

/** What was told of a series besides its newest values. */
export interface KnownSeries {
  readonly levels: Levels;
  /** Where levels begin by themselves, without the first. */
  readonly sure: readonly number[];
  /** Commits since the last one of the old level, were the new one to begin at a place; and since that place. */
  commitsSince(at: number): readonly [sinceOld: number, sinceNew: number];
  /** How much better evidence is asked for, as a factor of the probabilities: 1 = as usual. */
  readonly caution: number;
}

/**
 * The evidence that a new level needs, by its commits: how often chance alone may give that much, in one test, in a history of
 * {@link USUAL_LENGTH}. Nearly all is spent where steps of two to three deviations show, after five commits; larger ones
 * are sure after three anyway (scripts/change-truth.mjs).
 */
const NEWEST_P: readonly number[] = [0, 0, 5e-6, 1e-5, 1e-4, 8e-4];
/** A longer history knows its level better, finds the same step with less, and has more commits to be wrong about. */
const USUAL_LENGTH = 60;
/** A level of so many commits is known well enough for news to be held against it. */
const KNOWN_LEVEL = 12;
/** News is held against so many values before at most: a level that drifts was another one long ago. */
const REACH = 40;
/** Standard errors by which windows of independent values part from those before at times. */
const USUAL_EXCURSION = 2.5;
/** Commits by which a place is moved without better evidence. */
const NEAR = 2;
/** Logarithm of how much likelier a place further away has to be: an older level would have been told before. */
const FAR_EVIDENCE = 4;

/**
 * A level that began within the last commits, too new to be told by what any change has to show. It is judged by Student's t
 * test against the level before, with the noise of all levels, held back by what this very series did before: windows as
 * long that parted from theirs and came back, values that hang together, and tails heavier than normal.
 * @returns where it was proved, and where it most likely begins; undefined where there is none
 */
export function newestLevel(series: KnownSeries): { at: number; begins: number } | undefined {
  const { levels, sure } = series;
  const start = sure.at(-1) ?? 0;
  let best: number | undefined;
  let least = 1;
  for (let at = levels.length - LEAST_LENGTH; at - start >= KNOWN_LEVEL; at--) {
    const [sinceOld, sinceNew] = series.commitsSince(at);
    if (sinceNew >= NEWEST_P.length) break;
    const limit = Math.max(NEWEST_P[sinceOld] ?? 0, NEWEST_P[sinceNew]!) * series.caution;
    if (limit === 0) continue;
    const excess = evidence(series, start, at, limit) / (limit * Math.sqrt(USUAL_LENGTH / levels.length));
    if (excess < least) {
      least = excess;
      best = at;
    }
  }
  return best === undefined
    ? undefined
    : { at: best, begins: beginning(levels, sure, Math.max(start, best - REACH), best) };
}

/** How often chance alone would part the newest values so far from those before. */
function evidence({ levels, sure }: KnownSeries, start: number, at: number, limit: number): number {
  const from = Math.max(start, at - REACH);
  const count = levels.length - at;
  const { deviation, freedom, likelyDependence, excessKurtosis } = levels.noise([...sure, at]);
  const difference = Math.abs(levels.mean(at, levels.length) - levels.mean(from, at));
  if (deviation === 0) return difference === 0 ? 1 : 0;
  const excursion = widestBefore(levels, start, at, count) / deviation;
  // Cornish and Fisher's expansion of a quantile, for the mean of so many values
  const tails = 1 + (excessKurtosis / count / 24) * (normalQuantile(1 - limit / 2) ** 2 - 3);
  const t = difference / errorScale(deviation, likelyDependence, at - from, count);
  return studentTwoSided(t / Math.max(1, excursion / USUAL_EXCURSION) / tails, freedom);
}

/** How far windows of a level parted from what stood before them at most, in errors of independent values of noise 1. */
function widestBefore(levels: Levels, start: number, to: number, count: number): number {
  let most = 0;
  for (let end = start + KNOWN_LEVEL + count; end <= to; end++) {
    most = Math.max(most, levels.contrast(Math.max(start, end - count - REACH), end - count, end));
  }
  return Math.sqrt(most);
}

function beginning(levels: Levels, sure: readonly number[], from: number, proved: number): number {
  const far = 2 * FAR_EVIDENCE * levels.noise([...sure, proved]).deviation ** 2;
  const against = (at: number): number => (Math.abs(at - proved) > NEAR ? far : 0);
  return likeliestStart(levels, from, levels.length, against) ?? proved;
}
