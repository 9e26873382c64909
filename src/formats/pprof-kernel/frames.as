// Frames, numbered in the order in which they first occur, and what is known of them.
import { alloc } from './memory';
import { columns, functionCount } from './tables';

/** 16 bytes each: function (-1 = none, -2 = an address), mapping * 2 + whether it was inlined, column; of addresses mapping and 64 bits. */
let frames: usize = 0;
let frameCount: i32 = 0;
let slots: usize = 0;
let slotMask: i32 = 0;

const ADDRESS: i32 = -2;

/** Takes memory for frames. @returns whether there is as much */
export function expectFrames(most: i32): bool {
  frames = alloc(<u64>most * 16 + 16);
  return frames !== 0;
}

/** The frame of code that was never symbolized. */
export function addressFrame(mapping: i32, address: u64): i32 {
  return addFrame(ADDRESS, mapping, <i32>address, <i32>(address >> 32));
}

/** Frames are looked up by all that tells them apart. @returns -1 = there is no memory */
export function frameOf(row: i32, place: i32, column: i32): i32 {
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

/** Row of its function; below 0 = none, -2 at least. */
// @ts-ignore: decorator
@inline export function functionIn(frame: i32): i32 {
  return load<i32>(frames + (<usize>frame << 4));
}

/** Row of its mapping; below 0 = none. */
export function mappingIn(frame: i32): i32 {
  const place = load<i32>(frames + (<usize>frame << 4), 4);
  return isAddress(frame) ? place : place >> 1;
}

export function isInlined(frame: i32): i32 {
  return isAddress(frame) ? 0 : load<i32>(frames + (<usize>frame << 4), 4) & 1;
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
