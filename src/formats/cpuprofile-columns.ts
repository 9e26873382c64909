import type { SampleTable } from '../profile/profile.ts';
import type { CpuSamples } from './cpuprofile-samples.ts';
import { IDLE_STACK } from './cpuprofile-tree.ts';

/** A profile's columns of the samples that were not idle; what was idle is a sum. */
export interface CpuColumns extends SampleTable {
  /** Nanoseconds, or samples where there are no times. */
  readonly idle: number;
  /** Nanoseconds from the first sample to the end; 0 where there are no times. */
  readonly duration: number;
}

/**
 * Turns the samples' times into weights, a sample's being the time until the next one, and takes out what was idle. In
 * place: with millions of samples each column counts, so `samples` is not to be used afterwards.
 * @returns one value, each sample's 1, and where there are times a second one: nanoseconds
 */
export function cpuColumns({ stack, time }: CpuSamples): CpuColumns {
  let idleRows = 0;
  for (let i = 0; i < stack.length; i++) if (stack[i] === IDLE_STACK) idleRows++;
  const length = stack.length - idleRows;
  const duration = time ? time[stack.length]! - time[0]! : 0;
  const weight = new Float64Array(time ? length : 0);
  const idleTime = time ? weigh(stack, time, weight) : 0;
  if (idleRows > 0) keepBusy(stack, time);
  const ones = new Float64Array(length).fill(1);
  return {
    length,
    stack: stack.subarray(0, length),
    values: time ? [ones, weight] : [ones],
    ...(time ? { time: time.subarray(0, length) } : {}),
    idle: time ? idleTime : idleRows,
    duration,
  };
}

/** @returns the idle time */
function weigh(stack: Int32Array, time: Float64Array, weight: Float64Array): number {
  let idle = 0;
  let now = time[0]!;
  for (let i = 0, row = 0; i < stack.length; i++) {
    const next = time[i + 1]!;
    if (stack[i] === IDLE_STACK) idle += next - now;
    else weight[row++] = next - now;
    now = next;
  }
  return idle;
}

/** Moves the samples that are not idle to the front. */
function keepBusy(stack: Int32Array, time: Float64Array | undefined): void {
  for (let i = 0, row = 0; i < stack.length; i++) {
    if (stack[i] === IDLE_STACK) continue;
    if (time) time[row] = time[i]!;
    stack[row++] = stack[i]!;
  }
}
