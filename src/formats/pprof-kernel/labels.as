// The labels of frames, as `profile/frame-label.ts` writes them, and their order by code units: that of bytes, as long as
// there is nothing but ASCII.
import { STACK_HEAD } from './buckets';
import { alloc, take } from './memory';
import { behindSame, expectDigits, sortSpread, spreadKeys } from './sort-stacks';
import { addressOf, columnOf, fileOf, framesFound, functionIn, isAddress, lineOf, nameOf, systemNameOf } from './frames';
import { functionCount } from './tables';
import { endOf, lengthOf, startOf } from './texts';

/** Of each frame the rank of its label. */
let ranks: usize = 0;
/** The labels, and where the next byte goes. */
let labels: usize = 0;
let out: usize = 0;
let written: i32 = 0;
/** Frames in the order of their functions, in which their texts mostly stand: else each would have to be fetched. */
let order: usize = 0;

/** Labels at a time. */
const MOST_LABELS: i32 = 1 << 12;
const WORD_BITS: u64 = 32;
/** Around a name and a file: a blank, two numbers behind colons. */
const MOST_BESIDE: u64 = 64;

/** Takes memory for the labels of all frames, whose texts must be plain. @returns whether there is as much */
export function expectLabels(): bool {
  const count = framesFound();
  let bytes: u64 = 0;
  for (let i = 0; i < count; i++) {
    bytes += MOST_BESIDE + <u64>STACK_HEAD;
    if (!isAddress(i)) bytes += <u64>lengthOf(shownName(i)) + <u64>lengthOf(fileOf(i));
  }
  ranks = take(<u64>count * 4 + 4);
  labels = take(<u64>count * 4);
  out = take(bytes + 8);
  order = take(<u64>count * 4);
  const places = alloc(<u64>functionCount * 4 + 12);
  if (!ranks || !labels || !out || !order || !places) return false;
  for (let i = 0; i < count; i++) {
    const place = places + (<usize>(functionIn(i) + 3) << 2);
    store<i32>(place, load<i32>(place) + 1);
  }
  for (let i = 1; i < functionCount + 2; i++) {
    const place = places + (<usize>i << 2);
    store<i32>(place, load<i32>(place) + load<i32>(place - 4));
  }
  for (let i = 0; i < count; i++) {
    const place = places + (<usize>(functionIn(i) + 2) << 2);
    const at = load<i32>(place);
    store<i32>(place, at + 1);
    store<i32>(order + (<usize>at << 2), i);
  }
  return true;
}

/** Writes the next labels. @returns how many */
export function writeLabels(): i32 {
  const first = written;
  const last = min(framesFound(), first + MOST_LABELS);
  for (; written < last; written++) {
    store<u32>(labels + (<usize>written << 2), <u32>out);
    writeLabel(load<i32>(order + (<usize>written << 2)));
  }
  return written - first;
}

/** Puts the labels in order. @returns where their ranks stand; 0 = there is no memory */
export function rankLabels(): i32 {
  const count = written;
  const listKeys = take(<u64>count * 8);
  const keys = take(<u64>count * 8);
  const sorted = take(<u64>count * 4);
  if (!listKeys || !keys || !sorted) return 0;
  expectDigits(WORD_BITS);
  spreadKeys<u32>(count, listKeys, labels);
  sortSpread<u32>(count, listKeys, labels, keys, sorted);
  let rank = -1;
  let before: usize = 0;
  for (let i = 0; i < count; i++) {
    const label = <usize>load<u32>(sorted + (i << 2));
    if (before === 0 || !isSame(before, label)) rank++;
    before = label;
    store<i32>(ranks + (<usize>load<u32>(label) << 2), rank);
  }
  return <i32>ranks;
}

function isSame(a: usize, b: usize): bool {
  const words = load<i32>(a, 4);
  if (words !== load<i32>(b, 4)) return false;
  const end = a + STACK_HEAD + <usize>words * 4;
  let at = behindSame(a + STACK_HEAD, b - a, end);
  while (at < end && load<u32>(at) === load<u32>(at + (b - a))) at += 4;
  return at === end;
}

/** Writes the label of a frame as a stack of words, whose first byte is the highest. */
function writeLabel(frame: i32): void {
  const label = out;
  out += STACK_HEAD;
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
}

function shownName(frame: i32): i32 {
  const name = nameOf(frame);
  return lengthOf(name) > 0 ? name : systemNameOf(frame);
}

/** What follows it is overwritten by what comes next. */
function writeText(text: i32): void {
  const end = endOf(text);
  let to = out;
  for (let at = startOf(text); at < end; at += 8, to += 8) store<u64>(to, load<u64>(at));
  out += <usize>lengthOf(text);
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
