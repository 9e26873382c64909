import type { SampleTable } from '../profile/profile.ts';
import type { CpuSamples } from './cpuprofile-samples.ts';
import type { CpuTree } from './cpuprofile-tree.ts';

/** A profile's columns of the samples that were not idle; what was idle is a sum. */
export interface CpuColumns extends SampleTable {
  /** Nanoseconds, or samples where there are no times. */
  readonly idle: number;
  /** Nanoseconds from the first sample to the end; 0 where there are no times. */
  readonly duration: number;
}

/**
 * Turns the samples' nodes into stacks and their times into weights, a sample's being the time until the next one. In
 * place: with millions of samples each column counts, so `samples` is not to be used afterwards.
 * @returns one value, each sample's 1, and where there are times a second one: nanoseconds
 */
export function cpuColumns({ stack, idle }: CpuTree, { node, time }: CpuSamples): CpuColumns {
  let idleRows = 0;
  for (let i = 0; i < node.length; i++) if (node[i]! >= 0 && idle[node[i]!] === 1) idleRows++;
  const length = node.length - idleRows;
  const weight = new Float64Array(time ? length : 0);
  let idleTime = 0;
  const duration = time ? time[node.length]! - time[0]! : 0;
  let row = 0;
  for (let i = 0; i < node.length; i++) {
    const at = node[i]!;
    const isIdle = at >= 0 && idle[at] === 1;
    if (time) {
      const until = time[i + 1]! - time[i]!;
      if (isIdle) idleTime += until;
      else {
        weight[row] = until;
        time[row] = time[i]!;
      }
    }
    if (!isIdle) node[row++] = at < 0 ? -1 : stack[at]!;
  }
  const ones = new Float64Array(length).fill(1);
  return {
    length,
    stack: node.subarray(0, length),
    values: time ? [ones, weight] : [ones],
    ...(time ? { time: time.subarray(0, length) } : {}),
    idle: time ? idleTime : idleRows,
    duration,
  };
}
