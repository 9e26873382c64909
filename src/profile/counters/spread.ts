import { mean, variance } from '../../statistics/moments.ts';
import type { CounterColumn } from './counter-runs.ts';

/** A counter over all of its runs; every number but `n` may be NaN, as it is unknown then. */
export interface Spread {
  /** How many runs counted it; undefined where a saved output does not say of how many its mean is. */
  readonly n: number | undefined;
  readonly mean: number;
  /** The standard error of the mean. */
  readonly error: number;
}

/** The mean of a counter and how sure it is: of its runs, or as perf stat -r printed both. */
export function spreadOf({ values, summary }: CounterColumn): Spread {
  const counted = values.filter((value) => !Number.isNaN(value));
  if (summary !== undefined && counted.length === 1) {
    const value = counted[0]!;
    return { n: summary.runs, mean: value, error: Math.abs(value * summary.variancePercent) / 100 };
  }
  return { n: counted.length, mean: mean(counted), error: Math.sqrt(variance(counted) / counted.length) };
}
