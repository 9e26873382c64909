/** Samples summed while they are read, for whoever wants nothing but stacks and weights: a row a stack, thread and event. */
import { allocSlots, growSlots, slotFor, takeSlot } from './hash-slots.ts';
import { alloc, f64At, i32At, setF64, setI32, toF64 } from './memory.ts';
import { lastSum } from './stack-table.ts';

/** Bytes of a row: stack, thread, event, how many samples (i32), weight (f64). */
const ROW_BYTES: i32 = 24;
const ROWS_A_CHUNK: i32 = 4096;
const CHUNKS: i32 = 16384;

let slots: i32 = 0;
let mask: i32 = 0;
let rows: i32 = 0;
let chunks: i32 = 0;
let key: i32 = 0;
let anyPeriod: bool = false;

/** @returns false where there is not enough memory */
export function startSums(): bool {
  mask = 16383;
  slots = allocSlots(mask + 1);
  chunks = alloc(CHUNKS * 4);
  key = alloc(16);
  rows = 0;
  anyPeriod = false;
  return key !== 0;
}

export function sumCount(): i32 {
  return rows;
}

export function sumRow(row: i32): i32 {
  return i32At(chunks + ((row / ROWS_A_CHUNK) | 0) * 4) + (row % ROWS_A_CHUNK) * ROW_BYTES;
}

/** Adds to `room` (f64 each) how many samples each event has. @returns whether a sample has neither stack nor thread */
export function countEvents(room: i32): bool {
  let bare: bool = false;
  for (let i = 0; i < rows; i++) {
    const row = sumRow(i);
    if (i32At(row) < 0 && i32At(row + 4) < 0) bare = true;
    const event = i32At(row + 8);
    if (event < 0) continue;
    setF64(room + event * 8, f64At(room + event * 8) + toF64(i32At(row + 12)));
  }
  return bare;
}

/** Whether a sample had a period. */
export function hasPeriods(): bool {
  return anyPeriod;
}

/** @returns false where there is no memory left */
export function addSum(stack: i32, thread: i32, event: i32, period: f64): bool {
  if (period > 0) anyPeriod = true;
  const weight = period > 0 ? period : 1;
  const last = stack < 0 ? 0 : lastSum(stack);
  // Mostly a stack is always that of one thread
  if (last !== 0 && i32At(last) !== 0) {
    const row = sumRow(i32At(last) - 1);
    if (i32At(row + 4) === thread && i32At(row + 8) === event) {
      addTo(row, weight);
      return true;
    }
  }
  const at = rowOf(stack, thread, event);
  if (at === 0) return false;
  if (last !== 0) setI32(last, at);
  addTo(sumRow(at - 1), weight);
  return true;
}

function addTo(row: i32, weight: f64): void {
  setI32(row + 12, i32At(row + 12) + 1);
  setF64(row + 16, f64At(row + 16) + weight);
}

/** The number of a row + 1; 0 where there is no memory left. */
function rowOf(stack: i32, thread: i32, event: i32): i32 {
  setI32(key, stack);
  setI32(key + 4, thread);
  setI32(key + 8, event);
  const slot = slotFor(slots, mask, key, 12);
  let at = i32At(slot + 12);
  if (at === 0) {
    if (rows % ROWS_A_CHUNK === 0) {
      const chunk = rows === ROWS_A_CHUNK * CHUNKS ? 0 : alloc(ROWS_A_CHUNK * ROW_BYTES);
      if (chunk === 0) return 0;
      setI32(chunks + ((rows / ROWS_A_CHUNK) | 0) * 4, chunk);
    }
    rows++;
    at = rows;
    takeSlot(slot, at);
    const row = sumRow(at - 1);
    setI32(row, stack);
    setI32(row + 4, thread);
    setI32(row + 8, event);
    if (rows * 10 > mask * 7) {
      slots = growSlots(slots, mask);
      mask = mask * 2 + 1;
      if (slots === 0) return 0;
    }
  }
  return at;
}
