import type { PairInterner } from './columns.ts';
import type { StackTable } from './profile.ts';

/**
 * Interns every stack with its frames renamed; stacks that become equal become one.
 * @param frameMap the new frame of each frame; -1 leaves the frame out and attaches its callees to its caller
 * @param into where the new stacks are stored as (parent, frame)
 * @returns the new stack of each stack; -1 where nothing of it is left
 */
export function restack(stacks: StackTable, frameMap: Int32Array, into: PairInterner): Int32Array {
  const stackMap = new Int32Array(stacks.length);
  for (let stack = 0; stack < stacks.length; stack++) {
    const caller = stacks.parent[stack]!;
    const parent = caller < 0 ? -1 : stackMap[caller]!;
    const frame = frameMap[stacks.frame[stack]!]!;
    stackMap[stack] = frame < 0 ? parent : into.intern(parent, frame);
  }
  return stackMap;
}

/** The stacks that an interner of (parent, frame) holds. */
export function stackTable(interner: PairInterner): StackTable {
  return { length: interner.length, parent: interner.first.toArray(), frame: interner.second.toArray() };
}
