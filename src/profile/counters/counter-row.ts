/** Why a counter has no value: the machine has no such event, or the event was never on a counter while it was wanted. */
export type NotCounted = 'not supported' | 'not counted';

/** The part of the whole that a count is of: a thread (`--per-thread`), a processor (`-A`), a core, socket, node... */
export interface CountedPart {
  readonly kind: 'thread' | 'cpu' | 'core' | 'cluster' | 'die' | 'socket' | 'node' | 'cgroup';
  /** As perf prints it: `node-4711`, `CPU0`, `S0-D0-C1`. */
  readonly name: string;
  /** How many processors were summed. */
  readonly processors?: number;
}

/** A number that perf works out from counts: `{ value: 1.29, unit: 'insn per cycle' }`. */
export interface PerfMetric {
  readonly value: number;
  readonly unit: string;
}

/** One count, as perf stat prints it in every one of its layouts. */
export interface CounterRow {
  /** perf's name of the event, as it was asked for: `cycles`, `cpu_core/cycles/`, `instructions:u`. */
  readonly event: string;
  /** `msec`, `ns`, `Joules`...; '' for a plain count. */
  readonly unit: string;
  /** Scaled up already where the event shared its counter with others (`percentRunning` below 100). */
  readonly value: number | NotCounted;
  /** perf stat -r: the standard error of the mean, in percent of it. */
  readonly variancePercent?: number;
  /** Nanoseconds for which the event was counted, over all threads. */
  readonly running?: number;
  /** How much of the time in which it was wanted the event was counted, in percent. */
  readonly percentRunning?: number;
  /** What perf worked out from it; there may be several. */
  readonly metrics: readonly PerfMetric[];
  /** perf stat -I: seconds since the start at which this interval ended. */
  readonly interval?: number;
  /** Absent: the count is of everything. */
  readonly of?: CountedPart;
}
