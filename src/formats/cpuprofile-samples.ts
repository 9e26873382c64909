import type { CpuNode } from './cpuprofile-tree.ts';
import { FormatError, type Input, type Notes } from './format.ts';
import { type JsonObject, jsonArray, jsonNumber } from './json-input.ts';

/** The samples of a `.cpuprofile`, in the file's order. */
export interface CpuSamples {
  /** Index of each sample's node; -1 where it names none that exists. */
  readonly node: Int32Array;
  /** Nanoseconds, ascending: when each sample was taken, then the end of the recording. Absent: the file has no times. */
  readonly time?: Float64Array;
}

/** Up to here (104 days of microseconds) a double holds nanoseconds exactly. */
const LONGEST = Number.MAX_SAFE_INTEGER / 1000;

/**
 * Reads `samples` with `timeDeltas` (microseconds since the sample before, the first since `startTime`) or, in node 8
 * and older, `timestamps`. V8 may note a sample slightly late, so that a delta is negative: time then stands still
 * until the clock has caught up, and a note says how often.
 * @throws {FormatError} a wrong type, or a time that is none
 */
export function readCpuSamples(input: Input, file: JsonObject, nodes: readonly CpuNode[], notes: Notes): CpuSamples {
  const ids = jsonArray(input, '$.samples', file.samples);
  const index = new Map(nodes.map(({ id }, i) => [id, i]));
  const node = new Int32Array(ids.length);
  let unknown = 0;
  let first = '';
  for (let i = 0; i < ids.length; i++) {
    const id = jsonNumber(input, `$.samples[${i}]`, ids[i]);
    const found = index.get(id);
    if (found === undefined && unknown++ === 0) first = `$.samples[${i}] = ${id}`;
    node[i] = found ?? -1;
  }
  if (unknown > 0) notes.add(`samples of nodes that do not exist, left without a stack: ${unknown}, first ${first}`);
  const time =
    file.timeDeltas === undefined ? stamps(input, file, node.length) : deltas(input, file, node.length, notes);
  return time ? { node, time } : { node };
}

function deltas(input: Input, file: JsonObject, samples: number, notes: Notes): Float64Array | undefined {
  const given = jsonArray(input, '$.timeDeltas', file.timeDeltas);
  if (given.length === 0 || samples === 0) return undefined;
  if (given.length !== samples) {
    const mended = given.length < samples ? 'the others are given the average' : 'what is too much is left out';
    notes.add(`timeDeltas: ${given.length}, samples: ${samples}; ${mended}`);
  }
  const micros = new Float64Array(samples);
  let now = 0;
  let latest = 0;
  let backwards = 0;
  for (let i = 0; i < samples; i++) {
    const delta = i < given.length ? jsonNumber(input, `$.timeDeltas[${i}]`, given[i]) : latest / i;
    if (!(Math.abs(now + delta) < LONGEST)) {
      throw new FormatError(input, `$.timeDeltas[${i}]`, `${delta} is no time in microseconds`);
    }
    if (delta < 0) backwards++;
    now += delta;
    latest = Math.max(latest, now);
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
  const start = jsonNumber(input, '$.timestamps[0]', given[0]);
  const micros = new Float64Array(samples);
  let latest = 0;
  for (let i = 0; i < samples; i++) {
    const now = jsonNumber(input, `$.timestamps[${i}]`, given[i]) - start;
    if (!(Math.abs(now) < LONGEST)) throw new FormatError(input, `$.timestamps[${i}]`, `${given[i]} is no time`);
    latest = Math.max(latest, now);
    micros[i] = latest;
  }
  const end =
    given.length > samples ? jsonNumber(input, `$.timestamps[${samples}]`, given[samples]) - start : Number.NaN;
  return nanoseconds(micros, start, end);
}

function startMicros(input: Input, file: JsonObject): number {
  return file.startTime === undefined ? 0 : jsonNumber(input, '$.startTime', file.startTime);
}

/**
 * @param micros since the start, ascending
 * @param end microseconds since the start; where it is unknown or wrong the last sample is as long as the average
 */
function nanoseconds(micros: Float64Array, start: number, end: number): Float64Array {
  const last = micros.at(-1)!;
  const average = micros.length > 1 ? (last - micros[0]!) / (micros.length - 1) : 0;
  // A start that is no exact number of nanoseconds would cost all times their precision
  const origin = Math.abs(start) + last < LONGEST ? start : 0;
  const time = new Float64Array(micros.length + 1);
  for (let i = 0; i < micros.length; i++) time[i] = Math.round((origin + micros[i]!) * 1000);
  time[micros.length] = Math.round((origin + (end >= last && end < LONGEST ? end : last + average)) * 1000);
  return time;
}
