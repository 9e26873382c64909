// Functions and locations: from messages to frames, which are numbered in the order in which they first occur.
import { addressFrame, expectFrames, frameOf } from './frames';
import { alloc } from './memory';
import { next, read, readEnd } from './varints';

/** Columns of functions, `functionCount` each: name, system name, file, first line. */
export let columns: usize = 0;
export let functionCount: i32 = 0;
let locationCount: i32 = 0;
let textCount: u64 = 0;
/** By id: row + 1, 0 = none. */
let functionOf: usize = 0;
let functionIds: u64 = 0;
/**
 * By id of a function 16 bytes: its first line, and its latest frame + 1 with place and column. Most functions have one
 * frame: to look here is all that most lines take.
 */
let latest: usize = 0;
let mappingOf: usize = 0;
let mappingIds: u64 = 0;

/** By id: 0 = none, else (frame + 1) * 2, or where several frames stand in `inlined` (+ 1) * 2 + 1. */
export let locationOf: usize = 0;
let locationIds: u64 = 0;
/** Above the greatest of them. */
export let locationIdsEnd: u64 = 0;
/** Lists of frames, leaf first, each behind its length. */
export let inlined: usize = 0;
let inlinedEnd: i32 = 0;
/** Frames of the location that has most. */
export let mostInlined: i32 = 1;

let oddLines: bool = false;

/** Where the next message stands, where the last one ends, and its row. */
let nextMessage: usize = 0;
let rawEnd: usize = 0;
let row: i32 = 0;

/** Messages at a time. */
const MOST_ROWS: i32 = 1 << 12;
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
  const most = (locationBytes >> 1) + locations;
  columns = alloc((<u64>functions + 1) * 16);
  functionOf = alloc(functionIds * 4);
  latest = alloc(functionIds * 16);
  mappingOf = alloc(mappingIds * 4);
  locationOf = alloc(locationIds * 4);
  inlined = alloc((<u64>most + locations) * 4);
  if (!columns || !functionOf || !latest || !mappingOf || !locationOf || !inlined || !expectFrames(most)) return 0;
  return <i32>mappingOf;
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
  store<i32>(latest + (<usize>id << 4), line);
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
  if (lines === 0) what = (addressFrame(mapping, address) + 1) << 1;
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
  locationIdsEnd = max(locationIdsEnd, id + 1);
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
  const known = latest + (<usize>id << 4);
  const starts = load<i32>(known);
  if (line !== starts) oddLines = true;
  if (line !== starts || line === 0) column = 0;
  const found = load<i32>(known, 4);
  if (found > 0 && load<i32>(known, 8) === place && load<i32>(known, 12) === column) return found - 1;
  const row = load<i32>(functionOf + (<usize>id << 2)) - 1;
  if (row < 0 && id !== 0) return -1;
  const frame = frameOf(row, place, column);
  store<i32>(known, frame + 1, 4);
  store<i32>(known, place, 8);
  store<i32>(known, column, 12);
  return frame;
}

/** Whether some location says at which line of its function the call stands. */
export function callLines(): bool {
  return oddLines;
}

/** Puts other numbers in the place of frames. @param numbers one, from 0 up, for each frame */
export function renumber(numbers: usize): void {
  const end = locationOf + <usize>locationIdsEnd * 4;
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
