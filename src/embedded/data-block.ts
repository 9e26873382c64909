import { DigitReader, DigitWriter } from './digits.ts';
import type { FlameRows } from './flame-rows.ts';

/** The functions of a picture: row i of every column is what `FlameRows.frame` calls i. Texts are rows of `strings`. */
export interface FrameColumns {
  readonly length: number;
  readonly name: Int32Array;
  readonly file: Int32Array;
  readonly line: Int32Array;
  readonly column: Int32Array;
  readonly module: Int32Array;
  /** Index into KINDS. */
  readonly kind: Int32Array;
  /** Index into TIERS. */
  readonly tier: Int32Array;
  /** Which of the picture's colours. */
  readonly shade: Int32Array;
}

const COLUMNS = ['name', 'file', 'line', 'column', 'module', 'kind', 'tier', 'shade'] as const;

/** All that a compact picture knows: its own script draws from this, and it is read back as a profile without loss. */
export interface FlameData {
  /** What is measured, as in the profile's value type. */
  readonly type: string;
  readonly unit: string;
  /** A weight is this many units: numerator, denominator. */
  readonly scale: readonly [number, number];
  readonly strings: readonly string[];
  readonly frames: FrameColumns;
  readonly rows: FlameRows;
}

/** The block as JSON has it; `frames`, `hidden` and each row are numbers as digits.ts writes them. */
interface Block {
  readonly version: 1;
  readonly type: string;
  readonly unit: string;
  readonly scale: readonly [number, number];
  /** The weight of `all`. */
  readonly total: number;
  readonly strings: readonly string[];
  /** The columns of a frame, one after the other. */
  readonly frames: string;
  /** Pairs: how many frames on, weight on it that is left out. */
  readonly hidden: string;
  /** Number of frames, the root included. */
  readonly count: number;
  /** From the row on `all`: see {@link writeRow}. */
  readonly rows: readonly string[];
}

/** Bits of the number that a frame starts with; above them: how many frames of the row below lie between. */
const HAS_OFFSET = 1;
const REST_GIVEN = 2;
const SKIP = 4;

/**
 * A row: for each frame, which frame of the row below it lies on and how far from that one's left edge or the neighbour
 * (almost never), its row of the frame table, and its weight, or what remains of the frame below right of it if that is
 * less: most frames of deep stacks fill the one below.
 */
function writeRow({ rowStart, start, weight, frame, parent }: FlameRows, row: number, digits: DigitWriter): void {
  let below = rowStart[row - 1]!;
  let edge = 0;
  for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
    const on = parent[i]!;
    const left = start[on]! > edge ? start[on]! : edge;
    const offset = start[i]! - left;
    const rest = start[on]! + weight[on]! - start[i]! - weight[i]!;
    // Beyond 2^53 what is left of a rounded sum may be less than nothing, for which there are no digits
    const byRest = rest >= 0 && rest < weight[i]!;
    digits.put((on - below) * SKIP + (byRest ? REST_GIVEN : 0) + (offset > 0 ? HAS_OFFSET : 0));
    if (offset > 0) digits.put(offset);
    digits.put(frame[i]!);
    digits.put(byRest ? rest : weight[i]!);
    below = on;
    edge = start[i]! + weight[i]!;
  }
}

const ROWS_PER_CHUNK = 1 << 16;

/** The block as text that needs no escapes in JSON strings, XML text or HTML. Chunks. */
export function* writeData(data: FlameData): Iterable<string> {
  const { rows, frames } = data;
  const digits = new DigitWriter();
  const frameDigits = writeFrames(frames, digits);
  let last = 0;
  for (let i = 0; i < rows.hidden.length; i++) {
    if (rows.hidden[i] === 0) continue;
    digits.put(i - last);
    digits.put(rows.hidden[i]!);
    last = i;
  }
  const head = { version: 1, type: data.type, unit: data.unit, scale: data.scale, total: rows.weight[0] };
  yield `${markupFree(JSON.stringify(head)).slice(0, -1)},\n"strings":${stringsJson(data.strings)},\n`;
  yield `"frames":"${frameDigits}",\n"hidden":"${digits.take()}",\n"count":${rows.weight.length},\n"rows":[`;
  let chunk = '';
  for (let row = 1; row < rows.rowStart.length - 1; row++) {
    writeRow(rows, row, digits);
    chunk += `${row === 1 ? '\n"' : ',\n"'}${digits.take()}"`;
    if (chunk.length < ROWS_PER_CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  yield `${chunk}]}`;
}

/** The columns of functions, one after the other. */
export function writeFrames(frames: FrameColumns, digits: DigitWriter): string {
  for (let i = 0; i < frames.length; i++) for (const column of COLUMNS) digits.put(frames[column][i]!);
  return digits.take();
}

/** Everything that XML forbids, that would end the block, or that reorders the text around it. */
const UNSAFE = /[&<>\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;

/** JSON without characters that mean anything to XML or HTML. JSON.stringify writes control characters and lone surrogates so. */
export function markupFree(json: string): string {
  return json.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function stringsJson(strings: readonly string[]): string {
  return markupFree(JSON.stringify(strings));
}

/**
 * Reads a block back.
 * @throws {SyntaxError | TypeError} it is no JSON, or not of this shape
 */
export function readData(text: string): FlameData {
  const block = JSON.parse(text) as Block;
  const { count } = block;
  const rows = {
    rowStart: new Int32Array(block.rows.length + 2),
    start: new Float64Array(count),
    weight: new Float64Array(count),
    frame: new Int32Array(count),
    parent: new Int32Array(count),
    hidden: new Float64Array(count),
  };
  rows.weight[0] = block.total;
  rows.frame[0] = -1;
  rows.parent[0] = -1;
  rows.rowStart[1] = 1;
  for (let row = 0; row < block.rows.length; row++) readRow(rows, row + 1, new DigitReader(block.rows[row]!));
  const hidden = new DigitReader(block.hidden);
  for (let at = 0; !hidden.done; ) {
    at += hidden.next();
    rows.hidden[at] = hidden.next();
  }
  const { type, unit, scale, strings } = block;
  return { type, unit, scale, strings, frames: readFrames(block.frames), rows };
}

function readRow({ rowStart, start, weight, frame, parent }: FlameRows, row: number, digits: DigitReader): void {
  let i = rowStart[row]!;
  let on = rowStart[row - 1]!;
  let edge = 0;
  while (!digits.done) {
    const bits = digits.next();
    on += Math.floor(bits / SKIP);
    let left = start[on]! > edge ? start[on]! : edge;
    if ((bits & HAS_OFFSET) !== 0) left += digits.next();
    frame[i] = digits.next();
    const given = digits.next();
    weight[i] = (bits & REST_GIVEN) !== 0 ? start[on]! + weight[on]! - left - given : given;
    start[i] = left;
    parent[i] = on;
    edge = left + weight[i]!;
    i++;
  }
  rowStart[row + 1] = i;
}

/** Reads what {@link writeFrames} wrote. */
export function readFrames(text: string): FrameColumns {
  const digits = new DigitReader(text);
  const numbers: number[] = [];
  while (!digits.done) numbers.push(digits.next());
  const length = numbers.length / COLUMNS.length;
  const column = (place: number): Int32Array =>
    Int32Array.from({ length }, (_, i) => numbers[i * COLUMNS.length + place]!);
  const [name, file, line, columnOf, module, kind, tier, shade] = COLUMNS.map((_, place) => column(place));
  return {
    length,
    name: name!,
    file: file!,
    line: line!,
    column: columnOf!,
    module: module!,
    kind: kind!,
    tier: tier!,
    shade: shade!,
  };
}
