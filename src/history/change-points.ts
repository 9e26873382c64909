import { studentTwoSided } from '../statistics/student.ts';
import { withoutOutliers } from './hampel.ts';
import { errorScale, LEAST_LENGTH, type Levels, levelsOf, likeliestStart, tailScale } from './levels.ts';
import { newestLevel } from './newest-level.ts';

/** A place of a series from which on it is another. */
export interface ChangePoint {
  /** The first value of the new level. */
  readonly at: number;
  /** What is typical before and after, in the series' unit. */
  readonly before: number;
  readonly after: number;
  /** Relative to what was before: 0.05 = 5 % more. Infinite where that was 0. */
  readonly change: number;
  /** Probability of such a difference by chance, not corrected for the search. */
  readonly p: number;
  /** A straight line says it about as well as a step: the series drifts, and this is where its halves part. */
  readonly isDrift: boolean;
}

export interface ChangePoints {
  readonly points: readonly ChangePoint[];
  /** Values that say more of the machine than of the commit. */
  readonly outliers: readonly number[];
}

export interface ChangePointOptions {
  /** Smaller relative changes are not told. */
  readonly least?: number;
}

/** What older values than these say is not about the noise of today: a long series is judged piece by piece. */
const WINDOW = 200;
/** The evidence that a change needs: how often chance alone may give that much, in one test. */
const ANY_P = 5e-6;
/** Changes of less than so many standard deviations of the noise need better evidence. */
const LARGE = 1;
const SMALL_P = 0.1;
/**
 * Where values differ by more than this from commit to commit, slow runs are no longer told from noise, and steps that people care
 * for are not found within a few commits anyway: better evidence is waited for.
 */
const NOISY = 0.07;
const NOISY_P = 0.15;
/** By how many squares of the noise a step must say more than a straight line. */
const STEP_EVIDENCE = 14;
/** How much weaker evidence is enough to be looked at again, with the noise of all levels. */
const WEAK = 30;

/**
 * The places where a series changed, in order. After Hampel's filter it is split in two where the means differ most for
 * their standard error, then each part again (binary segmentation); what was found is judged by Student's t test with the noise
 * of all levels together, wider where values hang together. Deterministic.
 * @param series measurements in order of commits; compared by their ratios where all are above 0, else by their differences
 */
export function changePoints(series: ArrayLike<number>, options: ChangePointOptions = {}): ChangePoints {
  const points: ChangePoint[] = [];
  const outliers = new Set<number>();
  const last = Math.max(0, series.length - WINDOW);
  const isRatio = Array.from(series).every((value) => value > 0);
  for (let start = last % (WINDOW / 2); ; start += WINDOW / 2) {
    // Windows overlap by half, so that each place has neighbours on both sides in one of them
    const from = start === last % (WINDOW / 2) ? 0 : start;
    const found = inWindow(Array.from(series).slice(from, start + WINDOW), isRatio, options.least ?? 0);
    const known = points.length === 0 ? -1 : points.at(-1)!.at;
    for (const point of found.points) {
      const at = point.at + from;
      const isInside = (from === 0 || point.at >= WINDOW / 4) && (start >= last || at < start + (3 * WINDOW) / 4);
      if (isInside && at > known + LEAST_LENGTH) points.push({ ...point, at });
    }
    for (const at of found.outliers) outliers.add(at + from);
    if (start >= last) break;
  }
  return { points, outliers: [...outliers].sort((a, b) => a - b) };
}

function inWindow(window: readonly number[], isRatio: boolean, least: number): ChangePoints {
  const { values, places, outliers } = withoutOutliers(isRatio ? window.map(Math.log) : window);
  const levels = levelsOf(values);
  const sure = merged(levels, candidates(levels), isRatio);
  const caution = isRatio && levels.noise(sure).deviation > NOISY ? NOISY_P : 1;
  const news = newestLevel({
    levels,
    sure,
    caution,
    commitsSince: (at) => [window.length - 1 - places[at - 1]!, window.length - places[at]!],
  });
  const pointsOf = (all: readonly number[]): ChangePoint[] =>
    all.map((at, i) => {
      const [from, to] = [all[i - 1] ?? 0, all[i + 1] ?? values.length];
      const moved = at === news?.at ? news.begins : (likeliestStart(levels, from, to) ?? at);
      return {
        ...told(levels, from, moved, to, isRatio, all),
        at: places[moved]!,
        // What a few commits did is no drift
        isDrift: at !== news?.at && isDrift(levels, from, moved, to, all),
      };
    });
  return { points: ofSize(least, news === undefined ? sure : [...sure, news.at], pointsOf), outliers };
}

