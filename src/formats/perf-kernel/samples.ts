/** The samples read so far, in columns; a chunk holds those of 8192 samples one behind the other. */
import { alloc, i32At, setF64, setI32 } from './memory.ts';
import { addSum, startSums } from './sums.ts';

/** Samples of a chunk. Its columns: stack, thread, event (i32), period, time (f64). */
export const CHUNK_ROWS: i32 = 8192;
const CHUNK_BYTES: i32 = CHUNK_ROWS * 28;
const CHUNKS: i32 = 16384;

let chunks: i32 = 0;
let count: i32 = 0;
/** The chunk that is being filled, and how many rows it has. */
let chunk: i32 = 0;
let rows: i32 = 0;
let summed: bool = false;
let timed: bool = false;

/**
 * @param sums 1 = samples are summed (sums.ts) and not kept
 * @returns false where there is not enough memory
 */
export function startSamples(sums: i32): bool {
  chunks = alloc(CHUNKS * 4);
  count = 0;
  summed = sums === 1;
  timed = false;
  if (summed && !startSums()) return false;
  rows = CHUNK_ROWS;
  return chunks !== 0;
}

export function sampleCount(): i32 {
  return count;
}

/** Whether a sample that was summed had a time. */
export function hasTimes(): bool {
  return timed;
}

/** Address of the chunk that holds the samples from `index * CHUNK_ROWS` on. */
export function sampleChunk(index: i32): i32 {
  return i32At(chunks + index * 4);
}

/**
 * @param stack -1 for none
 * @param event -1 for none
 * @returns false where there is no memory left
 */
export function addSample(stack: i32, thread: i32, event: i32, period: f64, time: f64): bool {
  if (summed) {
    count++;
    if (time >= 0) timed = true;
    return addSum(stack, thread, event, period);
  }
  if (rows === CHUNK_ROWS) {
    const index = (count / CHUNK_ROWS) | 0;
    chunk = index === CHUNKS ? 0 : alloc(CHUNK_BYTES);
    if (chunk === 0) return false;
    setI32(chunks + index * 4, chunk);
    rows = 0;
  }
  setI32(chunk + rows * 4, stack);
  setI32(chunk + (CHUNK_ROWS + rows) * 4, thread);
  setI32(chunk + (CHUNK_ROWS * 2 + rows) * 4, event);
  setF64(chunk + CHUNK_ROWS * 12 + rows * 8, period);
  setF64(chunk + CHUNK_ROWS * 20 + rows * 8, time);
  rows++;
  count++;
  return true;
}
