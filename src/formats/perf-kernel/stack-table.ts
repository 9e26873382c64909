/** Stacks as rows of (the stack below, 16 symbols): one lookup for 16 frames, prefixes shared at that grain. */
import { allocSlots, growSlots, slotOf, takeSlot } from './hash-slots.ts';
import { alloc, copyBytes, copyRow, hashHigh, hashRow, i32At, setI32 } from './memory.ts';

/** Frames that one row holds. */
export const GRAIN: i32 = 16;
const ROW_BYTES: i32 = (GRAIN + 1) * 4;
const ROWS_A_CHUNK: i32 = 8192;
/** Behind the rows of a chunk there is a number for each, which sums.ts keeps: so they lie close together. */
const CHUNK_BYTES: i32 = ROWS_A_CHUNK * (ROW_BYTES + 4);
const CHUNKS: i32 = 16384;
const NONE: i32 = -1;
/** Symbols that `nextStack` takes at most. */
const LONGEST: i32 = 65536;
const FIRST_SLOTS: i32 = 4096;

let slots: i32 = 0;
let mask: i32 = 0;
let rows: i32 = 0;
let chunks: i32 = 0;
let newRow: i32 = 0;
/** The rows of the stack that `nextStack` made last, and how many symbols that has. */
let lastRows: i32 = 0;
let lastCount: i32 = 0;

/** @returns false where there is not enough memory */
export function startStacks(): bool {
  mask = FIRST_SLOTS - 1;
  slots = allocSlots(mask + 1);
  chunks = alloc(CHUNKS * 4);
  newRow = alloc(ROW_BYTES);
  lastRows = alloc(((LONGEST / GRAIN) | 0) * 4);
  lastCount = 0;
  rows = 0;
  return lastRows !== 0;
}

export function stackCount(): i32 {
  return rows;
}

/** Where it stands which sum of a stack was added to last, + 1; 0 at first. */
export function lastSum(stack: i32): i32 {
  const chunk = i32At(chunks + ((stack / ROWS_A_CHUNK) | 0) * 4);
  return chunk + ROWS_A_CHUNK * ROW_BYTES + (stack % ROWS_A_CHUNK) * 4;
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

/**
 * The same for one stack after the other, root first: rows that stay as they were are not looked up.
 * @param count 1 to 65,536
 * @param kept so many of the first symbols are those of the call before
 */
export function nextStack(symbols: i32, count: i32, kept: i32): i32 {
  if (kept === count && count === lastCount) return i32At(lastRows + (((count - 1) / GRAIN) | 0) * 4);
  let row = (kept / GRAIN) | 0;
  let stack = row === 0 ? NONE : i32At(lastRows + row * 4 - 4);
  lastCount = 0;
  for (; row * GRAIN < count; row++) {
    const first = row * GRAIN;
    setI32(newRow, stack);
    copyRow(newRow + 4, symbols + first * 4, count - first < GRAIN ? count - first : GRAIN);
    stack = internRow();
    if (stack < 0) return -2;
    setI32(lastRows + row * 4, stack);
  }
  lastCount = count;
  return stack;
}

/** The row that equals `newRow`, added where it is new; -1 where there is no memory left. */
function internRow(): i32 {
  const hash = hashRow(newRow);
  const slot = slotOf(slots, mask, hash, hashHigh(), ROW_BYTES);
  const found = i32At(slot + 12);
  if (found !== 0) return found - 1;
  const row = rows;
  if (row % ROWS_A_CHUNK === 0) {
    const chunk = row === ROWS_A_CHUNK * CHUNKS ? 0 : alloc(CHUNK_BYTES);
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
