// AssemblyScript: what the kernel stands on when it is compiled to WebAssembly. memory.ts is the same for JavaScript.

const PAGE: usize = 65536;
/** Pages at once, 16 MiB: each time that memory grows, the engine may collect garbage. */
const STEP: i32 = 256;
const SMALL_STEP: i32 = 64;
/** Bytes that a table of hashes may grow to without moving: until they are used they cost nothing. */
const ROOM_TO_GROW: i32 = 1 << 22;
const SMALL_ROOM: i32 = 1 << 20;
let step: i32 = STEP;
let room: i32 = ROOM_TO_GROW;

/** Whether much is to come: what is taken in advance costs nothing then, but the engine counts it. */
export function expectMuch(much: bool): void {
  step = much ? STEP : SMALL_STEP;
  room = much ? ROOM_TO_GROW : SMALL_ROOM;
}

export function roomToGrow(): i32 {
  return room;
}

// Nothing lies at 0, which stands for "none". What the tables start with is there at once (scripts/kernel.mjs).
let top: usize = (__heap_base + 31) & ~15;

/** Room that is never given back, filled with zeros, at a multiple of 16. 0 where there is no memory left. */
export function alloc(bytes: i32): i32 {
  const start = top;
  top += <usize>((bytes + 15) & ~15);
  if (top > 0x7fffffff) {
    top = start;
    return 0;
  }
  const missing = <i32>((top + PAGE - 1) / PAGE) - memory.size();
  if (missing > 0 && (missing >= step || memory.grow(step) < 0) && memory.grow(missing) < 0) {
    top = start;
    return 0;
  }
  return <i32>start;
}

// @ts-ignore: decorator
@inline export function u8At(at: i32): i32 {
  return <i32>load<u8>(<usize>at);
}

// @ts-ignore: decorator
@inline export function i32At(at: i32): i32 {
  return load<i32>(<usize>at);
}

// @ts-ignore: decorator
@inline export function setI32(at: i32, value: i32): void {
  store<i32>(<usize>at, value);
}

// @ts-ignore: decorator
@inline export function setU8(at: i32, value: i32): void {
  store<u8>(<usize>at, <u8>value);
}

// @ts-ignore: decorator
@inline export function f64At(at: i32): f64 {
  return load<f64>(<usize>at);
}

// @ts-ignore: decorator
@inline export function setF64(at: i32, value: f64): void {
  store<f64>(<usize>at, value);
}

// @ts-ignore: decorator
@inline export function copyBytes(to: i32, from: i32, length: i32): void {
  memory.copy(<usize>to, <usize>from, <usize>length);
}

// @ts-ignore: decorator
@inline export function toF64(value: i32): f64 {
  return <f64>value;
}

// @ts-ignore: decorator
@inline export function toI32(value: f64): i32 {
  return <i32>value;
}

// @ts-ignore: decorator
@inline export function floorOf(value: f64): f64 {
  return floor<f64>(value);
}

const K0: u64 = 0x9e3779b97f4a7c15;
const K1: u64 = 0xc2b2ae3d27d4eb4f;
let seed: u64 = K1;
let high: i32 = 0;

/** Hashes are made with this from now on. */
export function seedHash(low: i32, upper: i32): void {
  seed = (<u64>(<u32>upper) << 32) | <u64>(<u32>low);
}

/**
 * The lower half of 64 bits: two lanes of multiply and rotate, 16 bytes a step; the last piece overlaps the one before
 * it. `hashHigh` is the upper half.
 */
// @ts-ignore: decorator
@inline export function hashBytes(at: i32, length: i32): i32 {
  let p = <usize>at;
  const end = p + <usize>length;
  let a: u64 = K0 ^ seed;
  let b: u64 = seed + <u64>length;
  if (length >= 16) {
    for (; p + 16 <= end; p += 16) {
      a = rotl<u64>((a ^ load<u64>(p)) * K0, 29);
      b = rotl<u64>((b ^ load<u64>(p + 8)) * K1, 31);
    }
    if (p < end) {
      a = rotl<u64>((a ^ load<u64>(end - 16)) * K0, 29);
      b = rotl<u64>((b ^ load<u64>(end - 8)) * K1, 31);
    }
  } else {
    for (; p < end; p++) a = rotl<u64>((a ^ <u64>load<u8>(p)) * K0, 29);
  }
  return mixed(a, b);
}

