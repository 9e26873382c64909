/** Sequences of numbers (i32) that lie one behind the other: the frames of stacks, root first. */
import { alloc, i32At, setI32 } from './memory.ts';

/** Below this many sequences each is put in its place one by one. */
const FEW: i32 = 12;

let items: i32 = 0;
let starts: i32 = 0;
let order: i32 = 0;
let keys: i32 = 0;
let todo: i32 = 0;
let ignored: i32 = 0;

/** Where a sequence starts, counted in numbers; the one behind it starts where it ends. */
function startOf(sequence: i32): i32 {
  return i32At(starts + sequence * 4);
}

function itemAt(index: i32): i32 {
  return i32At(items + index * 4) >> ignored;
}

function orderAt(place: i32): i32 {
  return i32At(order + place * 4);
}

/**
 * Sorts sequences, one that another one begins with before it: multikey quicksort (Bentley and Sedgewick 1997).
 * @param sequences their numbers, 0 or more
 * @param start where each starts, and at last the end: `count + 1` numbers
 * @param lowBits of the numbers that are no part of the order
 * @returns the sequences in ascending order (i32 each); 0 where there is no memory left
 */
export function sortSequences(sequences: i32, start: i32, count: i32, lowBits: i32 = 0): i32 {
  items = sequences;
  ignored = lowBits;
  starts = start;
  order = alloc(count * 4 + 4);
  keys = alloc(count * 4 + 4);
  // Ranges that wait have two sequences or more, none in two of them
  todo = alloc(count * 6 + 64);
  if (todo === 0) return 0;
  for (let i = 0; i < count; i++) setI32(order + i * 4, i);
  let waiting = count > 1 ? push(0, 0, count, 0) : 0;
  while (waiting > 0) {
    waiting--;
    const range = todo + waiting * 12;
    const from = i32At(range);
    const to = i32At(range + 4);
    const depth = i32At(range + 8);
    if (to - from < FEW) {
      insertionSort(from, to, depth);
      continue;
    }
    for (let i = from; i < to; i++) setI32(keys + i * 4, keyAt(orderAt(i), depth));
    const pivot = middle(i32At(keys + from * 4), i32At(keys + ((from + to) >> 1) * 4), i32At(keys + (to - 1) * 4));
    let less = from;
    let more = to;
    for (let i = from; i < more; ) {
      const key = i32At(keys + i * 4);
      if (key < pivot) {
        swap(less, i);
        less++;
        i++;
      } else if (key > pivot) {
        more--;
        swap(i, more);
      } else i++;
    }
    if (less - from > 1) waiting = push(waiting, from, less, depth);
    if (to - more > 1) waiting = push(waiting, more, to, depth);
    if (pivot >= 0 && more - less > 1) waiting = push(waiting, less, more, sharedDepth(less, more, depth + 1));
  }
  return order;
}

/** How deep a range is the same, from a depth on: callers that all of it has in common are looked at once. */
function sharedDepth(from: i32, to: i32, depth: i32): i32 {
  const first = startOf(orderAt(from)) + depth;
  let same = startOf(orderAt(from) + 1) - first;
  for (let i = from + 1; i < to && same > 0; i++) {
    const other = startOf(orderAt(i)) + depth;
    const size = startOf(orderAt(i) + 1) - other;
    if (size < same) same = size;
    let alike = 0;
    while (alike < same && itemAt(first + alike) === itemAt(other + alike)) alike++;
    same = alike;
  }
  return depth + same;
}

function push(waiting: i32, from: i32, to: i32, depth: i32): i32 {
  const range = todo + waiting * 12;
  setI32(range, from);
  setI32(range + 4, to);
  setI32(range + 8, depth);
  return waiting + 1;
}

/** The number at a depth; -1 behind the last. */
function keyAt(sequence: i32, depth: i32): i32 {
  const at = startOf(sequence) + depth;
  return at < startOf(sequence + 1) ? itemAt(at) : -1;
}

function swap(i: i32, j: i32): void {
  const sequence = orderAt(i);
  setI32(order + i * 4, orderAt(j));
  setI32(order + j * 4, sequence);
  const key = i32At(keys + i * 4);
  setI32(keys + i * 4, i32At(keys + j * 4));
  setI32(keys + j * 4, key);
}

function middle(a: i32, b: i32, c: i32): i32 {
  const low = a < b ? a : b;
  const high = a < b ? b : a;
  return c < low ? low : c > high ? high : c;
}

function insertionSort(from: i32, to: i32, depth: i32): void {
  for (let i = from + 1; i < to; i++) {
    const sequence = orderAt(i);
    let j = i;
    for (; j > from && isBefore(sequence, orderAt(j - 1), depth); j--) setI32(order + j * 4, orderAt(j - 1));
    setI32(order + j * 4, sequence);
  }
}

function isBefore(a: i32, b: i32, depth: i32): bool {
  let i = startOf(a) + depth;
  let j = startOf(b) + depth;
  const endA = startOf(a + 1);
  const endB = startOf(b + 1);
  for (; i < endA && j < endB; i++) {
    if (itemAt(i) !== itemAt(j)) return itemAt(i) < itemAt(j);
    j++;
  }
  return i === endA && j < endB;
}

/** How many numbers two sequences begin with in common, but for so many low bits. */
export function commonLength(sequences: i32, start: i32, a: i32, b: i32, lowBits: i32 = 0): i32 {
  const from = i32At(start + a * 4);
  const other = i32At(start + b * 4);
  const left = i32At(start + a * 4 + 4) - from;
  const right = i32At(start + b * 4 + 4) - other;
  const most = left < right ? left : right;
  let same = 0;
  const mine = sequences + from * 4;
  const others = sequences + other * 4;
  while (same < most && (i32At(mine + same * 4) ^ i32At(others + same * 4)) >> lowBits === 0) same++;
  return same;
}
