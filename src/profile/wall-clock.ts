import { UserError } from '../errors.ts';
import { PairInterner } from './columns.ts';
import { noWaits, withoutHint } from './off-cpu.ts';
import type { Profile } from './profile.ts';
import { stackTable } from './restack.ts';
import { withBareFrames } from './threads.ts';
import { valuesOf } from './total.ts';
import { isWaiting, OFF_CPU, OFF_CPU_FRAME, PREEMPTED, PREEMPTED_FRAME } from './waiting.ts';

/** Nanoseconds on the CPU, as perf calls them. */
const ON_CPU: ReadonlySet<string> = new Set(['cpu-clock', 'task-clock']);

/**
 * The profile by all time of its threads, on the CPU and off it. Stacks of waits get a leaf `[off-cpu]`, those of threads
 * that had to make room for another `[preempted]`; the other value types stay.
 * @throws {UserError} it holds no waits, or its time on the CPU is not measured in nanoseconds
 */
export function byWallClock(profile: Profile): Profile {
  const { valueTypes, samples, stacks } = profile;
  const columnOf = (type: string): number => valueTypes.findIndex((known) => known.type === type);
  const waiting = columnOf(OFF_CPU);
  const preempted = columnOf(PREEMPTED);
  if (waiting < 0 || preempted < 0) throw noWaits('--wall');
  const onCpu = valueTypes.findIndex(({ type }) => ON_CPU.has(type));
  // A program that was never seen on the CPU has no such column
  if (onCpu < 0 && valueTypes.some(({ type }) => type !== 'samples' && !isWaiting(type))) throw notNanoseconds(profile);
  const { strings, frames, frameOf } = withBareFrames(profile, [OFF_CPU_FRAME, PREEMPTED_FRAME]);
  const on = onCpu < 0 ? new Uint8Array(samples.length) : valuesOf(profile, onCpu);
  const off = valuesOf(profile, waiting);
  const runnable = valuesOf(profile, preempted);
  const interner = new PairInterner(stacks.length);
  // Every stack is there once, so each keeps its row
  for (let row = 0; row < stacks.length; row++) interner.intern(stacks.parent[row]!, stacks.frame[row]!);
  const stack = samples.stack.slice();
  const wall = new Float64Array(samples.length);
  for (let row = 0; row < samples.length; row++) {
    if (off[row]! > 0) stack[row] = interner.intern(stack[row]!, frameOf[0]!);
    else if (runnable[row]! > 0) stack[row] = interner.intern(stack[row]!, frameOf[1]!);
    wall[row] = on[row]! + off[row]! + runnable[row]!;
  }
  return {
    ...profile,
    strings,
    frames,
    stacks: stackTable(interner),
    valueTypes: [...valueTypes, { type: 'wall', unit: 'nanoseconds' }],
    samples: { ...samples, stack, values: [...samples.values, wall] },
    meta: withoutHint(profile),
  };
}

function notNanoseconds({ valueTypes }: Profile): UserError {
  return new UserError('--wall: the time on the CPU is not measured in nanoseconds', {
    hint: `record without -e, or with -e cpu-clock; the recording has ${valueTypes.map(({ type }) => type).join(', ')}`,
  });
}
