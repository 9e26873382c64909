import { mean, variance } from '../../statistics/moments.ts';
import { studentQuantileTwoSided } from '../../statistics/student.ts';
import type { AdjustedVerdict } from '../pairs/adjust-verdicts.ts';
import type { Failure } from './failure.ts';
import type { Found } from './found.ts';
import type { Side } from './side.ts';
import type { Warning } from './warnings.ts';

/** What came of one benchmark. */
export interface BenchResult {
  readonly found: Found;
  /** Undefined where no process measured anything. */
  readonly head: Side | undefined;
  /** What it was compared with, in turns. */
  readonly base?: Side;
  /** What it was compared with that had been stored: nanoseconds an iteration, one a process. */
  readonly stored?: ArrayLike<number>;
  readonly verdict?: AdjustedVerdict;
  readonly warnings: readonly Warning[];
  /** The file of its flame graph. */
  readonly flame?: string;
  /** Why there is nothing, or not all; and on which side. */
  readonly failure?: Failure & { readonly side: 'base' | 'head' };
}

/** What processes say an iteration takes, and how sure that is. Nanoseconds. */
export interface Typical {
  readonly point: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The geometric mean of what processes say, with its interval: Student's t of their logarithms. Samples of one process
 * share its memory and its compiled code, so that only processes count as independent.
 * @param medians above 0; of a single one the interval is not known
 * @param level probability that the interval holds the true value
 */
export function typicalOf(medians: ArrayLike<number>, level = 0.95): Typical {
  const logs = Array.from(medians, Math.log);
  const centre = mean(logs);
  const reach =
    logs.length < 2
      ? Number.NaN
      : studentQuantileTwoSided(1 - level, logs.length - 1) * Math.sqrt(variance(logs) / logs.length);
  return { point: Math.exp(centre), low: Math.exp(centre - reach), high: Math.exp(centre + reach) };
}