/** The same of a row: a number and 16 more. What was written with wide stores is read as it was written. */
export function hashRow(row: i32): i32 {
  let p = <usize>row + 4;
  const end = p + 64;
  let a: u64 = K0 ^ seed;
  let b: u64 = seed + <u64>load<u32>(<usize>row) * K0;
  for (; p < end; p += 16) {
    a = rotl<u64>((a ^ load<u64>(p)) * K0, 29);
    b = rotl<u64>((b ^ load<u64>(p + 8)) * K1, 31);
  }
  return mixed(a, b);
}

// @ts-ignore: decorator
@inline function mixed(a: u64, b: u64): i32 {
  let hash = (a ^ rotl<u64>(b, 32)) * K1;
  hash = (hash ^ (hash >> 29)) * K0;
  hash ^= hash >> 32;
  high = <i32>(hash >> 32);
  return <i32>hash;
}

/** Copies `count` numbers, 16 at most, and fills up to 16 with -1; reads 16. */
export function copyRow(to: i32, from: i32, count: i32): void {
  const none = i32x4.splat(-1);
  for (let i = 0; i < 16; i += 4) {
    const own = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count - i));
    v128.store(<usize>(to + i * 4), v128.bitselect(v128.load(<usize>(from + i * 4)), none, own));
  }
}

// @ts-ignore: decorator
@inline export function hashHigh(): i32 {
  return high;
}

/** How many bytes before two ends are the same, counted in steps of 16 until one is not; `most` or a little more at most. */
export function commonTail(one: i32, other: i32, most: i32): i32 {
  let length = 0;
  while (length < most) {
    const a = i8x16.eq(v128.load(<usize>(one - length - 16)), v128.load(<usize>(other - length - 16)));
    const b = i8x16.eq(v128.load(<usize>(one - length - 32)), v128.load(<usize>(other - length - 32)));
    const same = (i8x16.bitmask(a) << 16) | i8x16.bitmask(b);
    if (same !== -1) return length + clz(~same);
    length += 32;
  }
  return length;
}

export function equalBytes(one: i32, other: i32, length: i32): bool {
  return memory.compare(<usize>one, <usize>other, <usize>length) === 0;
}

/**
 * Where the lines end from `from` on, until two ends stand side by side.
 * @param ends gets the address of each line end (i32), at most `room` of them
 * @returns the number of lines before the blank one; -1 where it does not come before `limit`; -2 for too many lines
 */
export function splitLines(from: i32, limit: i32, ends: i32, room: i32): i32 {
  const newline = i8x16.splat(10);
  let p = <usize>from;
  const end = <usize>limit;
  let last = <i32>p - 1;
  let to = <usize>ends;
  const full = to + (<usize>room << 2);
  for (; p < end; p += 64) {
    const a = i8x16.eq(v128.load(p), newline);
    const b = i8x16.eq(v128.load(p, 16), newline);
    const c = i8x16.eq(v128.load(p, 32), newline);
    const d = i8x16.eq(v128.load(p, 48), newline);
    let bits = <u64>(i8x16.bitmask(a) | (i8x16.bitmask(b) << 16)) & 0xffffffff;
    bits |= <u64>(i8x16.bitmask(c) | (i8x16.bitmask(d) << 16)) << 32;
    while (bits !== 0) {
      const at = <i32>p + <i32>ctz(bits);
      if (at >= limit) return -1;
      if (at === last + 1) return <i32>(to - <usize>ends) >> 2;
      if (to === full) return -2;
      store<i32>(to, at);
      to += 4;
      last = at;
      bits &= bits - 1;
    }
  }
  return -1;
}
