import { studentTwoSided } from '../statistics/student.ts';
import { errorScale, LEAST_LENGTH, type Levels, likeliestStart, tailScale } from './levels.ts';
import { stepEvidence } from './step-evidence.ts';

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
const NEWEST_P: readonly number[] = [0, 0, 2e-5, 6e-5, 1.6e-4, 1.6e-3];
/**
 * A longer history knows its noise better and finds the same step with less, and a shorter one cannot tell a step from values that
 * hang together: of both, more is asked.
 */
const USUAL_LENGTH = 45;
const LENGTH_POWER = 1.5;
/** Logarithm of how much likelier a step has to be than none among values that hang together, after five commits. */
const STEP_EVIDENCE = 3.6;
/** Below so many values, the less of them there are, the more. */
const FEW = 40;
/** A level of so many commits is known well enough for news to be held against it. */
const KNOWN_LEVEL = 12;
/** News is held against so many values before at most: a level that drifts was another one long ago. */
const REACH = 25;
/** Commits by which a place is moved without better evidence. */
const NEAR = 2;
/** Logarithm of how much likelier a place further away has to be: an older level would have been told before. */
const FAR_EVIDENCE = 4;

/**
 * A level that began within the last commits, too new to be told by what any change has to show. It is judged by Student's t
 * test against the level before, with the noise of all levels, and tails heavier than normal; and a step has to be likelier
 * than that values which hang together left their level by themselves.
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
    const length = levels.length / USUAL_LENGTH;
    const allowed = limit * Math.min(length, 1 / length) ** LENGTH_POWER;
    const excess = chance(series, start, at, allowed) / allowed;
    if (excess < least && isStep(series, at, limit)) {
      least = excess;
      best = at;
    }
  }
  return best === undefined
    ? undefined
    : { at: best, begins: beginning(levels, sure, Math.max(start, best - REACH), best) };
}

/** How often chance alone would part the newest values so far from those before, were each of them on its own. */
function chance({ levels, sure }: KnownSeries, start: number, at: number, limit: number): number {
  const from = Math.max(start, at - REACH);
  const count = levels.length - at;
  const { deviation, freedom, excessKurtosis } = levels.noise([...sure, at]);
  const difference = Math.abs(levels.mean(at, levels.length) - levels.mean(from, at));
  if (deviation === 0) return difference === 0 ? 1 : 0;
  const t = difference / errorScale(deviation, 0, at - from, count);
  return studentTwoSided(t / tailScale(excessKurtosis, count, limit), freedom);
}

/** Whether values that hang together would hardly have done the same without a step. */
function isStep({ levels, sure }: KnownSeries, at: number, limit: number): boolean {
  const length = Math.max(Math.sqrt(levels.length / USUAL_LENGTH), (FEW / levels.length) ** 3);
  const least = (STEP_EVIDENCE + Math.log(NEWEST_P.at(-1)! / limit)) * length;
  return stepEvidence(levels.values, [0, ...sure], at) >= least;
}

function beginning(levels: Levels, sure: readonly number[], from: number, proved: number): number {
  const far = 2 * FAR_EVIDENCE * levels.noise([...sure, proved]).deviation ** 2;
  const against = (at: number): number => (Math.abs(at - proved) > NEAR ? far : 0);
  return likeliestStart(levels, from, levels.length, against) ?? proved;
}
