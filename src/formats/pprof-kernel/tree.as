// The tree of all stacks: in ascending order each shares its callers with the one before it, and no node is looked up.
import { bucketsFound, listBucket, mostInBucket, STACK_HEAD } from './buckets';
import { alloc } from './memory';
import { count } from './samples';
import { expectFrames, sortStacks } from './sort-stacks';
import { deepest } from './stacks';

/** Nodes at a time. */
export const MOST_NODES: i32 = 1 << 14;

/** Two columns of MOST_NODES: the caller, the frame. */
let nodes: usize = 0;
/** The profile's frame of each number. */
let frameOf: usize = 0;
/** Of each sample its node. */
let leaf: usize = 0;
/** The nodes from the root to the last leaf, and their frames' numbers. */
let path: usize = 0;
let last: usize = 0;
let depth: i32 = 0;
let nodeCount: i32 = 0;

/** The stacks of a bucket, in order. */
let keys: usize = 0;
let stacks: usize = 0;
let listed: i32 = 0;
let bucket: i32 = 0;
/** The next one, and whether some of its nodes were made. */
let item: i32 = 0;
let begun: bool = false;

/** Takes memory for the tree of what is in buckets. @returns where the frames of numbers go; 0 = there is none */
export function expectTree(frameCount: i32): i32 {
  nodes = alloc(MOST_NODES * 8);
  frameOf = alloc(<u64>frameCount * 4 + 4);
  leaf = alloc(<u64>count * 4);
  path = alloc(<u64>deepest * 4 + 4);
  last = alloc(<u64>deepest * 4 + 4);
  keys = alloc(<u64>mostInBucket * 8);
  stacks = alloc(<u64>mostInBucket * 4);
  expectFrames(frameCount);
  return !nodes || !leaf || !path || !last || !keys || !stacks ? 0 : <i32>frameOf;
}

export function nodesAt(): i32 {
  return <i32>nodes;
}

export function leafAt(): i32 {
  return <i32>leaf;
}

/** Makes the next nodes. @returns how many; MOST_NODES where more may follow */
export function tree(): i32 {
  let out = 0;
  while (item < listed || bucket < bucketsFound()) {
    if (item === listed) {
      listed = listBucket(bucket++, keys, stacks);
      sortStacks(listed, keys, stacks);
      item = 0;
    }
    for (; item < listed; item++) {
      const stack = <usize>load<u32>(stacks + (<usize>item << 2));
      const size = load<i32>(stack, 4);
      const from = stack + STACK_HEAD;
      if (!begun) depth = shared(from, min(depth, size));
      begun = true;
      let above = depth === 0 ? -1 : load<i32>(path + (<usize>(depth - 1) << 2));
      for (; depth < size; depth++) {
        if (out === MOST_NODES) return out;
        const number = load<i32>(from + (<usize>depth << 2));
        const node = nodes + (<usize>out << 2);
        store<i32>(node, above);
        store<i32>(node + MOST_NODES * 4, load<i32>(frameOf + (<usize>number << 2)));
        out++;
        above = nodeCount++;
        store<i32>(last + (<usize>depth << 2), number);
        store<i32>(path + (<usize>depth << 2), above);
      }
      store<i32>(leaf + (<usize>load<u32>(stack) << 2), above);
      begun = false;
    }
  }
  return out;
}

/** How many frames a stack has in common with the last one. */
// @ts-ignore: decorator
@inline function shared(from: usize, most: i32): i32 {
  let same = 0;
  while (same < most && load<i32>(last + (<usize>same << 2)) === load<i32>(from + (<usize>same << 2))) same++;
  return same;
}
