/** Of open nodes that may be drawn as one of several frames: the weight of each of these. */
import { alloc, f64At, i32At, setF64, setI32 } from './memory.ts';

/** Bytes of an entry: variant, the next entry of the node (0 = none), weight (f64). */
const ENTRY_BYTES: i32 = 16;
const ENTRIES: i32 = 1024;

/** By depth the first entry. */
let heads: i32 = 0;
let free: i32 = 0;

/** @returns false where there is no memory left */
export function startVariants(deepest: i32): bool {
  heads = alloc(deepest * 4 + 4);
  free = 0;
  return heads !== 0;
}

/** @returns false where there is no memory left */
export function addVariant(depth: i32, variant: i32, weight: f64): bool {
  const head = heads + depth * 4;
  for (let entry = i32At(head); entry !== 0; entry = i32At(entry + 4)) {
    if (i32At(entry) !== variant) continue;
    setF64(entry + 8, f64At(entry + 8) + weight);
    return true;
  }
  if (free === 0 && !moreEntries()) return false;
  const entry = free;
  free = i32At(entry + 4);
  setI32(entry, variant);
  setI32(entry + 4, i32At(head));
  setF64(entry + 8, weight);
  setI32(head, entry);
  return true;
}

/** The variant with the most weight, of equal ones the first. */
export function heaviestVariant(depth: i32): i32 {
  let best = i32At(heads + depth * 4);
  for (let entry = best; entry !== 0; entry = i32At(entry + 4)) {
    const more = f64At(entry + 8) - f64At(best + 8);
    if (more > 0 || (more === 0 && i32At(entry) < i32At(best))) best = entry;
  }
  return i32At(best);
}

/** The node is closed. */
export function endVariants(depth: i32): void {
  let last = i32At(heads + depth * 4);
  while (i32At(last + 4) !== 0) last = i32At(last + 4);
  setI32(last + 4, free);
  free = i32At(heads + depth * 4);
  setI32(heads + depth * 4, 0);
}

function moreEntries(): bool {
  const entries = alloc(ENTRIES * ENTRY_BYTES);
  if (entries === 0) return false;
  for (let i = 0; i < ENTRIES; i++) {
    setI32(entries + i * ENTRY_BYTES + 4, free);
    free = entries + i * ENTRY_BYTES;
  }
  return true;
}
