// Puts a few stacks, or all, in the order of their frames: multikey quicksort (Bentley and Sedgewick 1997), several frames a key.

/** Below this many stacks each is put in its place one by one. */
const FEW: i32 = 20;
/** Parts that wait: of three the largest do, so that there are few. */
const todo = memory.data(12 * 256);

/** Start and end of each stack, 8 bytes. */
let places: usize = 0;
let keys: usize = 0;
let order: usize = 0;
let bits: u64 = 32;
let frames: i32 = 2;
let random: u32 = 0x9e3779b9;

/** @param frameCount numbers of frames are below it */
export function expectFrames(frameCount: i32): void {
  bits = 1;
  while (<i64>frameCount >= <i64>1 << bits) bits++;
  frames = <i32>(64 / bits);
}

/**
 * @param count of stacks
 * @param placesAt start and end of each
 * @param keysAt room for 8 bytes each
 * @param orderAt gets their numbers, from 0 up
 */
export function sortRun(count: i32, placesAt: usize, keysAt: usize, orderAt: usize): void {
  places = placesAt;
  keys = keysAt;
  order = orderAt;
  for (let i = 0; i < count; i++) store<i32>(order + (i << 2), i);
  if (count < FEW) insert(0, count, 0);
  else sortParts(count);
}

function sortParts(count: i32): void {
  let waiting = 0;
  let from = 0;
  let to = count;
  let depth = 0;
  makeKeys(from, to, depth);
  for (;;) {
    if (to - from < FEW) insert(from, to, depth);
    else {
      const pivot = pivotOf(from, to);
      let less = from;
      let more = to;
      for (let i = from; i < more; ) {
        const key = load<u64>(keys + (<usize>i << 3));
        if (key < pivot) swap(less++, i++);
        else if (key > pivot) swap(i, --more);
        else i++;
      }
      // Those that go on are equal so far; those that ended there are all the same
      const ends = (pivot & ((<u64>1 << bits) - 1)) === 0;
      if (!ends) makeKeys(less, more, depth + frames);
      const first = waiting;
      waiting = put(first, waiting, from, less, depth);
      waiting = put(first, waiting, more, to, depth);
      if (!ends) waiting = put(first, waiting, less, more, depth + frames);
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
    const place = places + (<usize>load<i32>(order + (<usize>i << 2)) << 3);
    const end = <usize>load<u32>(place, 4);
    let at = <usize>load<u32>(place) + (<usize>depth << 2);
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
  return max(min(a, b), min(max(a, b), c));
}

function someKey(from: i32, to: i32): u64 {
  random ^= random << 13;
  random ^= random >> 17;
  random ^= random << 5;
  return load<u64>(keys + ((<usize>from + <usize>(random % <u32>(to - from))) << 3));
}

// @ts-ignore: decorator
@inline function swap(i: i32, j: i32): void {
  const stack = load<i32>(order + (<usize>i << 2));
  store<i32>(order + (<usize>i << 2), load<i32>(order + (<usize>j << 2)));
  store<i32>(order + (<usize>j << 2), stack);
  const key = load<u64>(keys + (<usize>i << 3));
  store<u64>(keys + (<usize>i << 3), load<u64>(keys + (<usize>j << 3)));
  store<u64>(keys + (<usize>j << 3), key);
}

/** @param depth up to which they are equal */
function insert(from: i32, to: i32, depth: i32): void {
  for (let i = from + 1; i < to; i++) {
    const stack = load<i32>(order + (<usize>i << 2));
    let j = i;
    for (; j > from; j--) {
      const other = load<i32>(order + (<usize>(j - 1) << 2));
      if (!before(stack, other, depth)) break;
      store<i32>(order + (<usize>j << 2), other);
    }
    store<i32>(order + (<usize>j << 2), stack);
  }
}

function before(a: i32, b: i32, depth: i32): bool {
  const placeA = places + (<usize>a << 3);
  const placeB = places + (<usize>b << 3);
  let i = <usize>load<u32>(placeA) + (<usize>depth << 2);
  let j = <usize>load<u32>(placeB) + (<usize>depth << 2);
  const endA = <usize>load<u32>(placeA, 4);
  const endB = <usize>load<u32>(placeB, 4);
  for (; i < endA && j < endB; i += 4, j += 4) {
    const left = load<u32>(i);
    const right = load<u32>(j);
    if (left !== right) return left < right;
  }
  return i >= endA && j < endB;
}
