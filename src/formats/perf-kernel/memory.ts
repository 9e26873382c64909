/** What kernel.ts stands on in JavaScript: one growing block of bytes. memory.as is the same for WebAssembly. */

/** Nothing of the kernel's lies at 0. */
const START = 16;
let buffer = new ArrayBuffer(0);
let bytes = new Uint8Array(buffer);
let ints = new Int32Array(buffer);
let floats = new Float64Array(buffer);
let view = new DataView(buffer);
let top = START;

/** Only WebAssembly takes memory in advance: here what is never used costs as much as any other. */
export function expectMuch(_much: bool): void {}

export function roomToGrow(): i32 {
  return 0;
}

/** Forgets all that was allocated. */
export function clearMemory(): void {
  top = START;
  use(new ArrayBuffer(1 << 22));
}

/** All memory. Valid until the next allocation. */
export function memoryBuffer(): ArrayBuffer {
  return buffer;
}

/** Room that is never given back, filled with zeros, at a multiple of 16. 0 where there is no memory left. */
export function alloc(length: i32): i32 {
  const start = top;
  top += (length + 15) & ~15;
  if (top > buffer.byteLength) {
    if (top > 0x7fffffff) return 0;
    const grown = new ArrayBuffer(Math.min(0x7fffffff & ~15, Math.max(top, buffer.byteLength * 2)));
    new Uint8Array(grown).set(bytes);
    use(grown);
  }
  return start;
}

function use(next: ArrayBuffer): void {
  buffer = next;
  bytes = new Uint8Array(buffer);
  ints = new Int32Array(buffer);
  floats = new Float64Array(buffer);
  view = new DataView(buffer);
}

export function u8At(at: i32): i32 {
  return bytes[at]!;
}

export function i32At(at: i32): i32 {
  return ints[at >> 2]!;
}

export function setI32(at: i32, value: i32): void {
  ints[at >> 2] = value;
}

export function setU8(at: i32, value: i32): void {
  bytes[at] = value;
}

export function f64At(at: i32): f64 {
  return floats[at >> 3]!;
}

export function setF64(at: i32, value: f64): void {
  floats[at >> 3] = value;
}

export function copyBytes(to: i32, from: i32, length: i32): void {
  bytes.copyWithin(to, from, from + length);
}

export function toF64(value: i32): f64 {
  return value;
}

export function toI32(value: f64): i32 {
  return value | 0;
}

export function floorOf(value: f64): f64 {
  return Math.floor(value);
}

let seedLow = 0;
let seedUpper = 0;
let high = 0;

/** Hashes are made with this from now on. */
export function seedHash(low: i32, upper: i32): void {
  seedLow = low;
  seedUpper = upper;
}

/**
 * The lower half of 64 bits: two hashes, four bytes a step, mixed as MurmurHash2 does; the last piece overlaps the one
 * before it. `hashHigh` is the upper half.
 */
export function hashBytes(at: i32, length: i32): i32 {
  let a = seedLow ^ length;
  let b = seedUpper;
  if (length < 4) {
    for (let i = 0; i < length; i++) {
      a = Math.imul(a ^ bytes[at + i]!, 0x5bd1e995);
      b = Math.imul(b ^ bytes[at + i]!, 0x85ebca6b);
    }
  } else {
    const last = at + length - 4;
    for (let i = at; ; i = Math.min(i + 4, last)) {
      const word = view.getInt32(i, true);
      a = Math.imul(a ^ word, 0x5bd1e995);
      a ^= a >>> 15;
      b = Math.imul(b ^ word, 0x85ebca6b);
      b ^= b >>> 13;
      if (i === last) break;
    }
  }
  a = Math.imul(a ^ (a >>> 13), 0x5bd1e995);
  high = Math.imul(b ^ (b >>> 16), 0xc2b2ae35);
  high ^= high >>> 13;
  return a ^ (a >>> 15);
}

/** The same of a row: a number and 16 more. */
export function hashRow(row: i32): i32 {
  return hashBytes(row, 68);
}

/** Copies `count` numbers, 16 at most, and fills up to 16 with -1. */
export function copyRow(to: i32, from: i32, count: i32): void {
  for (let i = 0; i < 16; i++) ints[(to >> 2) + i] = i < count ? ints[(from >> 2) + i]! : -1;
}

export function hashHigh(): i32 {
  return high;
}

/** How many bytes before two ends are the same; `most` or a little more at most. */
export function commonTail(one: i32, other: i32, most: i32): i32 {
  let length = 0;
  while (length < most && bytes[one - length - 1] === bytes[other - length - 1]) length++;
  return length;
}

export function equalBytes(one: i32, other: i32, length: i32): bool {
  for (let i = 0; i < length; i++) if (bytes[one + i] !== bytes[other + i]) return false;
  return true;
}

/**
 * Where the lines end from `from` on, until two ends stand side by side.
 * @param ends gets the address of each line end (i32), at most `room` of them
 * @returns the number of lines before the blank one; -1 where it does not come before `limit`; -2 for too many lines
 */
export function splitLines(from: i32, limit: i32, ends: i32, room: i32): i32 {
  let last = from - 1;
  let count = 0;
  for (let at = from; at < limit; at++) {
    if (bytes[at] !== 10) continue;
    if (at === last + 1) return count;
    if (count === room) return -2;
    ints[(ends >> 2) + count++] = at;
    last = at;
  }
  return -1;
}
