/** Stacks as rows of (the stack below, 16 symbols): one lookup for 16 frames, prefixes shared at that grain. */
import { allocSlots, growSlots, slotFor, takeSlot } from './hash-slots.ts';
import { alloc, copyBytes, i32At, setI32 } from './memory.ts';

/** Frames that one row holds. */
export const GRAIN: i32 = 16;
const ROW_BYTES: i32 = (GRAIN + 1) * 4;
const ROWS_A_CHUNK: i32 = 8192;
const CHUNKS: i32 = 16384;
const NONE: i32 = -1;
const FIRST_SLOTS: i32 = 4096;

let slots: i32 = 0;
let mask: i32 = 0;
let rows: i32 = 0;
let chunks: i32 = 0;
let newRow: i32 = 0;

/** @returns false where there is not enough memory */
export function startStacks(): bool {
  mask = FIRST_SLOTS - 1;
  slots = allocSlots(mask + 1);
  chunks = alloc(CHUNKS * 4);
  newRow = alloc(ROW_BYTES);
  rows = 0;
  return newRow !== 0;
}

export function stackCount(): i32 {
  return rows;
}

/** Address of a row: the stack below (-1 for none), then 16 symbols, root first, -1 behind the last. */
export function stackRow(stack: i32): i32 {
  const chunk = i32At(chunks + ((stack / ROWS_A_CHUNK) | 0) * 4);
  return chunk + (stack % ROWS_A_CHUNK) * ROW_BYTES;
}

/**
 * The stack of symbols that stand side by side, root first.
 * @param below the stack that they stand on, -1 for none
 * @param step 4, or -4 where the root is the last of them
 * @returns its number; `below` for no symbols; -2 where there is no memory left
 */
export function stackOf(below: i32, symbols: i32, count: i32, step: i32): i32 {
  let stack = below;
  let symbol = symbols;
  for (let i = 0; i < count; i += GRAIN) {
    setI32(newRow, stack);
    for (let j = 0; j < GRAIN; j++) {
      setI32(newRow + 4 + j * 4, i + j < count ? i32At(symbol) : NONE);
      symbol += step;
    }
    stack = internRow();
    if (stack < 0) return -2;
  }
  return stack;
}

/** The row that equals `newRow`, added where it is new; -1 where there is no memory left. */
function internRow(): i32 {
  const slot = slotFor(slots, mask, newRow, ROW_BYTES);
  const found = i32At(slot + 12);
  if (found !== 0) return found - 1;
  const row = rows;
  if (row % ROWS_A_CHUNK === 0) {
    const chunk = row === ROWS_A_CHUNK * CHUNKS ? 0 : alloc(ROWS_A_CHUNK * ROW_BYTES);
    if (chunk === 0) return -1;
    setI32(chunks + ((row / ROWS_A_CHUNK) | 0) * 4, chunk);
  }
  copyBytes(stackRow(row), newRow, ROW_BYTES);
  takeSlot(slot, row + 1);
  rows++;
  if (rows * 10 > mask * 7) {
    slots = growSlots(slots, mask);
    mask = mask * 2 + 1;
    if (slots === 0) return -1;
  }
  return row;
}
