import { type AllocationPoints, METRICS, unitOf } from '../../profile/allocation-points.ts';
import { ProfileBuilder } from '../../profile/builder.ts';
import { ALLOCATORS } from '../../profile/heap-frames.ts';
import type { Profile } from '../../profile/profile.ts';

/**
 * Program points as a profile: a sample each, with a value for every metric that the file has; the default weight is
 * total bytes. Stacks end in the function that called the allocator, as those of massif do.
 */
export function pointsProfile(points: AllocationPoints, notes: readonly string[]): Profile {
  const metrics = METRICS.filter(({ id }) => points.values.has(id));
  const builder = new ProfileBuilder(metrics.map(({ id, type }) => ({ type, unit: unitOf(points, id) })));
  const columns = metrics.map(({ id }) => points.values.get(id)!);
  const frames = [new Map<number, number>(), new Map<number, number>()] as const;
  const frameAt = (index: number, inlined: boolean): number => {
    const known = frames[inlined ? 1 : 0];
    let frame = known.get(index);
    if (frame === undefined) {
      const { words } = points.frames[index]!;
      frame = builder.frame(inlined ? { ...words, kind: 'inlined' } : words);
      known.set(index, frame);
    }
    return frame;
  };
  for (let point = 0; point < points.length; point++) {
    const from = calledFrom(points, point);
    let stack = -1;
    const end = points.stackStart[point + 1]!;
    for (let i = end - 1; i >= from; i--) {
      stack = builder.stack(stack, frameAt(points.stack[i]!, isInlined(points, i, from, end)));
    }
    if (stack < 0) stack = builder.stack(-1, builder.frame(ALLOCATORS));
    builder.sample(
      stack,
      columns.map((column) => column[point]!),
    );
  }
  const command = points.command === '' ? undefined : points.command.split(/\s+/);
  const duration = points.timeUnit === 'µs' ? { duration: points.end * 1000 } : {};
  return builder.build({
    tool: 'dhat',
    ...(command === undefined ? {} : { command }),
    ...duration,
    notes,
  });
}

/** The place in `stack` of the function that called malloc and the like. What is copied is told by what copied it. */
function calledFrom({ mode, frames, stack, stackStart }: AllocationPoints, point: number): number {
  let at = stackStart[point]!;
  if (mode === 'copy') return at;
  const end = stackStart[point + 1]!;
  while (at < end && frames[stack[at]!]!.allocator) at++;
  return at;
}

/**
 * A function and the one it was inlined into stand at one address, and so do the calls of a recursion: a function that
 * comes again is another call.
 */
function isInlined({ frames, stack }: AllocationPoints, at: number, from: number, end: number): boolean {
  const { address } = frames[stack[at]!]!;
  if (at + 1 === end || address === '') return false;
  const caller = stack[at + 1]!;
  if (frames[caller]!.address !== address) return false;
  for (let i = at; i >= from && frames[stack[i]!]!.address === address; i--) {
    if (stack[i] === caller) return false;
  }
  return true;
}
