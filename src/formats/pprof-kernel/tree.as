// The tree of all stacks: in ascending order each shares its callers with the one before it, and no node is looked up.
import { bucketsFound, listBucket, mostInBucket, narrow, STACK_HEAD } from './buckets';
import { take } from './memory';
import { count, placeOf } from './samples';
import { behindSame, expectFrames, sortSpread } from './sort-stacks';
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

/** The stacks of a bucket as they stand there, and in order. */
let listKeys: usize = 0;
let listStacks: usize = 0;
let keys: usize = 0;
let stacks: usize = 0;
let listed: i32 = 0;
let bucket: i32 = 0;
/** The next one, and whether some of its nodes were made. */
let item: i32 = 0;
let begun: bool = false;

/** Takes memory for the tree of what is in buckets. @returns where the frames of numbers go; 0 = there is none */
export function expectTree(frameCount: i32): i32 {
  nodes = take(MOST_NODES * 8);
  frameOf = take(<u64>frameCount * 4 + 4);
  // Where samples' locations stand nobody asks any more
  leaf = placeOf(0);
  path = take(<u64>deepest * 4 + 4);
  last = take(<u64>deepest * 4 + 4);
  keys = take(<u64>mostInBucket * 8);
  stacks = take(<u64>mostInBucket * 4);
  listKeys = take(<u64>mostInBucket * 8);
  listStacks = take(<u64>mostInBucket * 4);
  expectFrames(frameCount);
  if (!nodes || !path || !last || !keys || !stacks || !listKeys || !listStacks) return 0;
  return <i32>frameOf;
}

export function nodesAt(): i32 {
  return <i32>nodes;
}

export function leafAt(): i32 {
  return <i32>leaf;
}

/** Makes the next nodes. @returns how many; MOST_NODES where more may follow */
export function tree(): i32 {
  return narrow ? treeOf<u16>() : treeOf<u32>();
}

function treeOf<Frame>(): i32 {
  // Globals would be read and written at each step
  const callers = nodes;
  const places = frameOf;
  const nodeOfDepth = path;
  const numberOfDepth = last;
  let made = nodeCount;
  let out: i32 = 0;
  while (item < listed || bucket < bucketsFound()) {
    if (item === listed) {
      listed = listBucket<Frame>(bucket++, listKeys, listStacks);
      sortSpread<Frame>(listed, listKeys, listStacks, keys, stacks);
      item = 0;
    }
    for (; item < listed; item++) {
      const stack = <usize>load<u32>(stacks + (<usize>item << 2));
      const size = load<i32>(stack, 4);
      const from = stack + STACK_HEAD;
      let at = begun ? depth : shared<Frame>(from, min(depth, size));
      let above = at === 0 ? -1 : load<i32>(nodeOfDepth + (<usize>(at - 1) << 2));
      const full = min(size, at + (MOST_NODES - out));
      for (; at < full; at++) {
        const number = load<Frame>(from + <usize>at * sizeof<Frame>());
        const node = callers + (<usize>out << 2);
        store<i32>(node, above);
        store<i32>(node, load<i32>(places + (<usize>number << 2)), MOST_NODES * 4);
        out++;
        above = made++;
        store<Frame>(numberOfDepth + <usize>at * sizeof<Frame>(), number);
        store<i32>(nodeOfDepth + (<usize>at << 2), above);
      }
      depth = at;
      begun = at < size;
      if (begun) {
        nodeCount = made;
        return out;
      }
      store<i32>(leaf + (<usize>load<u32>(stack) << 2), above);
    }
  }
  nodeCount = made;
  return out;
}

/** How many frames a stack has in common with the last one. */
// @ts-ignore: decorator
@inline function shared<Frame>(from: usize, most: i32): i32 {
  const other = last - from;
  const end = from + <usize>most * sizeof<Frame>();
  let at = behindSame(from, other, end);
  while (at < end && load<Frame>(at) === load<Frame>(at + other)) at += sizeof<Frame>();
  return <i32>(at - from) / <i32>sizeof<Frame>();
}
