import type { FrameWords } from './builder.ts';

/** Frames that stand for memory that no function asked for, or that the recording does not tell of. */

export const EXTRA_HEAP: FrameWords = { name: '[extra heap: administration and alignment]', kind: 'unknown' };
export const STACKS: FrameWords = { name: '[stacks]', kind: 'unknown' };
export const UNKNOWN_HEAP: FrameWords = { name: '[heap without details]', kind: 'unknown' };
/** Callers that are too small to be named. */
export const BELOW_THRESHOLD: FrameWords = { name: '[below threshold]', kind: 'unknown' };
/** `malloc` and the like, where who called them was not recorded. */
export const ALLOCATORS: FrameWords = { name: '[allocation functions]', kind: 'unknown' };

/** Their names: in brackets, and yet no modules of functions without a name. */
export const HEAP_FRAMES: ReadonlySet<string> = new Set(
  [EXTRA_HEAP, STACKS, UNKNOWN_HEAP, BELOW_THRESHOLD, ALLOCATORS].map(({ name }) => name),
);
