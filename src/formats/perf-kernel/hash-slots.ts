/**
 * Open addressing over 16-byte slots: 64 bits of hash, the length, a value (0 = free). Equal hashes and lengths are
 * taken for equal bytes: the hash is seeded anew in every run, and among a million distinct lines two would be mixed up
 * once in some thirty million files. So a line seen before costs one access to memory.
 */
import { alloc, hashBytes, hashHigh, i32At, setI32 } from './memory.ts';

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

/** Twice the slots, refilled. 0 where there is no memory left. */
export function growSlots(slots: i32, mask: i32): i32 {
  const newMask = mask * 2 + 1;
  const into = alloc((newMask + 1) * 16);
  if (into === 0) return 0;
  const end = slots + (mask + 1) * 16;
  for (let slot = slots; slot < end; slot += 16) {
    if (i32At(slot + 12) === 0) continue;
    let free = i32At(slot) & newMask;
    while (i32At(into + free * 16 + 12) !== 0) free = (free + 1) & newMask;
    const target = into + free * 16;
    setI32(target, i32At(slot));
    setI32(target + 4, i32At(slot + 4));
    setI32(target + 8, i32At(slot + 8));
    setI32(target + 12, i32At(slot + 12));
  }
  return into;
}
