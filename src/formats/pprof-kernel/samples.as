// Samples: from messages to where their locations stand, and to columns of values.
import { alloc, take } from './memory';
import { next, read, readEnd } from './varints';

/** Samples at a time. */
export const MOST_SAMPLES: i32 = 1 << 12;

const MOST_EXACT: i64 = 9007199254740991;

export let count: i32 = 0;
/** Start and end of each sample's locations, varints leaf first. */
let places: usize = 0;
let valueCount: i32 = 0;
/** Columns of MOST_SAMPLES doubles, and the greatest value that was ever in each. */
let values: usize = 0;
let greatestValues: usize = 0;
/** Next to be read. */
let at: usize = 0;
let rawEnd: usize = 0;
let row: i32 = 0;
let inexactValues: i32 = 0;
let labelled: i32 = 0;
let moved: bool = false;
/** Bytes of the longest list of locations. */
export let longest: i32 = 0;

/** Takes memory for samples. @returns where values go; 0 = there is no memory */
export function expectSamples(samples: i32, valueTypes: i32): i32 {
  count = samples;
  valueCount = valueTypes;
  places = take(<u64>samples * 8);
  values = take(<u64>valueTypes * MOST_SAMPLES * 8);
  greatestValues = alloc(<u64>valueTypes * 8);
  return !places || !greatestValues ? 0 : <i32>values;
}

/** Where their messages stand. */
export let messagesAt: usize = 0;

/** Their messages stand from `from` on. */
export function beginSamples(from: usize, to: usize): void {
  messagesAt = from;
  at = from;
  rawEnd = to;
}

/** Reads the next samples, MOST_SAMPLES at most. @returns how many; -1 = one of them is odd */
export function samples(): i32 {
  const first = row;
  const last = min(count, first + MOST_SAMPLES);
  for (; row < last; row++) if (!sample(row, values + ((row - first) << 3))) return -1;
  return row === count && at !== rawEnd ? -1 : row - first;
}

function sample(row: i32, into: usize): bool {
  if (load<u8>(at) !== 0x12) return false;
  const end = readEnd(at + 1, rawEnd);
  if (end === 0) return false;
  let p = next;
  // Where locations stand in several parts, the later ones are put behind the first: what is there was read
  let from: usize = 0;
  let to: usize = 0;
  let found: i32 = 0;
  let hasLabels = 0;
  while (p < end) {
    const tag = load<u8>(p++);
    if (tag === 0x08) {
      read(p);
      if (next === 0) return false;
      if (from === 0) from = to = p;
      if (to !== p) {
        memory.copy(to, p, next - p);
        moved = true;
      }
      to += next - p;
      p = next;
    } else if (tag === 0x10) {
      if (!value(p, found++, into)) return false;
      p = next;
    } else {
      if (tag !== 0x0a && tag !== 0x12 && tag !== 0x1a) return false;
      const blockEnd = readEnd(p, end);
      if (blockEnd === 0) return false;
      p = next;
      if (tag === 0x12) {
        while (p < blockEnd) {
          if (!value(p, found++, into)) return false;
          p = next;
        }
        if (p !== blockEnd) return false;
      } else if (tag === 0x1a) hasLabels = 1;
      else if (p < blockEnd) {
        if (load<u8>(blockEnd - 1) >= 0x80) return false;
        if (from === 0) from = to = p;
        if (to !== p) {
          memory.copy(to, p, blockEnd - p);
          moved = true;
        }
        to += blockEnd - p;
      }
      p = blockEnd;
    }
  }
  if (p !== end || found !== valueCount) return false;
  store<u32>(places + (<usize>row << 3), <u32>from);
  store<u32>(places + (<usize>row << 3), <u32>to, 4);
  longest = max(longest, <i32>(to - from));
  labelled += hasLabels;
  at = end;
  return true;
}

// @ts-ignore: decorator
@inline function value(from: usize, column: i32, into: usize): bool {
  const weight = <i64>read(from);
  if (next === 0 || weight < 0 || column >= valueCount) return false;
  if (weight > MOST_EXACT) inexactValues++;
  const most = greatestValues + (<usize>column << 3);
  store<i64>(most, max(load<i64>(most), weight));
  store<f64>(into + (<usize>column * MOST_SAMPLES << 3), <f64>weight);
  return true;
}

// @ts-ignore: decorator
@inline export function placeOf(row: i32): usize {
  return places + (<usize>row << 3);
}

/** The greatest value of a column so far. */
export function greatest(column: i32): f64 {
  return <f64>load<i64>(greatestValues + (<usize>column << 3));
}

/** Values beyond 2^53. */
export function inexact(): i32 {
  return inexactValues;
}

/** Samples with labels. */
export function withLabels(): i32 {
  return labelled;
}

/** Whether something stands elsewhere in messages than it did. */
export function movedLocations(): bool {
  return moved;
}
