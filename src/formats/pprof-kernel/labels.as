// The labels of frames, as `profile/frame-label.ts` writes them, and their order by code units: that of bytes, as long as
// there is nothing but ASCII.
import { STACK_HEAD } from './buckets';
import { alloc } from './memory';
import { expectDigits, sortStacks } from './sort-stacks';
import { addressOf, columnOf, fileOf, framesFound, isAddress, lineOf, nameOf, systemNameOf } from './tables';

/** Start and end of each text. */
let places: usize = 0;
let textCount: i32 = 0;
/** Of each frame the rank of its label. */
let ranks: usize = 0;
/** Where the next byte goes, and whether all of them were plain. */
let out: usize = 0;
let good: bool = true;

const WORD_BITS: u64 = 32;
/** Around a name and a file: a blank, two numbers behind colons. */
const MOST_BESIDE: u64 = 64;

/** Takes memory for texts. @returns where their places go, start and end of each; 0 = there is none */
export function expectTexts(count: i32): i32 {
  textCount = count;
  places = alloc(<u64>count * 8 + 8);
  return <i32>places;
}

/**
 * Puts the labels of all frames in order.
 * @param base is added to the places of texts
 * @returns where the ranks of their labels stand; 0 = some text is not plain, or there is no memory
 */
export function rankLabels(base: i32): i32 {
  for (let i = 0; i < textCount * 2; i++) {
    const place = places + (<usize>i << 2);
    store<i32>(place, load<i32>(place) + base);
  }
  const count = framesFound();
  let bytes: u64 = 0;
  for (let i = 0; i < count; i++) {
    bytes += MOST_BESIDE + STACK_HEAD;
    if (!isAddress(i)) bytes += <u64>lengthOf(shownName(i)) + <u64>lengthOf(fileOf(i));
  }
  ranks = alloc(<u64>count * 4 + 4);
  out = alloc(bytes + 8);
  const keys = alloc(<u64>count * 8);
  const labels = alloc(<u64>count * 4);
  if (!ranks || !out || !keys || !labels) return 0;
  for (let i = 0; i < count; i++) {
    store<u32>(labels + (i << 2), <u32>out);
    if (!writeLabel(i)) return 0;
  }
  expectDigits(WORD_BITS);
  sortStacks(count, keys, labels);
  let rank = -1;
  let before: usize = 0;
  for (let i = 0; i < count; i++) {
    const label = <usize>load<u32>(labels + (i << 2));
    if (before === 0 || !isSame(before, label)) rank++;
    before = label;
    store<i32>(ranks + (<usize>load<u32>(label) << 2), rank);
  }
  return <i32>ranks;
}

function isSame(a: usize, b: usize): bool {
  const words = load<i32>(a, 4);
  if (words !== load<i32>(b, 4)) return false;
  for (let i = 0; i < words; i++) {
    const at = STACK_HEAD + (i << 2);
    if (load<u32>(a + at) !== load<u32>(b + at)) return false;
  }
  return true;
}

/** Writes the label of a frame as a stack of words, whose first byte is the highest. @returns whether it is plain */
function writeLabel(frame: i32): bool {
  const label = out;
  out += STACK_HEAD;
  good = true;
  if (isAddress(frame)) writeAddress(addressOf(frame));
  else {
    const name = shownName(frame);
    const file = fileOf(frame);
    if (lengthOf(file) === 0) {
      if (lengthOf(name) === 0) writeUnknown();
      else writeText(name);
    } else {
      if (lengthOf(name) === 0) writeAnonymous();
      else writeText(name);
      store<u8>(out++, 0x20);
      writeText(file);
      if (lineOf(frame) > 0) {
        writeNumber(lineOf(frame));
        if (columnOf(frame) > 0) writeNumber(columnOf(frame));
      }
    }
  }
  while (((out - label) & 3) !== 0) store<u8>(out++, 0);
  for (let at = label + STACK_HEAD; at < out; at += 4) store<u32>(at, bswap<u32>(load<u32>(at)));
  store<i32>(label, frame);
  store<i32>(label, <i32>((out - label - STACK_HEAD) >> 2), 4);
  return good;
}

function shownName(frame: i32): i32 {
  const name = nameOf(frame);
  return lengthOf(name) > 0 ? name : systemNameOf(frame);
}

function lengthOf(text: i32): i32 {
  if (text >= textCount) return 0;
  const place = places + (<usize>text << 3);
  return load<i32>(place, 4) - load<i32>(place);
}

function writeText(text: i32): void {
  const place = places + (<usize>text << 3);
  const end = <usize>load<u32>(place, 4);
  for (let at = <usize>load<u32>(place); at < end; at++) {
    const byte = load<u8>(at);
    good = good && <u32>byte - 1 < 0x7f;
    store<u8>(out++, byte);
  }
}

/** `:` and the number. */
function writeNumber(value: i32): void {
  store<u8>(out++, 0x3a);
  let power: i32 = 1;
  while (value / power >= 10) power *= 10;
  for (; power > 0; power /= 10) store<u8>(out++, <u8>(0x30 + ((value / power) % 10)));
}

/** `0x` and the address, without zeros in front. */
function writeAddress(address: u64): void {
  store<u16>(out, 0x7830);
  out += 2;
  let shift: i64 = 60;
  while (shift > 0 && address >> shift === 0) shift -= 4;
  for (; shift >= 0; shift -= 4) {
    const digit = <u8>(address >> shift) & 15;
    store<u8>(out++, digit < 10 ? 0x30 + digit : 0x57 + digit);
  }
}

/** `[unknown]` */
function writeUnknown(): void {
  store<u64>(out, 0x6e776f6e6b6e755b);
  store<u8>(out, 0x5d, 8);
  out += 9;
}

/** `(anonymous)` */
function writeAnonymous(): void {
  store<u64>(out, 0x6f6d796e6f6e6128);
  store<u32>(out, 0x00297375, 8);
  out += 11;
}
