// Functions and locations: from messages to frames, which are numbered in the order in which they first occur.
import { alloc } from './memory';
import { next, read, readEnd } from './varints';

/** Columns of functions, `functionCount` each: name, system name, file, first line. */
let columns: usize = 0;
let functionCount: i32 = 0;
let locationCount: i32 = 0;
let textCount: u64 = 0;
/** By id: row + 1, 0 = none. */
let functionOf: usize = 0;
let functionIds: u64 = 0;
let mappingOf: usize = 0;
let mappingIds: u64 = 0;

/** By id: 0 = none, else (frame + 1) * 2, or where several frames stand in `inlined` (+ 1) * 2 + 1. */
export let locationOf: usize = 0;
export let locationIds: u64 = 0;
/** Lists of frames, leaf first, each behind its length. */
export let inlined: usize = 0;
let inlinedEnd: i32 = 0;
/** Frames of the location that has most. */
export let mostInlined: i32 = 1;

/** 16 bytes each: function (-1 = none, -2 = an address), mapping * 2 + whether it was inlined, column; of addresses mapping and 64 bits. */
let frames: usize = 0;
let frameCount: i32 = 0;
let frameRoom: i32 = 0;
let slots: usize = 0;
let slotMask: i32 = 0;
let oddLines: bool = false;

/** Where the next message stands, where the last one ends, and its row. */
let nextMessage: usize = 0;
let rawEnd: usize = 0;
let row: i32 = 0;

/** Messages at a time. */
const MOST_ROWS: i32 = 1 << 12;
const ADDRESS: i32 = -2;
const MOST_LINE: i64 = 0x7fffffff;

/** Takes memory for functions, mappings and locations. @returns where the mappings' rows + 1 go, by id; 0 = there is no memory */
export function expectTables(functions: i32, texts: i32, mappings: i32, locations: i32, locationBytes: i32): i32 {
  functionCount = functions;
  locationCount = locations;
  textCount = <u64>texts;
  functionIds = <u64>functions * 2 + 64;
  mappingIds = <u64>mappings * 2 + 64;
  locationIds = <u64>locations * 2 + 64;
  // A line has two bytes at least, and each location may have none
  frameRoom = (locationBytes >> 1) + locations;
  columns = alloc((<u64>functions + 1) * 16);
  functionOf = alloc(functionIds * 4);
  mappingOf = alloc(mappingIds * 4);
  locationOf = alloc(locationIds * 4);
  frames = alloc(<u64>frameRoom * 16 + 16);
  inlined = alloc((<u64>frameRoom + locations) * 4);
  const all = columns && functionOf && mappingOf && locationOf && frames && inlined;
  return all === 0 ? 0 : <i32>mappingOf;
}

/** Where the column of functions stands. */
export function functionColumn(column: i32): i32 {
  return <i32>columns + column * functionCount * 4;
}

/** Messages stand from `from` on: of functions first, then of locations. */
export function beginTable(from: usize, to: usize): void {
  nextMessage = from;
  rawEnd = to;
  row = 0;
}

/** Reads the next functions. @returns how many, MOST_ROWS at most; -1 = one is odd */
export function functions(): i32 {
  const first = row;
  const last = min(functionCount, first + MOST_ROWS);
  for (; row < last; row++) if (!readFunction()) return -1;
  return row === functionCount && nextMessage !== rawEnd ? -1 : row - first;
}

function readFunction(): bool {
  let at = nextMessage;
  if (load<u8>(at) !== 0x2a) return false;
  const end = readEnd(at + 1, rawEnd);
  if (end === 0) return false;
  at = next;
  let id: u64 = 0;
  let line: i32 = 0;
  const into = columns + (row << 2);
  while (at < end) {
    const tag = load<u8>(at);
    const value = read(at + 1);
    if (next === 0) return false;
    at = next;
    if (tag === 0x08) id = value;
    else if (tag === 0x28) line = position(value);
    else {
      if ((tag !== 0x10 && tag !== 0x18 && tag !== 0x20) || (value >= textCount && value > 0)) return false;
      store<i32>(into + <usize>((tag >> 3) - 2) * functionCount * 4, <i32>value);
    }
  }
  if (at !== end || id >= functionIds) return false;
  store<i32>(into + 3 * functionCount * 4, line);
  store<i32>(functionOf + (<usize>id << 2), row + 1);
  nextMessage = end;
  return true;
}

