import type { Series } from '../profile.ts';
import type { CountedPart, NotCounted } from './counter-row.ts';

/** Who counted: perf, the kernel's account of a process that has ended (wait4), looks at /proc, our own clock, or valgrind. */
export type CounterSource = 'perf' | 'rusage' | 'proc' | 'clock' | 'callgrind';

/** One counter over all runs of a program. */
export interface CounterColumn {
  /** `cycles`, `task-clock`, `max-rss`. */
  readonly name: string;
  /** `ns`, `bytes`, `Joules`...; `count` where nothing but things is counted. Times are always nanoseconds. */
  readonly unit: string;
  readonly source: CounterSource;
  /** One value a run, in the order of the runs; NaN where that run did not count it. */
  readonly values: Float64Array;
  /** Why there is no value at all; undefined where some run counted it. */
  readonly missing?: NotCounted;
  /** One a run: how much of the time it was counted, in percent; absent where that is always 100. */
  readonly percentRunning?: Float64Array;
  /** Of a saved output of `perf stat -r`, whose runs are lost: of how many runs `values[0]` is the mean, and how sure. */
  readonly summary?: { readonly runs?: number; readonly variancePercent: number };
}

/** The counters of one part: a thread, a processor. */
export interface PartCounters {
  readonly part: CountedPart;
  readonly counters: readonly CounterColumn[];
}

/** Several runs of one program, counted one by one; a single run is several of length one. */
export interface CounterRuns {
  /** How many runs were measured; warm-up runs are not among them. */
  readonly runs: number;
  /** In the order in which they are shown. A name and source come once. */
  readonly counters: readonly CounterColumn[];
  /** `--per-thread` and the like; of the last run. */
  readonly parts: readonly PartCounters[];
  /** `-I`: what was counted in each interval, not since the start; of the last run. */
  readonly series: readonly Series[];
  /** The program and its arguments; absent for a process that ran already, and for the whole system. */
  readonly command?: readonly string[];
  /** What of the whole was measured, for headlines: `process 4711`, `the whole system`. */
  readonly subject?: string;
  /** What was lost, guessed, or could not be counted, and why. */
  readonly notes: readonly string[];
}
