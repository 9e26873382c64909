// Stacks are laid into buckets by their keys, each above the one before it: what is in a bucket lies together, and is sorted
// where the processor has it at hand. One by one, all over memory, they would take several times longer.
import { expectKeys, keyDepths, keyOfStack, keyStep } from './keys';
import { alloc } from './memory';
import { count } from './samples';
import { sortKeys } from './sort-stacks';
import { expectStacks, readStack, stack, stackEnd } from './stacks';

/** A processor can follow so many places where something is written. */
const MOST_BUCKETS: i32 = 1 << 9;
/** Samples in a bucket for which another one is worth it. */
const FEW: i32 = 256;
const BLOCK: i32 = 1 << 12;
/** A block starts with where the next one is, and where it ends. */
const BLOCK_HEAD: i32 = 8;
/** A stack starts with its sample, its frames, and its key. */
export const STACK_HEAD: i32 = 16;

/** Least keys of all buckets but the first, in ascending order. */
const splitters = memory.data(MOST_BUCKETS * 8);
/** Of each bucket 16 bytes: its first block, the one that is filled, where that goes on, how many samples. */
const buckets = memory.data(MOST_BUCKETS * 16);
let bucketCount: i32 = 1;
let filled: i32 = 0;
/** Frames of all stacks. */
let total: i64 = 0;
export let mostInBucket: i32 = 0;

/** Prepares to take samples. @param frames numbers of frames are below it. @returns whether that could be done */
export function expectBuckets(frames: i32): bool {
  if (!expectStacks() || !expectKeys(frames)) return false;
  const step = keyStep();
  const sampled = (count + step - 1) / step;
  const keys = alloc(<u64>sampled * 8);
  if (keys === 0) return false;
  for (let i = 0; i < sampled; i++) {
    if (!readStack(i * step, keyDepths())) return false;
    store<u64>(keys + (<usize>i << 3), keyOfStack());
  }
  sortKeys(keys, sampled);
  const most = min(MOST_BUCKETS, count / FEW);
  let before: u64 = 0;
  for (let i = 1; i < most; i++) {
    const key = load<u64>(keys + (<usize>(<u64>i * sampled / most) << 3));
    // What recurs often has one bucket
    if (key <= before) continue;
    store<u64>(splitters + (<usize>bucketCount << 3), key);
    bucketCount++;
    before = key;
  }
  return true;
}

/** Puts the next samples into buckets. @returns how many; -1 = a location does not exist, or there is no memory */
export function fill(most: i32): i32 {
  const first = filled;
  const last = min(count, first + most);
  for (; filled < last; filled++) {
    if (!readStack(filled, i32.MAX_VALUE >> 3)) return -1;
    const key = keyOfStack();
    const bucket = buckets + (<usize>bucketOf(key) << 4);
    const length = <i32>(stackEnd - stack);
    let at = <usize>load<u32>(bucket, 8);
    const block = <usize>load<u32>(bucket, 4);
    if (block === 0 || at + STACK_HEAD + length > block + BLOCK) {
      at = nextBlock(bucket, block, at, STACK_HEAD + length);
      if (at === 0) return -1;
    }
    store<i32>(at, filled);
    store<i32>(at, length >> 2, 4);
    store<u64>(at, key, 8);
    at += STACK_HEAD;
    for (let from = stack; from < stackEnd; from += 4, at += 4) store<i32>(at, load<i32>(from));
    store<u32>(bucket, <u32>at, 8);
    const inside = load<i32>(bucket, 12) + 1;
    store<i32>(bucket, inside, 12);
    mostInBucket = max(mostInBucket, inside);
    total += <i64>(length >> 2);
  }
  return filled - first;
}

/** At most so many nodes has the tree of all. */
export function mostNodes(): f64 {
  return <f64>total;
}

function bucketOf(key: u64): i32 {
  let from = 0;
  let size = bucketCount;
  // The last one whose least key is not above this one
  while (size > 1) {
    const half = size >> 1;
    // A product, not a branch that nobody could foresee
    from += half * <i32>(load<u64>(splitters + (<usize>(from + half) << 3)) <= key);
    size -= half;
  }
  return from;
}

/** @returns where the bucket goes on; 0 = there is no memory */
function nextBlock(bucket: usize, block: usize, at: usize, bytes: i32): usize {
  const next = alloc(<u64>max(BLOCK, BLOCK_HEAD + bytes));
  if (next === 0) return 0;
  if (block === 0) store<u32>(bucket, <u32>next);
  else {
    store<u32>(block, <u32>next);
    store<u32>(block, <u32>at, 4);
  }
  store<u32>(bucket, <u32>next, 4);
  return next + BLOCK_HEAD;
}

export function bucketsFound(): i32 {
  return bucketCount;
}

/**
 * Lists the stacks of a bucket.
 * @param keys gets their keys
 * @param stacks gets where they stand
 * @returns how many
 */
export function listBucket(index: i32, keys: usize, stacks: usize): i32 {
  const bucket = buckets + (<usize>index << 4);
  const last = <usize>load<u32>(bucket, 4);
  if (last === 0) return 0;
  store<u32>(last, load<u32>(bucket, 8), 4);
  let listed = 0;
  for (let block = <usize>load<u32>(bucket); block !== 0; block = <usize>load<u32>(block)) {
    const end = <usize>load<u32>(block, 4);
    for (let at = block + BLOCK_HEAD; at < end; at += STACK_HEAD + (load<i32>(at, 4) << 2)) {
      store<u64>(keys + (<usize>listed << 3), load<u64>(at, 8));
      store<u32>(stacks + (<usize>listed << 2), <u32>at);
      listed++;
    }
  }
  return listed;
}
