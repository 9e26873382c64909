/**
 * Prints folded text: sequences of labels with their counts, sorted, line by line. Labels are numbered in their order, so
 * that sorted sequences are sorted lines.
 */
import { alloc, copyBytes, f64At, floorOf, i32At, setF64, setI32, setU8, toI32, u8At } from './memory.ts';
import { commonLength, sortSequences } from './sequences.ts';

/** What `printLines` stops at: a count that it cannot write, for `setCountText`. */
export const COUNT_WANTED: i32 = -1;
const COUNT_BYTES: i32 = 1024;

let sequences: i32 = 0;
let start: i32 = 0;
let order: i32 = 0;
let lines: i32 = 0;
/** Two columns of counts, or one. */
let columns: i32 = 0;
let counts: i32 = 0;
let labelStart: i32 = 0;
let labels: i32 = 0;
let line: i32 = 0;
/** The line so far, and for each label of it where it ends. */
let path: i32 = 0;
let ends: i32 = 0;
let depth: i32 = 0;
let out: i32 = 0;
let outBytes: i32 = 0;
/** A count in words, while `countWanted` is what column it is for. */
let countText: i32 = 0;
let countLength: i32 = 0;
let column: i32 = 0;
let printed: i32 = 0;

/**
 * What is printed.
 * @param labelsOf the sequences, one behind the other
 * @param starts where each starts, and at last the end
 * @param sums `width` counts (f64) of each
 * @returns how many sequences there are; -1 where there is no memory left
 */
export function sortLines(labelsOf: i32, starts: i32, count: i32, sums: i32, width: i32): i32 {
  sequences = labelsOf;
  start = starts;
  lines = count;
  counts = sums;
  columns = width;
  order = sortSequences(sequences, start, lines);
  return order === 0 ? -1 : lines;
}

/**
 * Makes ready to print.
 * @param labelStarts where each label starts in `labelBytes`, and at last the end
 * @param bytes how many bytes are printed at once, unless one line is longer
 * @returns where they are printed to; 0 where there is no memory left
 */
export function startLines(labelStarts: i32, labelBytes: i32, bytes: i32): i32 {
  labelStart = labelStarts;
  labels = labelBytes;
  let longest = 0;
  let deepest = 0;
  for (let row = 0; row < lines; row++) {
    let length = 0;
    const end = i32At(start + row * 4 + 4);
    for (let at = i32At(start + row * 4); at < end; at++) length += labelLength(i32At(sequences + at * 4)) + 1;
    if (length > longest) longest = length;
    if (end - i32At(start + row * 4) > deepest) deepest = end - i32At(start + row * 4);
  }
  const room = longest + COUNT_BYTES * 2 + 64;
  outBytes = bytes > room ? bytes : room;
  path = alloc(longest + 64);
  ends = alloc(deepest * 4 + 8);
  countText = alloc(COUNT_BYTES);
  out = alloc(outBytes);
  line = 0;
  depth = 0;
  column = 0;
  countLength = 0;
  return out;
}

function labelLength(label: i32): i32 {
  return i32At(labelStart + label * 4 + 4) - i32At(labelStart + label * 4);
}

/** Where the text of a count that is wanted goes, and which one it is. */
export function countRoom(): i32 {
  return countText;
}

export function countWanted(): f64 {
  return f64At(counts + (i32At(order + line * 4) * columns + column) * 8);
}

/** How long the text of the count that was wanted is. */
export function setCountText(length: i32): void {
  countLength = length;
}

/** @returns how many bytes were printed; 0 = all is done; COUNT_WANTED */
export function printLines(): i32 {
  for (; line < lines; line++) {
    const row = i32At(order + line * 4);
    if (column === 0 && countLength === 0) {
      if (mergeNext(row)) continue;
      if (isZero(row)) continue;
      putPath(row);
      if (printed + pathEnd() + COUNT_BYTES * 2 + 16 > outBytes) return flush();
      putLine();
    }
    for (; column < columns; column++) {
      if (!putCount(f64At(counts + (row * columns + column) * 8))) return COUNT_WANTED;
    }
    column = 0;
    put(10);
  }
  return flush();
}

