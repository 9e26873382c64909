// The first frames of each stack as one number: samples in the order of these are nearly in that of their stacks.
import { alloc, scratchStart } from './memory';
import { count, placeOf } from './samples';
import { readStack, stackEnd } from './stacks';

/** Frames of a stack that its key may hold, and the marks for them, a byte for each frame at each depth. */
const MOST_DEPTHS: i32 = 40;
const MOST_MARKS: i64 = 1 << 22;
/** So many stacks tell which frames occur at which depth. */
const LOOKED_AT: i32 = 1 << 16;
const MOST_KEY: f64 = 9.0e18;

export const RADIX_BITS: i32 = 11;
const DIGITS: i32 = 6;

let frameCount: i32 = 0;
let depths: i32 = 0;
/** Of each frame at each depth its digit: odd = this frame; even = one between two of those, or none. */
let digits: usize = 0;
/** What a digit at each depth is worth. */
let worth: usize = 0;
/** By digits of RADIX_BITS bits: how many keys have them. */
let histograms: usize = 0;
let keys: usize = 0;
let otherKeys: usize = 0;
let rows: usize = 0;
let otherRows: usize = 0;
let keyed: i32 = 0;

/** Takes memory for keys, and finds out what the digits of keys are. @returns whether that could be done */
export function expectKeys(frames: i32): bool {
  frameCount = frames;
  const most = <i32>min(<i64>MOST_DEPTHS, MOST_MARKS / max(frames, 1));
  keys = alloc(<u64>count * 8);
  otherKeys = alloc(<u64>count * 8);
  rows = alloc(<u64>count * 4);
  otherRows = alloc(<u64>count * 4);
  histograms = alloc((<u64>DIGITS << RADIX_BITS) * 4);
  digits = alloc(<u64>most * frames * 4);
  worth = alloc(<u64>MOST_DEPTHS * 8);
  if (!keys || !otherKeys || !rows || !otherRows || !histograms || !worth) return false;
  return most === 0 || frames === 0 || (digits !== 0 && chooseDigits(most));
}

function chooseDigits(most: i32): bool {
  const step = max(1, count / LOOKED_AT);
  for (let row = 0; row < count; row += step) if (!mark(row, most)) return false;
  let product: f64 = 1;
  for (; depths < most; depths++) {
    const column = digits + <usize>depths * frameCount * 4;
    let digit = 0;
    for (let i = 0; i < frameCount; i++) {
      const place = column + (i << 2);
      // Between this one and the one before are those that nobody has seen
      if (load<i32>(place) !== 0) {
        store<i32>(place, digit + 1);
        digit += 2;
      } else store<i32>(place, digit);
    }
    product *= <f64>(digit + 1);
    if (digit === 0 || product > MOST_KEY) break;
    store<u64>(worth + (depths << 3), <u64>(digit + 1));
  }
  let above: u64 = 1;
  for (let depth = depths - 1; depth >= 0; depth--) {
    const base = load<u64>(worth + (depth << 3));
    store<u64>(worth + (depth << 3), above);
    above *= base;
  }
  return true;
}

function mark(row: i32, most: i32): bool {
  const place = placeOf(row);
  const stack = scratchStart();
  if (!readStack(load<u32>(place), load<u32>(place, 4), stack, most)) return false;
  let column = digits;
  for (let at = stack; at < stackEnd; at += 4, column += <usize>frameCount * 4) {
    store<i32>(column + (<usize>load<i32>(at) << 2), 1);
  }
  return true;
}

/** Makes the keys of the next samples. @returns how many; -1 = some location does not exist */
export function makeKeys(most: i32): i32 {
  const first = keyed;
  const last = min(count, first + most);
  const stack = scratchStart();
  for (; keyed < last; keyed++) {
    const place = placeOf(keyed);
    if (!readStack(load<u32>(place), load<u32>(place, 4), stack, depths)) return -1;
    let key: u64 = 0;
    let column = digits;
    let weight = worth;
    for (let at = stack; at < stackEnd; at += 4, column += <usize>frameCount * 4, weight += 8) {
      const digit = load<i32>(column + (<usize>load<i32>(at) << 2));
      key += <u64>digit * load<u64>(weight);
      // What follows cannot be compared with what follows another one
      if ((digit & 1) === 0) break;
    }
    store<u64>(keys + (<usize>keyed << 3), key);
    store<i32>(rows + (<usize>keyed << 2), keyed);
    let histogram = histograms;
    for (let i = 0; i < DIGITS; i++, histogram += 4 << RADIX_BITS) {
      const slot = histogram + <usize>((<i32>key & ((1 << RADIX_BITS) - 1)) << 2);
      store<i32>(slot, load<i32>(slot) + 1);
      key >>= RADIX_BITS;
    }
  }
  return keyed - first;
}

/** Digits by which keys are sorted one after the other, the least first. */
export function passes(): i32 {
  return DIGITS;
}

/** Prepares a pass. @returns whether it is needed */
export function beginPass(pass: i32): bool {
  const histogram = histograms + (<usize>pass << (RADIX_BITS + 2));
  let before = 0;
  for (let i = 0; i < 1 << RADIX_BITS; i++) {
    const slot = histogram + (i << 2);
    const keysHere = load<i32>(slot);
    if (keysHere === count) return false;
    store<i32>(slot, before);
    before += keysHere;
  }
  return true;
}

/** Moves some keys to where a pass has them. */
export function sortKeys(pass: i32, from: i32, to: i32): void {
  const histogram = histograms + (<usize>pass << (RADIX_BITS + 2));
  const shift = <u64>(pass * RADIX_BITS);
  for (let i = from; i < min(to, count); i++) {
    const key = load<u64>(keys + (<usize>i << 3));
    const slot = histogram + <usize>((<i32>(key >> shift) & ((1 << RADIX_BITS) - 1)) << 2);
    const place = load<i32>(slot);
    store<i32>(slot, place + 1);
    store<u64>(otherKeys + (<usize>place << 3), key);
    store<i32>(otherRows + (<usize>place << 2), load<i32>(rows + (<usize>i << 2)));
  }
}

export function endPass(): void {
  const sortedKeys = otherKeys;
  const sortedRows = otherRows;
  otherKeys = keys;
  otherRows = rows;
  keys = sortedKeys;
  rows = sortedRows;
}

/** The row whose key is the i-th. */
// @ts-ignore: decorator
@inline export function rowAt(i: i32): i32 {
  return load<i32>(rows + (<usize>i << 2));
}

/** Behind the last key that equals the i-th. */
export function equalUpTo(i: i32): i32 {
  const key = load<u64>(keys + (<usize>i << 3));
  let end = i + 1;
  while (end < count && load<u64>(keys + (<usize>end << 3)) === key) end++;
  return end;
}

/** Two columns that are free where rows from the i-th on have equal keys: 8 bytes for each, and 4. */
// @ts-ignore: decorator
@inline export function freeKeys(i: i32): usize {
  return otherKeys + (<usize>i << 3);
}

// @ts-ignore: decorator
@inline export function freeRows(i: i32): usize {
  return otherRows + (<usize>i << 2);
}

/** Where keys stood that were found equal: 8 bytes for each. */
// @ts-ignore: decorator
@inline export function usedKeys(i: i32): usize {
  return keys + (<usize>i << 3);
}