/** 0 for what cannot be a line or a column. */
// @ts-ignore: decorator
@inline function position(value: u64): i32 {
  return value > <u64>MOST_LINE ? 0 : <i32>value;
}

/** Reads the next locations. @returns how many, MOST_ROWS at most; -1 = one is odd */
export function locations(): i32 {
  const first = row;
  const last = min(locationCount, first + MOST_ROWS);
  for (; row < last; row++) if (!readLocation()) return -1;
  return row === locationCount && nextMessage !== rawEnd ? -1 : row - first;
}

function readLocation(): bool {
  let at = nextMessage;
  if (load<u8>(at) !== 0x22) return false;
  const end = readEnd(at + 1, rawEnd);
  if (end === 0) return false;
  at = next;
  let id: u64 = 0;
  let mappingId: u64 = 0;
  let address: u64 = 0;
  let lines: i32 = 0;
  const list = inlined + (inlinedEnd << 2);
  while (at < end) {
    const tag = load<u8>(at);
    if (tag === 0x22) {
      const lineEnd = readEnd(at + 1, end);
      if (lineEnd === 0) return false;
      // Where it stands, until the mapping is known
      store<u32>(list + (++lines << 2), <u32>(at + 1));
      at = lineEnd;
      continue;
    }
    const value = read(at + 1);
    if (next === 0) return false;
    at = next;
    if (tag === 0x08) id = value;
    else if (tag === 0x10) mappingId = value;
    else if (tag === 0x18) address = value;
    else if (tag !== 0x28) return false;
  }
  if (at !== end || id >= locationIds || mappingId >= mappingIds) return false;
  const mapping = load<i32>(mappingOf + (<usize>mappingId << 2)) - 1;
  if (mapping < 0 && mappingId !== 0) return false;
  let what: i32;
  if (lines === 0) what = (addFrame(ADDRESS, mapping, <i32>address, <i32>(address >> 32)) + 1) << 1;
  else {
    for (let i = 1; i <= lines; i++) {
      const frame = lineFrame(load<u32>(list + (i << 2)), mapping * 2 + <i32>(i < lines));
      if (frame < 0) return false;
      store<i32>(list + (i << 2), frame);
    }
    if (lines === 1) what = (load<i32>(list + 4) + 1) << 1;
    else {
      what = ((inlinedEnd + 1) << 1) | 1;
      store<i32>(list, lines);
      inlinedEnd += lines + 1;
      mostInlined = max(mostInlined, lines);
    }
  }
  store<i32>(locationOf + (<usize>id << 2), what);
  nextMessage = end;
  return true;
}

/** The frame of a line whose length stands at `from`; -1 = it is odd. */
function lineFrame(from: usize, place: i32): i32 {
  const length = read(from);
  let at = next;
  const end = at + <usize>length;
  let id: u64 = 0;
  let line: i32 = 0;
  let column: i32 = 0;
  while (at < end) {
    const tag = load<u8>(at);
    const value = read(at + 1);
    if (next === 0) return -1;
    at = next;
    if (tag === 0x08) id = value;
    else if (tag === 0x10) line = position(value);
    else if (tag === 0x18) column = position(value);
    else return -1;
  }
  if (at !== end || id >= functionIds) return -1;
  const row = load<i32>(functionOf + (<usize>id << 2)) - 1;
  if (row < 0 && id !== 0) return -1;
  const starts = row < 0 ? 0 : load<i32>(columns + <usize>(3 * functionCount + row) * 4);
  if (line !== starts) oddLines = true;
  return frameOf(row, place, line === starts && line > 0 ? column : 0);
}