/** Takes away places, the smallest change first, until each change is of such a size as it would be told. */
function ofSize(
  least: number,
  places: readonly number[],
  pointsOf: (places: readonly number[]) => ChangePoint[],
): ChangePoint[] {
  let kept = places;
  for (;;) {
    const points = pointsOf(kept);
    const sizes = points.map(({ change }) => Math.abs(change));
    const smallest = sizes.indexOf(Math.min(...sizes));
    if (smallest < 0 || sizes[smallest]! >= least) return points;
    kept = kept.toSpliced(smallest, 1);
  }
}

/** Whether a straight line says what happened about as well as a step does. */
function isDrift(levels: Levels, from: number, at: number, to: number, places: readonly number[]): boolean {
  const variance = levels.noise(places).deviation ** 2;
  return levels.contrast(from, at, to) - levels.trend(from, to) < STEP_EVIDENCE * variance;
}

function candidates(levels: Levels): number[] {
  const found = new Set<number>();
  const todo: [number, number][] = [[0, levels.length]];
  for (let piece = todo.pop(); piece !== undefined; piece = todo.pop()) {
    const [from, to] = piece;
    const split = bestSplit(levels, from, to);
    if (split === undefined) continue;
    const { at, end } = split;
    const error = Math.sqrt(levels.squaresWithin(from, at) + levels.squaresWithin(at, end)) / Math.sqrt(end - from - 2);
    const t = Math.sqrt(levels.contrast(from, at, end)) / error;
    const p = error === 0 ? 0 : studentTwoSided(t, end - from - 2);
    if (p > WEAK * ANY_P) continue;
    found.add(at);
    todo.push([from, at], [at, to]);
  }
  return [...found].sort((a, b) => a - b);
}

/** The split of a piece, which may end before the piece does, whose means differ most for their errors. */
function bestSplit({ sums }: Levels, from: number, to: number): { at: number; end: number } | undefined {
  let most = 0;
  let best: { at: number; end: number } | undefined;
  // Levels.contrast, written out: all of a judgement's time is spent here
  for (let at = from + LEAST_LENGTH; at <= to - LEAST_LENGTH; at++) {
    const [before, sum] = [at - from, sums[at]!];
    const mean = (sum - sums[from]!) / before;
    for (let end = at + LEAST_LENGTH; end <= to; end++) {
      const after = end - at;
      const difference = (sums[end]! - sum) / after - mean;
      const contrast = ((before * after) / (before + after)) * difference * difference;
      if (contrast > most) {
        most = contrast;
        best = { at, end };
      }
    }
  }
  return best;
}

/** Takes away places, the least certain first, until each divides the levels beside it. */
function merged(levels: Levels, found: readonly number[], isRatio: boolean): number[] {
  const places = [...found];
  for (;;) {
    let worst = -1;
    let most = 1;
    const deviation = levels.noise(places).deviation;
    for (const [i, at] of places.entries()) {
      const [from, to] = [places[i - 1] ?? 0, places[i + 1] ?? levels.length];
      const { p } = told(levels, from, at, to, isRatio, places);
      const isLarge = Math.abs(levels.mean(at, to) - levels.mean(from, at)) >= LARGE * deviation;
      const isNoisy = isRatio && deviation > NOISY;
      const limit = ANY_P * (isLarge ? 1 : SMALL_P) * (isNoisy ? NOISY_P : 1);
      const excess = p / limit;
      if (excess > most) {
        most = excess;
        worst = i;
      }
    }
    if (worst < 0) return places;
    places.splice(worst, 1);
  }
}

/** @param places all changes: between them is noise */
function told(
  levels: Levels,
  from: number,
  at: number,
  to: number,
  isRatio: boolean,
  places: readonly number[],
): Omit<ChangePoint, 'at' | 'isDrift'> {
  const before = levels.mean(from, at);
  const after = levels.mean(at, to);
  const { deviation, freedom, dependence, excessKurtosis } = levels.noise(places);
  const tails = tailScale(excessKurtosis, Math.min(at - from, to - at), ANY_P);
  const error = tails * errorScale(deviation, dependence, at - from, to - at);
  const difference = after - before;
  const p = error === 0 ? (difference === 0 ? 1 : 0) : studentTwoSided(difference / error, freedom);
  const change = changeOf(before, after, isRatio);
  return isRatio ? { before: Math.exp(before), after: Math.exp(after), change, p } : { before, after, change, p };
}

function changeOf(before: number, after: number, isRatio: boolean): number {
  const difference = after - before;
  if (isRatio) return Math.exp(difference) - 1;
  return difference === 0 ? 0 : difference / Math.abs(before);
}
