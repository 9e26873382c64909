import { FormatError, type Input, type Notes } from '../format.ts';
import type { KernelSource } from '../json-kernel/open-json-kernel.ts';
import { type JsonObject, jsonArray, jsonNumber } from '../json-stream/input.ts';
import { type JsonList, NumberList } from '../json-stream/list.ts';
import { type CpuColumns, cpuColumns } from './columns.ts';
import { type CpuSpans, LONGEST_MICROS, spansBetween, wholeSpans } from './spans.ts';
import type { CpuTree } from './tree.ts';
import { type WholeSamples, wholeColumns } from './whole.ts';

/** The samples of a `.cpuprofile`, in the file's order. */
export interface CpuSamples {
  /** Each sample's stack; -1 where its node is the root or does not exist, {@link IDLE_STACK} where nothing ran. */
  readonly stack: Int32Array;
  /** How long each sample took. Absent: the file has no times. */
  readonly spans?: CpuSpans;
}

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
  const spans =
    file.timeDeltas === undefined ? stamps(input, file, stack.length) : deltas(input, file, stack.length, notes);
  return spans ? { stack, spans } : { stack };
}

/**
 * The columns of {@link readCpuSamples}.
 * @param thread of all samples; undefined = unknown
 * @returns one value, each sample's 1, and where there are times a second one: nanoseconds
 */
export function readCpuColumns(
  input: Input,
  { file, tree, kernel }: { readonly file: JsonObject; readonly tree: CpuTree; readonly kernel: KernelSource },
  thread: number | undefined,
  notes: Notes,
): CpuColumns {
  const whole = wholeSamples(input, file);
  if (whole === undefined) return cpuColumns(readCpuSamples(input, file, tree, notes), thread);
  const unknown = new MissingNodes();
  const { columns, backwards } = wholeColumns(whole, { tree, kernel }, thread, {
    missing: (i, id) => unknown.add(i, id),
    wrong: (i, delta) => wrongDelta(input, i, delta),
  });
  unknown.note(notes);
  noteLengths(whole.given, whole.ids.length, notes);
  noteBackwards(backwards, notes);
  return columns;
}

/** The samples where they are as V8 writes them; undefined, and nothing is used up, where they are not. */
function wholeSamples(input: Input, file: JsonObject): (WholeSamples & { readonly given: number }) | undefined {
  const { samples, timeDeltas } = file;
  if (!(samples instanceof NumberList && timeDeltas instanceof NumberList)) return undefined;
  const { length: given } = timeDeltas;
  if (!samples.isWhole || !timeDeltas.isWhole || samples.length === 0 || given < samples.length) return undefined;
  const start = startMicros(input, file);
  if (!Number.isSafeInteger(start)) return undefined;
  const end = endMicros(input, file, start);
  const ids = columnOf(samples, samples.length);
  const micros = columnOf(timeDeltas, samples.length);
  samples.moveTo(ids);
  timeDeltas.moveTo(micros);
  return { ids, deltas: micros, start, end, given };
}

/** Counts samples of nodes that do not exist. */
class MissingNodes {
  private count = 0;
  private first = '';

  add(i: number, id: number): void {
    if (this.count++ === 0) this.first = `$.samples[${i}] = ${id}`;
  }

  note(notes: Notes): void {
    const { count, first } = this;
    if (count > 0) notes.add(`samples of nodes that do not exist, left without a stack: ${count}, first ${first}`);
  }
}

