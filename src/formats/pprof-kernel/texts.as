// The texts of a file, and which of them are the same: encoders write each once, but nothing makes them.
import { alloc } from './memory';

/** Start and end of each text. */
let places: usize = 0;
export let textCount: i32 = 0;
/** Of each text the first one with these bytes, + 1; below 0 where it is not plain. */
let firsts: usize = 0;
/** Those, + 1, and half of their hash. */
let slots: usize = 0;
let slotMask: u32 = 0;
/** The next one that is looked at. */
let next: i32 = 0;
/** All texts that were asked for are ASCII without 0, and look like no address. */
export let plain: bool = true;

/** Texts at a time. */
const MOST_TEXTS: i32 = 1 << 12;
const ONES: u64 = 0x0101010101010101;
const HIGH_BITS: u64 = 0x8080808080808080;
const FACTOR: u64 = 0x9e3779b97f4a7c15;
/** `0x` */
const ADDRESS_START: u16 = 0x7830;

/** Takes memory for texts. @returns where their places go, start and end of each; 0 = there is none */
export function expectTexts(count: i32): i32 {
  // Text 0 is empty even where there is none
  textCount = max(count, 1);
  places = alloc(<u64>textCount * 8);
  firsts = alloc(<u64>textCount * 4);
  let size: u32 = 1024;
  while (size < <u32>textCount * 2) size *= 2;
  slotMask = size - 1;
  slots = alloc(<u64>size * 8);
  return !places || !firsts || !slots ? 0 : <i32>places;
}

/** @param base is added to the places of texts */
export function placeTexts(base: i32): void {
  for (let at = places; at < places + (<usize>textCount << 3); at += 4) store<i32>(at, load<i32>(at) + base);
}

// @ts-ignore: decorator
@inline export function startOf(text: i32): usize {
  return <usize>load<u32>(places + (<usize>text << 3));
}

// @ts-ignore: decorator
@inline export function endOf(text: i32): usize {
  return <usize>load<u32>(places + (<usize>text << 3), 4);
}

// @ts-ignore: decorator
@inline export function lengthOf(text: i32): i32 {
  return text >= textCount ? 0 : <i32>(endOf(text) - startOf(text));
}

/** The first text that has the same bytes; 0 = it is empty. */
export function firstOf(text: i32): i32 {
  const first = load<i32>(firsts + (<usize>text << 2));
  if (first < 0) plain = false;
  return abs(first) - 1;
}

/** Compares the next texts with those before, as they stand: in the order of frames they lie all over memory. @returns how many */
export function compareTexts(): i32 {
  const from = next;
  const last = min(textCount, from + MOST_TEXTS);
  for (; next < last; next++) {
    looksPlain = true;
    const first = lengthOf(next) === 0 ? 0 : lookUp(next);
    store<i32>(firsts + (<usize>next << 2), looksPlain ? first + 1 : -first - 1);
  }
  return next - from;
}

/** Of the text that was looked up last. */
let looksPlain: bool = true;

function lookUp(text: i32): i32 {
  const hash = hashOf(text);
  let slot = <u32>hash & slotMask;
  let found = inSlot(slot);
  while (found >= 0) {
    if (load<u32>(slots + (<usize>slot << 3), 4) === <u32>(hash >> 32) && isSame(found, text)) return found;
    slot = (slot + 1) & slotMask;
    found = inSlot(slot);
  }
  const place = slots + (<usize>slot << 3);
  store<i32>(place, text + 1);
  store<u32>(place, <u32>(hash >> 32), 4);
  return text;
}

// @ts-ignore: decorator
@inline function inSlot(slot: u32): i32 {
  return load<i32>(slots + (<usize>slot << 3)) - 1;
}

function hashOf(text: i32): u64 {
  const end = endOf(text);
  let at = startOf(text);
  const address = load<u16>(at) === ADDRESS_START;
  let hash: u64 = end - at;
  let odd: u64 = 0;
  for (; at + 8 <= end; at += 8) {
    const word = load<u64>(at);
    odd |= word | ((word - ONES) & ~word);
    hash = (hash ^ word) * FACTOR;
    hash ^= hash >> 32;
  }
  if (at < end) {
    const shift = (end - at) << 3;
    const word = (load<u64>(at) & ((<u64>1 << shift) - 1)) | (ONES << shift);
    odd |= word | ((word - ONES) & ~word);
    hash = (hash ^ word) * FACTOR;
    hash ^= hash >> 32;
  }
  looksPlain = !address && (odd & HIGH_BITS) === 0;
  return hash * FACTOR;
}

function isSame(a: i32, b: i32): bool {
  const length = lengthOf(a);
  return length === lengthOf(b) && memory.compare(startOf(a), startOf(b), length) === 0;
}
