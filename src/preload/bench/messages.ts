/** What the tool asks of a process that runs benchmarks, and what that answers: lines of JSON on file descriptor 3. */
import type { MeasuringOptions, Throughput } from './definitions.ts';

/** The one task of a process, given in one line. */
export type Task =
  /** Load a file and tell what it declares. */
  { readonly kind: 'list'; readonly file: string } | MeasuringTask;

export interface MeasuringTask {
  /**
   * `medians`: samples of the same number of iterations, as short as the clock allows. `turns`: the same, but a few samples at a time,
   * each time that a line says `true`, until one says `false`. `driven`: whoever asks says how
   * many iterations each sample has, in lines of `number[]`, until an empty one. `spin`: iterates for as long as `measurementTime`, for a profiler.
   * `count`: iterates `iterations` times, for one that counts instructions.
   */
  readonly kind: 'medians' | 'turns' | 'driven' | 'spin' | 'count';
  readonly file: string;
  /** Which of its declarations. */
  readonly index: number;
  /** Seconds. */
  readonly warmUpTime: number;
  readonly measurementTime: number;
  /** At most this many samples. */
  readonly sampleSize: number;
  /** Printed to standard output when it begins to measure, to cut what V8 prints there. */
  readonly mark?: string;
  /** Of `count`. */
  readonly iterations?: number;
}

/** A benchmark as it can be told to another process. */
export interface Listed {
  readonly index: number;
  readonly group: string | undefined;
  readonly name: string;
  readonly value: string | undefined;
  readonly throughput: Throughput | undefined;
  /** How many inputs are made at once, where it says so. */
  readonly batch: number | undefined;
  readonly options: MeasuringOptions;
}

/** What was measured by one process. */
export interface Samples {
  /** Iterations of each sample, and nanoseconds that each took. */
  readonly iterations: readonly number[];
  readonly times: readonly number[];
  /** Of `turns`: how many samples each has. */
  readonly turns?: readonly number[];
  /** Whether iterations had stopped to become faster or slower before it measured. */
  readonly steady: boolean;
  readonly asynchronous: boolean;
  /** Nanoseconds of an iteration that does nothing, and of looking at the clock. */
  readonly emptyIteration: number;
  readonly clock: number;
  /** While it measured: wall and processor time in nanoseconds, switches that it did not ask for, collections of garbage. */
  readonly wall: number;
  readonly cpu: number;
  readonly involuntarySwitches: number;
  readonly collections: number;
  readonly collecting: number;
}

export interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

/** Where something was thrown. */
export type Stage = 'load' | 'before' | 'run' | 'teardown';

export type Answer =
  | { readonly kind: 'listed'; readonly benchmarks: readonly Listed[] }
  /** Of `driven`: nanoseconds of each sample of the last line, none at first. The next line is expected. */
  | { readonly kind: 'took'; readonly times: readonly number[] }
  /** Of `turns`: it waits for one; `over` = it has measured for as long as it was to. */
  | { readonly kind: 'waits'; readonly pid: number; readonly over: boolean }
  /** From here on it measures, or iterates for a profiler. */
  | { readonly kind: 'measuring' }
  | { readonly kind: 'samples'; readonly samples: Samples }
  | { readonly kind: 'done' }
  | { readonly kind: 'thrown'; readonly stage: Stage; readonly error: Thrown };
