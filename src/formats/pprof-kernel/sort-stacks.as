// Puts stacks in the order of their frames: multikey quicksort (Bentley and Sedgewick 1997), several frames a key.
import { STACK_HEAD } from './buckets';

/** Below this many stacks each is put in its place one by one. */
const FEW: i32 = 16;
/** Keys are those that stacks were laid into buckets by; they say nothing of a depth. */
const FIRST: i32 = -1;
/** Parts that wait: of three the largest do, so that there are few. */
const todo = memory.data(12 * 256);

let keys: usize = 0;
let stacks: usize = 0;
let bits: u64 = 32;
let frames: i32 = 2;
let random: u32 = 0x9e3779b9;

/** @param frameCount numbers of frames are below it */
export function expectFrames(frameCount: i32): void {
  let most: u64 = 1;
  while (<i64>frameCount >= <i64>1 << most) most++;
  expectDigits(most);
}

/** @param most bits that a frame's number + 1 takes */
export function expectDigits(most: u64): void {
  bits = most;
  frames = <i32>(64 / most);
}

/**
 * @param count of stacks
 * @param keysAt their keys; overwritten
 * @param stacksAt where they stand; gets them in order
 */
export function sortStacks(count: i32, keysAt: usize, stacksAt: usize): void {
  keys = keysAt;
  stacks = stacksAt;
  sortParts(count, false);
}

/** Sorts keys that stand for nothing but themselves. */
export function sortKeys(keysAt: usize, count: i32): void {
  keys = keysAt;
  sortParts(count, true);
}

function sortParts(count: i32, keysAlone: bool): void {
  let waiting = 0;
  let from = 0;
  let to = count;
  let depth = FIRST;
  for (;;) {
    if (to - from < FEW) {
      if (keysAlone) insertKeys(from, to);
      else insert(from, to, depth);
    } else {
      const pivot = pivotOf(from, to);
      let less = from;
      let more = to;
      for (let i = from; i < more; ) {
        const key = load<u64>(keys + (<usize>i << 3));
        if (key < pivot) swap(less++, i++, keysAlone);
        else if (key > pivot) swap(i, --more, keysAlone);
        else i++;
      }
      const below = depth === FIRST ? 0 : depth + frames;
      // Those that go on are equal so far; those that ended there are all the same
      const ends = keysAlone || (depth !== FIRST && (pivot & ((<u64>1 << bits) - 1)) === 0);
      const first = waiting;
      waiting = put(first, waiting, from, less, depth);
      waiting = put(first, waiting, more, to, depth);
      if (!ends) {
        makeKeys(less, more, below);
        waiting = put(first, waiting, less, more, below);
      }
    }
    if (waiting === 0) return;
    const part = todo + <usize>(--waiting * 12);
    from = load<i32>(part);
    to = load<i32>(part, 4);
    depth = load<i32>(part, 8);
  }
}

/** Adds a part to those of its partition, which stand from `first` on: the smallest last, as it is taken first. */
function put(first: i32, waiting: i32, from: i32, to: i32, depth: i32): i32 {
  if (to - from < 2) return waiting;
  let part = todo + <usize>(waiting * 12);
  const lowest = todo + <usize>(first * 12);
  for (; part > lowest && load<i32>(part - 12, 4) - load<i32>(part - 12) < to - from; part -= 12) {
    memory.copy(part, part - 12, 12);
  }
  store<i32>(part, from);
  store<i32>(part, to, 4);
  store<i32>(part, depth, 8);
  return waiting + 1;
}

function makeKeys(from: i32, to: i32, depth: i32): void {
  for (let i = from; i < to; i++) {
    const stack = stackAt(i);
    const end = endOf(stack);
    let at = stack + STACK_HEAD + (<usize>depth << 2);
    let key: u64 = 0;
    for (let frame = 0; frame < frames; frame++) {
      key <<= bits;
      if (at < end) {
        key |= <u64>(load<u32>(at) + 1);
        at += 4;
      }
    }
    store<u64>(keys + (<usize>i << 3), key);
  }
}

/** The middle one of three that nobody can foresee. */
function pivotOf(from: i32, to: i32): u64 {
  const a = someKey(from, to);
  const b = someKey(from, to);
  const c = someKey(from, to);
  return a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;
}

function someKey(from: i32, to: i32): u64 {
  random ^= random << 13;
  random ^= random >> 17;
  random ^= random << 5;
  return load<u64>(keys + ((<usize>from + <usize>(random % <u32>(to - from))) << 3));
}

// @ts-ignore: decorator
@inline function swap(i: i32, j: i32, keysAlone: bool): void {
  const key = load<u64>(keys + (<usize>i << 3));
  store<u64>(keys + (<usize>i << 3), load<u64>(keys + (<usize>j << 3)));
  store<u64>(keys + (<usize>j << 3), key);
  if (keysAlone) return;
  const stack = stackAt(i);
  store<u32>(stacks + (<usize>i << 2), <u32>stackAt(j));
  store<u32>(stacks + (<usize>j << 2), <u32>stack);
}

function insertKeys(from: i32, to: i32): void {
  for (let i = from + 1; i < to; i++) {
    const key = load<u64>(keys + (<usize>i << 3));
    let j = i;
    for (; j > from && load<u64>(keys + (<usize>(j - 1) << 3)) > key; j--) {
      store<u64>(keys + (<usize>j << 3), load<u64>(keys + (<usize>(j - 1) << 3)));
    }
    store<u64>(keys + (<usize>j << 3), key);
  }
}

/** @param depth of their keys: up to there they are equal */
function insert(from: i32, to: i32, depth: i32): void {
  const same = depth === FIRST ? 0 : depth;
  for (let i = from + 1; i < to; i++) {
    const stack = stackAt(i);
    const key = load<u64>(keys + (<usize>i << 3));
    let j = i;
    for (; j > from; j--) {
      const otherKey = load<u64>(keys + (<usize>(j - 1) << 3));
      const other = stackAt(j - 1);
      if (key > otherKey || (key === otherKey && !before(stack, other, same))) break;
      store<u64>(keys + (<usize>j << 3), otherKey);
      store<u32>(stacks + (<usize>j << 2), <u32>other);
    }
    store<u64>(keys + (<usize>j << 3), key);
    store<u32>(stacks + (<usize>j << 2), <u32>stack);
  }
}

function before(a: usize, b: usize, depth: i32): bool {
  const endA = endOf(a);
  const endB = endOf(b);
  let i = a + STACK_HEAD + (<usize>depth << 2);
  let j = b + STACK_HEAD + (<usize>depth << 2);
  for (; i < endA && j < endB; i += 4, j += 4) {
    const left = load<u32>(i);
    const right = load<u32>(j);
    if (left !== right) return left < right;
  }
  return i >= endA && j < endB;
}

// @ts-ignore: decorator
@inline function stackAt(i: i32): usize {
  return <usize>load<u32>(stacks + (<usize>i << 2));
}

// @ts-ignore: decorator
@inline function endOf(stack: usize): usize {
  return stack + STACK_HEAD + (<usize>load<u32>(stack, 4) << 2);
}
