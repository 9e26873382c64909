import type { BlockReport } from './messages.ts';

/** A stack that comes within this time is that of the callback itself: nanoseconds. */
const AT_ONCE = 10e6;
/** On a busy machine an answer takes longer; one that is late by less of the block's time was not held up by native code. */
const PART = 0.3;

/**
 * Whether the stack of a block may be that of what came afterwards: it came late, so the engine was in native code that cannot be
 * interrupted, and there is no call of node on top of the program's own, which would be what it was held by.
 */
export function isDoubtful({
  stack = [],
  waited,
  duration,
}: Pick<BlockReport, 'stack' | 'waited' | 'duration'>): boolean {
  if (stack.length === 0) return true;
  if (waited <= Math.max(AT_ONCE, PART * duration)) return false;
  const isNodes = (file: string): boolean => file.startsWith('node:');
  // Without a call of the program below it is what node does once the callback is over
  return !isNodes(stack[0]![1]) || stack.every(([, file]) => file === '' || isNodes(file));
}
