// Stacks are laid into buckets by their keys, each above the one before it: what is in a bucket lies together, and is sorted
// where the processor has it at hand. One by one, all over memory, they would take several times longer.
import { expectKeys, keyDepths, keyOfStack, keyStep } from './keys';
import { take } from './memory';
import { count, messagesAt, placeOf } from './samples';
import { sortKeys } from './sort-stacks';
import { expectStacks, isNarrow, readStack, stack, stackEnd } from './stacks';

/** A processor can follow so many places where something is written. */
const MOST_BUCKETS: i32 = 1 << 9;
/** Samples in a bucket for which another one is worth it. */
const FEW: i32 = 256;
const BLOCK: usize = 1 << 12;
/** A block starts with where the next one is, and where it ends. */
const BLOCK_HEAD: usize = 8;
/** A stack starts with its sample, its frames, and its key; it takes a multiple of eight bytes. */
export const STACK_HEAD: usize = 16;

/** Least keys of all buckets but the first, in ascending order. */
const splitters = memory.data(MOST_BUCKETS * 8);
/** The highest bits of keys, from the least splitter to the greatest: of each such part the bucket of its least key. */
const PART_BITS: u64 = 12;
const parts = memory.data((1 << 12) * 2 + 4);
let firstKey: u64 = 0;
let partShift: u64 = 0;
/** Of each bucket 16 bytes: its first block, the one that is filled, where that goes on, how many samples. */
const buckets = memory.data(MOST_BUCKETS * 16);
let bucketCount: i32 = 1;
let filled: i32 = 0;
/** Frames take 16 bits here. */
export let narrow: bool = false;
/** Frames of all stacks. */
let total: i64 = 0;
export let mostInBucket: i32 = 0;

/** Whether blocks may be made where messages of samples stand that were put into buckets, and where the next one goes. */
let spareSamples: bool = false;
let spareAt: usize = 0;

/** Messages of samples may be written over, once they were read. */
export function overwriteSamples(): void {
  spareSamples = true;
  spareAt = (messagesAt + 7) & ~7;
}

/** Prepares to take samples. @param frames numbers of frames are below it. @returns whether that could be done */
export function expectBuckets(frames: i32): bool {
  narrow = isNarrow(frames);
  return narrow ? expectBucketsOf<u16>(frames) : expectBucketsOf<u32>(frames);
}

