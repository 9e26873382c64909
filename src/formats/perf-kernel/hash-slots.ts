/**
 * Open addressing over 16-byte slots: 64 bits of hash, the length, a value (0 = free). Equal hashes and lengths are
 * taken for equal bytes: the hash is seeded anew in every run, and among a million distinct lines two would be mixed up
 * once in some thirty million files. So a line seen before costs one access to memory.
 */
import { alloc, hashBytes, hashHigh, i32At, roomToGrow, setI32 } from './memory.ts';

const SLOT: i32 = 16;

let low: i32 = 0;
let upper: i32 = 0;
let size: i32 = 0;

/** The slot of these bytes: theirs, or the free one that `takeSlot` makes theirs. */
export function slotFor(slots: i32, mask: i32, from: i32, length: i32): i32 {
  const hash = hashBytes(from, length);
  return slotOf(slots, mask, hash, hashHigh(), length);
}

/** The same for a hash made before. */
export function slotOf(slots: i32, mask: i32, hash: i32, hashUpper: i32, length: i32): i32 {
  let slot = slots + (hash & mask) * 16;
  const end = slots + (mask + 1) * 16;
  while (i32At(slot + 12) !== 0) {
    if (i32At(slot) === hash && i32At(slot + 4) === hashUpper && i32At(slot + 8) === length) return slot;
    slot += 16;
    if (slot === end) slot = slots;
  }
  low = hash;
  upper = hashUpper;
  size = length;
  return slot;
}

/** Fills the free slot that was given out last. */
export function takeSlot(slot: i32, value: i32): void {
  setI32(slot, low);
  setI32(slot + 4, upper);
  setI32(slot + 8, size);
  setI32(slot + 12, value);
}

/**
 * Room for a table, and behind it for as much as it may grow without moving.
 * @returns 0 where there is no memory left
 */
export function allocSlots(count: i32): i32 {
  const room = roomToGrow();
  return alloc(count * SLOT > room ? count * SLOT : room);
}

/** Makes all slots free. */
export function clearSlots(slots: i32, mask: i32): void {
  for (let slot = 0; slot <= mask; slot++) setI32(slots + slot * SLOT + 12, 0);
}

/** Twice the slots, refilled. 0 where there is no memory left. */
export function growSlots(slots: i32, mask: i32): i32 {
  const count = mask + 1;
  if (count * 2 * SLOT <= roomToGrow()) return growInPlace(slots, count);
  const into = alloc(count * 2 * SLOT);
  if (into === 0) return 0;
  const end = slots + count * SLOT;
  for (let slot = slots; slot < end; slot += SLOT) if (i32At(slot + 12) !== 0) refill(into, mask * 2 + 1, slot);
  return into;
}

/**
 * Memory that was never used is costly to get, so the second half is laid behind the first. A slot's new place is its
 * old one or nearer to where its search starts, or in the second half: in the order of slots nothing is overwritten.
 * Only those that a search finds by going round the end, at the very start, wait elsewhere meanwhile.
 */
function growInPlace(slots: i32, count: i32): i32 {
  let first = 0;
  while (i32At(slots + first * SLOT + 12) !== 0) first++;
  const waiting = alloc(first * SLOT + SLOT);
  if (waiting === 0) return 0;
  for (let i = 0; i < first; i++) move(waiting + i * SLOT, slots + i * SLOT);
  const mask = count * 2 - 1;
  for (let i = first; i < count; i++) {
    const slot = slots + i * SLOT;
    if (i32At(slot + 12) === 0) continue;
    const home = i32At(slot) & mask;
    if (home === i) continue;
    move(spare(), slot);
    refill(slots, mask, spare());
  }
  for (let i = 0; i < first; i++) refill(slots, mask, waiting + i * SLOT);
  return slots;
}

let spareSlot: i32 = 0;

function spare(): i32 {
  if (spareSlot === 0) spareSlot = alloc(SLOT);
  return spareSlot;
}

/** Copies a slot to the first free one from where its search starts. */
function refill(slots: i32, mask: i32, from: i32): void {
  let free = i32At(from) & mask;
  while (i32At(slots + free * SLOT + 12) !== 0) free = (free + 1) & mask;
  copySlot(slots + free * SLOT, from);
}

function copySlot(to: i32, from: i32): void {
  setI32(to, i32At(from));
  setI32(to + 4, i32At(from + 4));
  setI32(to + 8, i32At(from + 8));
  setI32(to + 12, i32At(from + 12));
}

function move(to: i32, from: i32): void {
  copySlot(to, from);
  setI32(from + 12, 0);
}
