// Puts stacks in the order of their frames: multikey quicksort (Bentley and Sedgewick 1997), several frames a key. `Frame` is
// as wide as a frame's number.
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

/** Stacks are laid into so many bins at most, by the highest bits in which their keys differ. */
const MOST_BIN_BITS: i32 = 11;
const bins = memory.data((1 << MOST_BIN_BITS) * 4 + 4);

/**
 * Sorts stacks whose keys are well spread.
 * @param keysAt their keys
 * @param stacksAt where they stand
 * @param keysTo gets other keys
 * @param stacksTo gets where they stand, in order
 */
export function sortSpread<Frame>(count: i32, keysAt: usize, stacksAt: usize, keysTo: usize, stacksTo: usize): void {
  let least: u64 = u64.MAX_VALUE;
  let most: u64 = 0;
  for (let i = 0; i < count; i++) {
    const key = load<u64>(keysAt + (<usize>i << 3));
    least = min(least, key);
    most = max(most, key);
  }
  const bits = min(MOST_BIN_BITS, 32 - clz(count));
  const shift = max(0, <i64>(64 - bits) - <i64>clz(most - least));
  memory.fill(bins, 0, (1 << bits) * 4 + 4);
  for (let i = 0; i < count; i++) {
    const bin = bins + (<usize>((load<u64>(keysAt + (<usize>i << 3)) - least) >> <u64>shift) << 2);
    store<i32>(bin, load<i32>(bin, 4) + 1, 4);
  }
  for (let bin = bins; bin < bins + (1 << bits) * 4; bin += 4) store<i32>(bin, load<i32>(bin) + load<i32>(bin, 4), 4);
  for (let i = 0; i < count; i++) {
    const key = load<u64>(keysAt + (<usize>i << 3));
    const bin = bins + (<usize>((key - least) >> <u64>shift) << 2);
    const place = <usize>load<i32>(bin);
    store<i32>(bin, <i32>place + 1);
    store<u64>(keysTo + (place << 3), key);
    store<u32>(stacksTo + (place << 2), load<u32>(stacksAt + (<usize>i << 2)));
  }
  keys = keysTo;
  stacks = stacksTo;
  let from = 0;
  for (let bin = bins; from < count; bin += 4) {
    const to = load<i32>(bin);
    if (to - from > 1) sortParts<Frame>(from, to, false);
    from = to;
  }
}

/** Makes keys for {@link sortSpread} of the first frames that not all stacks have in common. */
export function spreadKeys<Frame>(count: i32, keysAt: usize, stacksAt: usize): void {
  keys = keysAt;
  stacks = stacksAt;
  if (count > 0) makeKeys<Frame>(0, count, sharedFrames<Frame>(0, count, 0));
}

/** Sorts keys that stand for nothing but themselves. */
export function sortKeys(keysAt: usize, count: i32): void {
  keys = keysAt;
  sortParts<u32>(0, count, true);
}

function sortParts<Frame>(first: i32, end: i32, keysAlone: bool): void {
  let waiting = 0;
  let from = first;
  let to = end;
  let depth = FIRST;
  for (;;) {
    if (to - from < FEW) {
      if (keysAlone) insertKeys(from, to);
      else insert<Frame>(from, to, depth);
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
      const lowest = waiting;
      waiting = put(lowest, waiting, from, less, depth);
      waiting = put(lowest, waiting, more, to, depth);
      if (!ends && more - less > 1) {
        const shared = sharedFrames<Frame>(less, more, below);
        makeKeys<Frame>(less, more, shared);
        waiting = put(lowest, waiting, less, more, shared);
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

/** How many frames all have in common, of which so many are known. */
function sharedFrames<Frame>(from: i32, to: i32, known: i32): i32 {
  const first = stackAt(from);
  const start = first + STACK_HEAD;
  let most = load<i32>(first, 4);
  for (let i = from + 1; i < to && most > known; i++) {
    const stack = stackAt(i);
    const other = stack + STACK_HEAD - start;
    most = min(most, load<i32>(stack, 4));
    const end = start + <usize>most * sizeof<Frame>();
    let at = behindSame(start + <usize>known * sizeof<Frame>(), other, end);
    while (at < end && load<Frame>(at) === load<Frame>(at + other)) at += sizeof<Frame>();
    most = <i32>(at - start) / <i32>sizeof<Frame>();
  }
  return max(most, known);
}

/** Behind most of what is the same `other` bytes further on, eight bytes a step. */
// @ts-ignore: decorator
@inline export function behindSame(from: usize, other: usize, end: usize): usize {
  let at = from;
  while (at + 8 <= end && load<u64>(at) === load<u64>(at + other)) at += 8;
  return at;
}

function makeKeys<Frame>(from: i32, to: i32, depth: i32): void {
  const skipped: usize = STACK_HEAD + <usize>depth * sizeof<Frame>();
  for (let i = from; i < to; i++) {
    const stack = stackAt(i);
    const end = endOf<Frame>(stack);
    let at = stack + skipped;
    let key: u64 = 0;
    for (let frame = 0; frame < frames; frame++) {
      key <<= bits;
      if (at < end) {
        key |= <u64>load<Frame>(at) + 1;
        at += sizeof<Frame>();
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
function insert<Frame>(from: i32, to: i32, depth: i32): void {
  const same = depth === FIRST ? 0 : depth;
  for (let i = from + 1; i < to; i++) {
    const stack = stackAt(i);
    const key = load<u64>(keys + (<usize>i << 3));
    let j = i;
    for (; j > from; j--) {
      const otherKey = load<u64>(keys + (<usize>(j - 1) << 3));
      const other = stackAt(j - 1);
      if (key > otherKey || (key === otherKey && !before<Frame>(stack, other, same))) break;
      store<u64>(keys + (<usize>j << 3), otherKey);
      store<u32>(stacks + (<usize>j << 2), <u32>other);
    }
    store<u64>(keys + (<usize>j << 3), key);
    store<u32>(stacks + (<usize>j << 2), <u32>stack);
  }
}

function before<Frame>(a: usize, b: usize, depth: i32): bool {
  const endA = endOf<Frame>(a);
  const endB = endOf<Frame>(b);
  const other = b - a;
  const end = min(endA, endB - other);
  let at = behindSame(a + STACK_HEAD + <usize>depth * sizeof<Frame>(), other, end);
  for (; at < end; at += sizeof<Frame>()) {
    const left = load<Frame>(at);
    const right = load<Frame>(at + other);
    if (left !== right) return left < right;
  }
  return at >= endA && at + other < endB;
}

// @ts-ignore: decorator
@inline function stackAt(i: i32): usize {
  return <usize>load<u32>(stacks + (<usize>i << 2));
}

// @ts-ignore: decorator
@inline function endOf<Frame>(stack: usize): usize {
  return stack + STACK_HEAD + <usize>load<u32>(stack, 4) * sizeof<Frame>();
}