function expectBucketsOf<Frame>(frames: i32): bool {
  if (!expectStacks<Frame>() || !expectKeys<Frame>(frames)) return false;
  const step = keyStep();
  const sampled = (count + step - 1) / step;
  const keys = take(<u64>sampled * 8);
  if (keys === 0) return false;
  for (let i = 0; i < sampled; i++) {
    if (!readStack<Frame>(i * step, keyDepths())) return false;
    store<u64>(keys + (<usize>i << 3), keyOfStack<Frame>());
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
  makeParts();
  return true;
}

function makeParts(): void {
  firstKey = splitterOf(min(1, bucketCount - 1));
  const range = splitterOf(bucketCount - 1) - firstKey;
  partShift = <u64>max(0, 64 - <i64>clz(range) - <i64>PART_BITS);
  let bucket = 0;
  for (let part: u64 = 0; part <= <u64>1 << PART_BITS; part++) {
    const least = firstKey + (part << partShift);
    while (bucket + 1 < bucketCount && splitterOf(bucket + 1) <= least) bucket++;
    store<u16>(parts + (<usize>part << 1), <u16>bucket);
  }
}

// @ts-ignore: decorator
@inline function splitterOf(bucket: i32): u64 {
  return load<u64>(splitters + (<usize>bucket << 3));
}

/** Puts the next samples into buckets. @returns how many; -1 = a location does not exist, or there is no memory */
export function fill(most: i32): i32 {
  return narrow ? fillOf<u16>(most) : fillOf<u32>(most);
}

function fillOf<Frame>(most: i32): i32 {
  const first = filled;
  const last = min(count, first + most);
  for (; filled < last; filled++) {
    if (!readStack<Frame>(filled, i32.MAX_VALUE >> 3)) return -1;
    const key = keyOfStack<Frame>();
    const bucket = buckets + (<usize>bucketOf(key) << 4);
    const length = stackEnd - stack;
    let at = <usize>load<u32>(bucket, 8);
    const block = <usize>load<u32>(bucket, 4);
    if (block === 0 || at + STACK_HEAD + length + 7 > block + BLOCK) {
      at = nextBlock(bucket, block, at, STACK_HEAD + length + 7);
      if (at === 0) return -1;
    }
    const size = <i32>length / <i32>sizeof<Frame>();
    store<i32>(at, filled);
    store<i32>(at, size, 4);
    store<u64>(at, key, 8);
    at += STACK_HEAD;
    for (let from = stack; from < stackEnd; from += 8, at += 8) store<u64>(at, load<u64>(from));
    store<u32>(bucket, <u32>at, 8);
    const inside = load<i32>(bucket, 12) + 1;
    store<i32>(bucket, inside, 12);
    mostInBucket = max(mostInBucket, inside);
    total += <i64>size;
  }
  return filled - first;
}

/** At most so many nodes has the tree of all. */
export function mostNodes(): f64 {
  return <f64>total;
}

function bucketOf(key: u64): i32 {
  if (key < firstKey) return 0;
  const part = parts + (<usize>min((key - firstKey) >> partShift, (<u64>1 << PART_BITS) - 1) << 1);
  let from = <i32>load<u16>(part);
  // Of the last part no end is known
  let size = (part === parts + (1 << 12) * 2 - 2 ? bucketCount : <i32>load<u16>(part, 2) + 1) - from;
  // The last one whose least key is not above this one
  while (size > 1) {
    const half = size >> 1;
    // A product, not a branch that nobody could foresee
    from += half * <i32>(splitterOf(from + half) <= key);
    size -= half;
  }
  return from;
}

/** @returns where the bucket goes on; 0 = there is no memory */
function nextBlock(bucket: usize, block: usize, at: usize, bytes: usize): usize {
  const next = someBlock(max(BLOCK, BLOCK_HEAD + bytes));
  if (next === 0) return 0;
  store<u32>(next, 0);
  if (block === 0) store<u32>(bucket, <u32>next);
  else {
    store<u32>(block, <u32>next);
    store<u32>(block, <u32>at, 4);
  }
  store<u32>(bucket, <u32>next, 4);
  return next + BLOCK_HEAD;
}

function someBlock(least: usize): usize {
  const bytes = (least + 7) & ~7;
  if (!spareSamples || spareAt + bytes > <usize>load<u32>(placeOf(filled))) return take(<u64>bytes);
  const block = spareAt;
  spareAt += bytes;
  return block;
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
export function listBucket<Frame>(index: i32, keys: usize, stacks: usize): i32 {
  const bucket = buckets + (<usize>index << 4);
  const last = <usize>load<u32>(bucket, 4);
  if (last === 0) return 0;
  store<u32>(last, load<u32>(bucket, 8), 4);
  let listed = 0;
  for (let block = <usize>load<u32>(bucket); block !== 0; block = <usize>load<u32>(block)) {
    const end = <usize>load<u32>(block, 4);
    for (let at = block + BLOCK_HEAD; at < end; at += STACK_HEAD + framesBytes<Frame>(at)) {
      store<u64>(keys + (<usize>listed << 3), load<u64>(at, 8));
      store<u32>(stacks + (<usize>listed << 2), <u32>at);
      listed++;
    }
  }
  return listed;
}

/** Bytes that the frames of a stack take, with what is behind them. */
// @ts-ignore: decorator
@inline function framesBytes<Frame>(stack: usize): usize {
  return (<usize>load<u32>(stack, 4) * sizeof<Frame>() + 7) & ~7;
}