function flush(): i32 {
  const length = printed;
  printed = 0;
  return length;
}

/** Whether the next line has the same stack; it gets the counts of this one. */
function mergeNext(row: i32): bool {
  if (line + 1 === lines) return false;
  const next = i32At(order + line * 4 + 4);
  const size = i32At(start + row * 4 + 4) - i32At(start + row * 4);
  if (i32At(start + next * 4 + 4) - i32At(start + next * 4) !== size) return false;
  if (commonLength(sequences, start, row, next) !== size) return false;
  for (let i = 0; i < columns; i++) {
    const sum = counts + (next * columns + i) * 8;
    setF64(sum, f64At(sum) + f64At(counts + (row * columns + i) * 8));
  }
  return true;
}

function isZero(row: i32): bool {
  for (let i = 0; i < columns; i++) if (f64At(counts + (row * columns + i) * 8) !== 0) return false;
  return true;
}

let pathRow: i32 = -1;

/** Makes the path that of a row: what it shares with the one before it stands already. */
function putPath(row: i32): void {
  const same = depth === 0 ? 0 : commonLength(sequences, start, pathRow, row);
  const from = i32At(start + row * 4);
  const size = i32At(start + row * 4 + 4) - from;
  let end = same === 0 ? 0 : i32At(ends + same * 4 - 4);
  for (let i = same; i < size; i++) {
    if (i > 0) {
      setU8(path + end, 59);
      end++;
    }
    const label = i32At(sequences + (from + i) * 4);
    const length = labelLength(label);
    copyBytes(path + end, labels + i32At(labelStart + label * 4), length);
    end += length;
    setI32(ends + i * 4, end);
  }
  depth = size;
  pathRow = row;
}

function pathEnd(): i32 {
  return i32At(ends + depth * 4 - 4);
}

/** The line must neither look like a comment nor begin with its counts. */
function putLine(): void {
  const length = pathEnd();
  const to = out + printed;
  let blank = true;
  for (let i = 0; i < length && blank; i++) blank = u8At(path + i) === 32;
  if (blank) {
    putUnknown();
    return;
  }
  copyBytes(to, path, length);
  printed += length;
  if (u8At(path) !== 35 || (length > 1 && u8At(path + 1) !== 32)) return;
  setU8(to + 1, 95);
  if (length === 1) printed++;
}

/** `[unknown]` */
function putUnknown(): void {
  put(91);
  put(117);
  put(110);
  put(107);
  put(110);
  put(111);
  put(119);
  put(110);
  put(93);
}

function put(byte: i32): void {
  setU8(out + printed, byte);
  printed++;
}

/** @returns false where the caller has to say how the count is written */
function putCount(count: f64): bool {
  if (countLength > 0) {
    put(32);
    copyBytes(out + printed, countText, countLength);
    printed += countLength;
    countLength = 0;
    return true;
  }
  if (!(count >= 0 && count <= 9007199254740991)) return false;
  const high = floorOf(count / 1000000000);
  const low = count - high * 1000000000;
  if (floorOf(low) !== low) return false;
  put(32);
  if (high === 0) {
    putDigits(toI32(low), false);
    return true;
  }
  putDigits(toI32(high), false);
  putDigits(toI32(low), true);
  return true;
}

/** @param nine with leading zeros, for the lower part of a number */
function putDigits(value: i32, nine: bool): void {
  let digits = 1;
  if (nine) digits = 9;
  else for (let rest = (value / 10) | 0; rest > 0; rest = (rest / 10) | 0) digits++;
  let rest = value;
  for (let i = digits - 1; i >= 0; i--) {
    setU8(out + printed + i, 48 + (rest % 10));
    rest = (rest / 10) | 0;
  }
  printed += digits;
}
