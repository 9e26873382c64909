import { mean, variance } from '../../statistics/moments.ts';
import { type Difference, difference, welch } from '../../statistics/welch.ts';
import type { CounterColumn } from './counter-runs.ts';

/** How the runs of both sides were made. */
export type Pairing =
  /** Run i of one side stood beside run i of the other: whatever disturbed the machine disturbed both. */
  | 'interleaved'
  /** One side after the other, at another time perhaps. */
  | 'apart';

/** One side of a comparison. */
export interface SideSpread {
  /** Mean of the runs. */
  readonly mean: number;
  /** Standard deviation of single runs; NaN where it is not known. */
  readonly deviation: number;
  /** How many runs; undefined where a saved output does not say. */
  readonly runs: number | undefined;
}

/**
 * How far the level of a machine moves between two sessions, in variances of single runs. Runs of one session share a
 * level (what else runs, temperature, where the kernel put pages), so means of two sessions differ by more than the runs
 * of either tell, however many there are. Measured by scripts/stat-aa.mjs --apart: see docs/perf-stat-compare.md.
 */
export const SESSION_DRIFT = 0.3;
/** Of times in which a program waits for others, which depend on what else runs most of all. */
const WAITING_DRIFT = 0.6;
const WAITING = /^(?:wall-time|run-delay|duration_time|.*wait-time)$/;

/** Counts below this many a run come as they come (switches, migrations): their variance is at least their mean. */
const RARE = 10;
/** Variance of rounding to whole numbers. */
const ROUNDING = 1 / 12;

/** A counter of one side: of its runs, or as perf stat -r printed mean and error. */
export function sideSpread({ values, summary }: CounterColumn, assumedRuns?: number): SideSpread {
  const counted = values.filter((value) => !Number.isNaN(value));
  if (summary === undefined || counted.length !== 1) {
    return { mean: mean(counted), deviation: Math.sqrt(variance(counted)), runs: counted.length };
  }
  const runs = summary.runs ?? assumedRuns;
  const error = (Math.abs(counted[0]!) * summary.variancePercent) / 100;
  return { mean: counted[0]!, deviation: runs === undefined ? Number.NaN : error * Math.sqrt(runs), runs };
}

/**
 * The difference of two counters with its interval; undefined where the runs do not tell how much they vary.
 * @param assumedRuns how many runs a mean is of, where the saved output does not say
 */
export function compareColumns(
  before: CounterColumn,
  after: CounterColumn,
  pairing: Pairing,
  alpha: number,
  assumedRuns?: number,
): Difference | undefined {
  const whole = before.unit === 'count';
  const rare = (level: number): number => (whole && level < RARE ? level : 0);
  const rounding = whole ? ROUNDING : 0;
  if (pairing === 'interleaved' && before.values.length === after.values.length) {
    const deltas = after.values
      .map((value, run) => value - before.values[run]!)
      .filter((delta) => !Number.isNaN(delta));
    if (deltas.length < 2) return undefined;
    const floor = rare(sideSpread(before).mean) + rare(sideSpread(after).mean) + rounding;
    const single = Math.max(variance(deltas), floor);
    return difference(mean(deltas), single / deltas.length, deltas.length - 1, alpha);
  }
  const [old, now] = [sideSpread(before, assumedRuns), sideSpread(after, assumedRuns)];
  const drift = WAITING.test(before.name) ? WAITING_DRIFT : SESSION_DRIFT;
  const estimate = ({ mean: level, deviation, runs }: SideSpread) => {
    if (runs === undefined || runs < 2 || Number.isNaN(deviation)) return undefined;
    const single = Math.max(deviation ** 2, rare(level), rounding);
    return { mean: level, variance: single * (1 / runs + drift), freedom: runs - 1 };
  };
  const [one, other] = [estimate(old), estimate(now)];
  return one && other && welch(one, other, alpha);
}
