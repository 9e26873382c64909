import { Float64Column, Int32Column } from '../../profile/columns.ts';
import type { SampleTable } from '../../profile/profile.ts';
import type { CpuSamples } from './samples.ts';
import { IDLE_STACK } from './tree.ts';

/** A profile's columns of the samples that were not idle; what was idle is a sum. */
export interface CpuColumns {
  readonly samples: SampleTable;
  /** Nanoseconds, or samples where there are no times. */
  readonly idle: number;
  /** Nanoseconds from the first sample to the end; 0 where there are no times. */
  readonly duration: number;
}

/**
 * Takes out what was idle; a sample's weight is the time until the next one. In place: with millions of samples each
 * column counts, so `samples` is not to be used afterwards, and their times are worked out when they are asked for.
 * @param thread of all samples; undefined = unknown
 * @returns one value, each sample's 1, and where there are times a second one: nanoseconds
 */
export function cpuColumns({ stack, spans }: CpuSamples, thread: number | undefined): CpuColumns {
  const gaps = new Gaps();
  let idle = 0;
  let length = 0;
  let gap = 0;
  for (let i = 0; i < stack.length; i++) {
    const leaf = stack[i]!;
    const weight = spans ? spans.weight[i]! : 1;
    if (leaf === IDLE_STACK) {
      gap += weight;
      continue;
    }
    if (gap > 0) {
      idle += gap;
      gaps.add(length, gap);
      gap = 0;
    }
    if (spans) spans.weight[length] = weight;
    stack[length++] = leaf;
  }
  idle += gap;
  if (!spans) return { samples: countedTable(stack.subarray(0, length), thread), idle, duration: 0 };
  const weight = spans.weight.subarray(0, length);
  const samples = timedTable(stack.subarray(0, length), weight, spans.start, gaps, thread);
  return { samples, idle, duration: spans.duration };
}

function countedTable(stack: Int32Array, thread: number | undefined): SampleTable {
  const { length } = stack;
  return {
    length,
    stack,
    values: [new Uint8Array(length).fill(1)],
    ...(thread === undefined ? {} : { thread: new Int32Array(length).fill(thread) }),
  };
}

/**
 * Samples with times that take no memory before they are wanted: a flame graph has no use for them.
 * @param weight nanoseconds
 * @param start nanoseconds: when the first one was taken
 */
export function timedTable(
  stack: Int32Array,
  weight: Int32Array | Float64Array,
  start: number,
  gaps: Gaps,
  thread: number | undefined,
): SampleTable {
  let known: Float64Array | undefined;
  const table = countedTable(stack, thread);
  return {
    ...table,
    values: [...table.values, weight],
    get time() {
      known ??= gaps.times(start, weight);
      return known;
    },
  };
}

/** Idle times between samples. */
export class Gaps {
  /** The samples that did not start where the one before ended, and how much later they did. */
  private readonly row = new Int32Column();
  private readonly nanoseconds = new Float64Column();

  add(row: number, nanoseconds: number): void {
    this.row.push(row);
    this.nanoseconds.push(nanoseconds);
  }

  /** When each sample started. Exact: all are whole numbers of nanoseconds below 2^53. */
  times(start: number, weight: Int32Array | Float64Array): Float64Array {
    const time = new Float64Array(weight.length);
    let now = start;
    for (let row = 0, next = 0; row < time.length; row++) {
      if (next < this.row.length && this.row.at(next) === row) now += this.nanoseconds.at(next++);
      time[row] = now;
      now += weight[row]!;
    }
    return time;
  }
}