/** Frames are looked up by all that tells them apart. */
function frameOf(row: i32, place: i32, column: i32): i32 {
  if (frameCount * 2 >= slotMask && !moreSlots()) return -1;
  let slot = hashOf(row, place, column) & slotMask;
  for (;;) {
    const found = load<i32>(slots + (slot << 2)) - 1;
    if (found < 0) break;
    const frame = frames + (found << 4);
    if (load<i32>(frame) === row && load<i32>(frame, 4) === place && load<i32>(frame, 8) === column) return found;
    slot = (slot + 1) & slotMask;
  }
  store<i32>(slots + (slot << 2), frameCount + 1);
  return addFrame(row, place, column, 0);
}

// @ts-ignore: decorator
@inline function addFrame(row: i32, place: i32, low: i32, high: i32): i32 {
  const frame = frames + (frameCount << 4);
  store<i32>(frame, row);
  store<i32>(frame, place, 4);
  store<i32>(frame, low, 8);
  store<i32>(frame, high, 12);
  return frameCount++;
}

function hashOf(row: i32, place: i32, column: i32): i32 {
  let hash = (row ^ (place * 0x5bd1e995) ^ (column * 0x2c1b3c6d)) * <i32>0x85ebca6b;
  hash ^= hash >>> 15;
  return hash;
}

function moreSlots(): bool {
  let size = max(slotMask + 1, 1024);
  while (size <= frameCount * 4) size *= 2;
  slotMask = size - 1;
  slots = alloc(<u64>size << 2);
  if (slots === 0) return false;
  for (let i = 0; i < frameCount; i++) {
    const frame = frames + (i << 4);
    if (load<i32>(frame) === ADDRESS) continue;
    let slot = hashOf(load<i32>(frame), load<i32>(frame, 4), load<i32>(frame, 8)) & slotMask;
    while (load<i32>(slots + (slot << 2)) !== 0) slot = (slot + 1) & slotMask;
    store<i32>(slots + (slot << 2), i + 1);
  }
  return true;
}

// @ts-ignore: decorator
@inline export function isAddress(frame: i32): bool {
  return load<i32>(frames + (<usize>frame << 4)) === ADDRESS;
}

export function addressOf(frame: i32): u64 {
  return load<u64>(frames + (<usize>frame << 4), 8);
}

export function columnOf(frame: i32): i32 {
  return load<i32>(frames + (<usize>frame << 4), 8);
}

/** Texts of a frame; text 0 is empty. */
export function nameOf(frame: i32): i32 {
  return partOf(frame, 0);
}

export function systemNameOf(frame: i32): i32 {
  return partOf(frame, 1);
}

export function fileOf(frame: i32): i32 {
  return partOf(frame, 2);
}

export function lineOf(frame: i32): i32 {
  return partOf(frame, 3);
}

function partOf(frame: i32, column: i32): i32 {
  const row = load<i32>(frames + (<usize>frame << 4));
  return row < 0 ? 0 : load<i32>(columns + (<usize>(column * functionCount + row) << 2));
}

/** Where frames stand. */
export function framesAt(): i32 {
  return <i32>frames;
}

export function framesFound(): i32 {
  return frameCount;
}

/** Whether some location says at which line of its function the call stands. */
export function callLines(): bool {
  return oddLines;
}

/** Puts other numbers in the place of frames. @param numbers one, from 0 up, for each frame */
export function renumber(numbers: usize): void {
  const end = locationOf + <usize>locationIds * 4;
  for (let at = locationOf; at < end; at += 4) {
    const what = load<i32>(at);
    if (what !== 0 && (what & 1) === 0) store<i32>(at, (load<i32>(numbers + (((what >> 1) - 1) << 2)) + 1) << 1);
  }
  for (let at = 0; at < inlinedEnd; ) {
    const count = load<i32>(inlined + (at << 2));
    for (let i = 1; i <= count; i++) {
      const place = inlined + ((at + i) << 2);
      store<i32>(place, load<i32>(numbers + (load<i32>(place) << 2)));
    }
    at += count + 1;
  }
}