function stacksOf(input: Input, given: JsonList, { ids, stack: stackOf }: CpuTree, notes: Notes): Int32Array {
  const stack = columnOf(given, given.length);
  const unknown = new MissingNodes();
  for (let i = 0; i < stack.length; i++) {
    const id = jsonNumber(input, () => `$.samples[${i}]`, given.at(i));
    const row = ids.row(id);
    if (row < 0) unknown.add(i, id);
    stack[i] = row < 0 ? -1 : stackOf[row]!;
  }
  unknown.note(notes);
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

/** A column of whole numbers: the list's own storage where that is about as long. */
function columnOf(given: JsonList, length: number): Int32Array {
  const own = given instanceof NumberList ? given.storage : undefined;
  const fits = own !== undefined && own.length >= length && own.length < length * 1.2;
  return fits ? own.subarray(0, length) : new Int32Array(length);
}

/** A column of numbers, as far as it is given, and room for one more. */
function numbersOf(input: Input, path: string, given: JsonList, length: number): Float64Array {
  const column = new Float64Array(length + 1);
  if (given instanceof NumberList && given.isFinite) {
    given.moveTo(column.subarray(0, length));
    return column;
  }
  for (let i = 0; i < Math.min(length, given.length); i++) {
    column[i] = jsonNumber(input, () => `${path}[${i}]`, given.at(i));
  }
  return column;
}

function deltas(input: Input, file: JsonObject, samples: number, notes: Notes): CpuSpans | undefined {
  const given = jsonArray(input, '$.timeDeltas', file.timeDeltas);
  if (given.length === 0 || samples === 0) return undefined;
  noteLengths(given.length, samples, notes);
  const start = startMicros(input, file);
  const { spans, backwards } = deltaSpans(input, given, samples, start, endMicros(input, file, start));
  noteBackwards(backwards, notes);
  return spans;
}

function noteLengths(given: number, samples: number, notes: Notes): void {
  if (given === samples) return;
  const mended = given < samples ? 'the others are given the average' : 'what is too much is left out';
  notes.add(`timeDeltas: ${given}, samples: ${samples}; ${mended}`);
}

function noteBackwards(backwards: number, notes: Notes): void {
  if (backwards > 0) notes.add(`negative timeDeltas, counted as 0: ${backwards}`);
}

function wrongDelta(input: Input, i: number, delta: number): never {
  throw new FormatError(input, `$.timeDeltas[${i}]`, `${delta} is no time in microseconds`);
}

/** As V8 writes them they are whole numbers, and there may be millions. */
function deltaSpans(
  input: Input,
  given: JsonList,
  samples: number,
  start: number,
  end: number,
): { spans: CpuSpans; backwards: number } {
  const known = given.length;
  if (given instanceof NumberList && given.isWhole && known >= samples && Number.isSafeInteger(start)) {
    const column = columnOf(given, samples);
    given.moveTo(column);
    const { backwards, ...spans } = wholeSpans(column, start, end, (i) => wrongDelta(input, i, column[i]!));
    return { spans, backwards };
  }
  const micros = numbersOf(input, '$.timeDeltas', given, samples);
  let now = 0;
  let latest = 0;
  let backwards = 0;
  for (let i = 0; i < samples; i++) {
    const delta = i < known ? micros[i]! : latest / i;
    if (!(Math.abs(now + delta) < LONGEST_MICROS)) wrongDelta(input, i, delta);
    if (delta < 0) backwards++;
    now += delta;
    if (now > latest) latest = now;
    micros[i] = latest;
  }
  return { spans: spansBetween(micros, start, end), backwards };
}

/** Older than `timeDeltas`: absolute microseconds, while `startTime` and `endTime` are whole seconds and of no use. */
function stamps(input: Input, file: JsonObject, samples: number): CpuSpans | undefined {
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
    if (!(Math.abs(now) < LONGEST_MICROS))
      throw new FormatError(input, `$.timestamps[${i}]`, `${micros[i]} is no time`);
    if (now > latest) latest = now;
    micros[i] = latest;
  }
  return spansBetween(micros, start, last === undefined ? Number.NaN : last - start);
}

function endMicros(input: Input, file: JsonObject, start: number): number {
  return file.endTime === undefined ? Number.NaN : jsonNumber(input, '$.endTime', file.endTime) - start;
}

function startMicros(input: Input, file: JsonObject): number {
  return file.startTime === undefined ? 0 : jsonNumber(input, '$.startTime', file.startTime);
}
