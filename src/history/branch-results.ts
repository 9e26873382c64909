import { studentQuantileTwoSided } from '../statistics/student.ts';
import type { HistoryEntry, KeptResult } from './entry.ts';
import { errorScale, levelsOf } from './levels.ts';
import { inOrder, type JudgedSeries, type Series, seriesOf } from './series.ts';

/** What a branch's newest commit measured, beside the level that the series of another branch is on. */
export interface BranchResult {
  readonly suite: string;
  readonly name: string;
  readonly unit: string;
  readonly better: KeptResult['better'];
  readonly machine: string;
  readonly value: number;
  /** So many runs of that commit: the value is their median, of an even number the one nearer to the level. */
  readonly runs: number;
  /** The other branch's newest level, and the bounds of what one more value of it may be; absent where there is none yet. */
  readonly level?: { readonly value: number; readonly low: number; readonly high: number; readonly runs: number };
  /** Relative to the level: 0.05 = 5 % more. Infinite where that is 0. */
  readonly change?: number;
  readonly verdict: 'regressed' | 'improved' | 'same' | 'unknown';
}

/**
 * Probability that a value which is on the level lies outside of its bounds: half of that for the worse, as seldom as a series
 * may raise an alarm by commit.
 */
const BEYOND = 1e-3;
/** Logarithms round: of values that never vary every other difference is one. */
const ROUNDING = 1e-9;
/** Fewer values than these are no level. */
const LEAST_LENGTH = 3;
/** At most so many of the last values say where the level is, and how much values differ. */
const [RECENT, NOISE_RECENT] = [30, 200];

/**
 * Holds the newest commit of a branch against the series that it will be merged into. One commit is too few for a change
 * point: its value is judged as one more of the newest level, by Student's t with the noise of all levels.
 * @param entries of the branch
 * @param least smaller relative changes are none
 */
export function branchResults(
  beside: readonly JudgedSeries[],
  entries: readonly HistoryEntry[],
  least: number,
): BranchResult[] {
  const newest = inOrder(entries).at(-1)?.commit;
  const ofNewest = entries.filter(({ commit }) => commit.id === newest?.id && commit.dirty === newest.dirty);
  const levels = new Map(beside.map((one) => [keyOf(one), one]));
  return seriesOf(ofNewest).map((one) => {
    // Sources that differ from their commit may do so differently each time
    const values = (newest?.dirty || newest?.id === '' ? one.values.slice(-1) : one.values).map(({ value }) => value);
    return judgedBeside(one, values, levels.get(keyOf(one)), least);
  });
}

function keyOf({ suite, name, unit, machine }: Series): string {
  return JSON.stringify([suite, name, unit, machine]);
}

function judgedBeside(
  { suite, name, unit, better, machine }: Series,
  values: readonly number[],
  beside: JudgedSeries | undefined,
  least: number,
): BranchResult {
  const level = beside === undefined ? undefined : levelBeside(beside, values);
  const about = { suite, name, unit, better, machine, runs: values.length };
  if (level === undefined) return { ...about, value: middle(values, values[0]!), verdict: 'unknown' };
  const value = middle(values, level.value);
  const difference = value - level.value;
  const change = difference === 0 ? 0 : difference / Math.abs(level.value);
  const isSame = (value >= level.low && value <= level.high) || Math.abs(change) < Math.max(least, ROUNDING);
  const verdict = isSame ? 'same' : difference > 0 === (better === 'smaller') ? 'regressed' : 'improved';
  return { ...about, value, level, change, verdict };
}

/** The median; of an even number the one of both that is nearer to the level: a slow run is mended by another one. */
function middle(values: readonly number[], level: number): number {
  const ascending = values.toSorted((a, b) => a - b);
  const half = ascending.length >> 1;
  const upper = ascending[half]!;
  const lower = ascending.length % 2 === 1 ? upper : ascending[half - 1]!;
  return Math.abs(upper - level) < Math.abs(lower - level) ? upper : lower;
}

/** @returns undefined where the values are too few */
function levelBeside(series: JudgedSeries, others: readonly number[]): BranchResult['level'] {
  const start = Math.max(0, series.values.length - NOISE_RECENT);
  const places = [...series.values.keys()].slice(start).filter((at) => !series.outliers.includes(at));
  const measured = places.map((at) => series.values[at]!.value);
  const isRatio = [...measured, ...others].every((value) => value > 0);
  const levels = levelsOf(Float64Array.from(measured, (value) => (isRatio ? Math.log(value) : value)));
  // A level begins at the first of its values that is no outlier
  const begins = series.changes.map(({ at }) => places.findIndex((place) => place >= at)).filter((at) => at > 0);
  const from = Math.max(begins.at(-1) ?? 0, levels.length - RECENT);
  if (levels.length < LEAST_LENGTH || levels.length - from < 1) return undefined;
  const { deviation, freedom, dependence } = levels.noise(begins);
  const reach = studentQuantileTwoSided(BEYOND, freedom) * errorScale(deviation, dependence, levels.length - from, 1);
  const centre = levels.mean(from, levels.length);
  const [value, low, high] = [centre, centre - reach, centre + reach].map((one) => (isRatio ? Math.exp(one) : one));
  return { value: value!, low: low!, high: high!, runs: levels.length - from };
}
