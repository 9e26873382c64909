import type { CpuTree } from './cpuprofile-tree.ts';
import { FormatError, type Input, type Notes } from './format.ts';
import { type JsonObject, jsonArray, jsonNumber } from './json-input.ts';
import { type JsonList, NumberList } from './json-list.ts';

/** The samples of a `.cpuprofile`, in the file's order. */
export interface CpuSamples {
  /** Each sample's stack; -1 where its node is the root or does not exist, {@link IDLE_STACK} where nothing ran. */
  readonly stack: Int32Array;
  /** Nanoseconds, ascending: when each sample was taken, then the end of the recording. Absent: the file has no times. */
  readonly time?: Float64Array;
}

/** Up to here (104 days of microseconds) a double holds nanoseconds exactly. */
const LONGEST = Number.MAX_SAFE_INTEGER / 1000;
/** From how many samples on it pays to have their column ready, and up to how many. */
const WORTH_STORAGE = 100_000;
const MOST_STORAGE = 1 << 28;

/**
 * Reads `samples` with `timeDeltas` (microseconds since the sample before, the first since `startTime`) or, in node 8
 * and older, `timestamps`. V8 may note a sample slightly late, so that a delta is negative: time then stands still
 * until the clock has caught up, and a note says how often.
 * @throws {FormatError} a wrong type, or a time that is none
 */
export function readCpuSamples(input: Input, file: JsonObject, tree: CpuTree, notes: Notes): CpuSamples {
  const stack = stacksOf(input, jsonArray(input, '$.samples', file.samples), tree, notes);
  const time =
    file.timeDeltas === undefined ? stamps(input, file, stack.length) : deltas(input, file, stack.length, notes);
  return time ? { stack, time } : { stack };
}

function stacksOf(input: Input, given: JsonList, { ids, stack: stackOf }: CpuTree, notes: Notes): Int32Array {
  const stack = columnOf(given);
  let unknown = 0;
  let first = '';
  const missing = (i: number, id: number): number => {
    if (unknown++ === 0) first = `$.samples[${i}] = ${id}`;
    return -1;
  };
  if (given instanceof NumberList && given.isWhole) {
    given.moveTo(stack);
    ids.replace(stack, stackOf, missing);
  } else {
    for (let i = 0; i < stack.length; i++) {
      const id = jsonNumber(input, () => `$.samples[${i}]`, given.at(i));
      const row = ids.row(id);
      stack[i] = row < 0 ? missing(i, id) : stackOf[row]!;
    }
  }
  if (unknown > 0) notes.add(`samples of nodes that do not exist, left without a stack: ${unknown}, first ${first}`);
  return stack;
}

/**
 * Where a file's samples are read into: V8 counts them at the nodes, that is before them, but for a few.
 * @param expected how many samples
 */
export function samplesStorage(expected: number): Int32Array | undefined {
  if (expected < WORTH_STORAGE) return undefined;
  try {
    return new Int32Array(Math.min(expected * 1.05, MOST_STORAGE));
  } catch (error) {
    // What the file says need not be true
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A column for the samples: the list's own storage where it is about as long. */
function columnOf(given: JsonList): Int32Array {
  const own = given instanceof NumberList ? given.storage : undefined;
  const fits = own instanceof Int32Array && own.length >= given.length && own.length < given.length * 1.2;
  return fits ? own.subarray(0, given.length) : new Int32Array(given.length);
}

/** A column of numbers, as far as it is given, and room for one more: the list's own storage where that fits. */
function numbersOf(input: Input, path: string, given: JsonList, length: number): Float64Array {
  const own = given instanceof NumberList ? given.storage : undefined;
  const fits = own instanceof Float64Array && own.length === length + 1;
  const column = fits ? own : new Float64Array(length + 1);
  if (given instanceof NumberList && given.isFinite) {
    given.moveTo(column.subarray(0, length));
    return column;
  }
  for (let i = 0; i < Math.min(length, given.length); i++) {
    column[i] = jsonNumber(input, () => `${path}[${i}]`, given.at(i));
  }
  return column;
}

function deltas(input: Input, file: JsonObject, samples: number, notes: Notes): Float64Array | undefined {
  const given = jsonArray(input, '$.timeDeltas', file.timeDeltas);
  if (given.length === 0 || samples === 0) return undefined;
  if (given.length !== samples) {
    const mended = given.length < samples ? 'the others are given the average' : 'what is too much is left out';
    notes.add(`timeDeltas: ${given.length}, samples: ${samples}; ${mended}`);
  }
  const known = given.length;
  const micros = numbersOf(input, '$.timeDeltas', given, samples);
  let now = 0;
  let latest = 0;
  let backwards = 0;
  for (let i = 0; i < samples; i++) {
    const delta = i < known ? micros[i]! : latest / i;
    if (!(Math.abs(now + delta) < LONGEST)) {
      throw new FormatError(input, `$.timeDeltas[${i}]`, `${delta} is no time in microseconds`);
    }
    if (delta < 0) backwards++;
    now += delta;
    if (now > latest) latest = now;
    micros[i] = latest;
  }
  if (backwards > 0) notes.add(`negative timeDeltas, counted as 0: ${backwards}`);
  const start = startMicros(input, file);
  const end = file.endTime === undefined ? Number.NaN : jsonNumber(input, '$.endTime', file.endTime) - start;
  return nanoseconds(micros, start, end);
}

/** Older than `timeDeltas`: absolute microseconds, while `startTime` and `endTime` are whole seconds and of no use. */
function stamps(input: Input, file: JsonObject, samples: number): Float64Array | undefined {
  if (file.timestamps === undefined || samples === 0) return undefined;
  const given = jsonArray(input, '$.timestamps', file.timestamps);
  if (given.length < samples) {
    throw new FormatError(input, '$.timestamps', `${given.length} timestamps for ${samples} samples`);
  }
  const last = given.length > samples ? jsonNumber(input, `$.timestamps[${samples}]`, given.at(samples)) : undefined;
  const micros = numbersOf(input, '$.timestamps', given, samples);
  const start = micros[0]!;
  let latest = 0;
  for (let i = 0; i < samples; i++) {
    const now = micros[i]! - start;
    if (!(Math.abs(now) < LONGEST)) throw new FormatError(input, `$.timestamps[${i}]`, `${micros[i]} is no time`);
    if (now > latest) latest = now;
    micros[i] = latest;
  }
  return nanoseconds(micros, start, last === undefined ? Number.NaN : last - start);
}

function startMicros(input: Input, file: JsonObject): number {
  return file.startTime === undefined ? 0 : jsonNumber(input, '$.startTime', file.startTime);
}

/**
 * Turns microseconds into nanoseconds, in place.
 * @param micros since the start, ascending; the last one is room for the end
 * @param end microseconds since the start; where it is unknown or wrong the last sample is as long as the average
 */
function nanoseconds(micros: Float64Array, start: number, end: number): Float64Array {
  const samples = micros.length - 1;
  const last = micros[samples - 1]!;
  const average = samples > 1 ? (last - micros[0]!) / (samples - 1) : 0;
  // A start that is no exact number of nanoseconds would cost all times their precision
  const origin = Math.abs(start) + last < LONGEST ? start : 0;
  micros[samples] = end >= last && end < LONGEST ? end : last + average;
  for (let i = 0; i < micros.length; i++) micros[i] = Math.round((origin + micros[i]!) * 1000);
  return micros;
}
