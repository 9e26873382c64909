import { type FrameColumns, markupFree, readFrames, writeFrames } from './data-block.ts';
import { type DiffRows, ownOf, type RowWeights } from './diff-weights.ts';
import { DigitReader, DigitWriter } from './digits.ts';

/** One side, as the picture tells of it. */
export interface DiffSide {
  readonly name: string;
  /** 0 = unknown. */
  readonly samples: number;
  readonly runs: number;
  /** In the unit of the comparison; 0 = none. */
  readonly cut: number;
}

/** All that a compact picture of two profiles knows; its own script draws from this. */
export interface DiffData {
  /** What is measured, as in the comparison's unit. */
  readonly type: string;
  readonly unit: string;
  /** A weight is this many units: numerator, denominator. */
  readonly scale: readonly [number, number];
  readonly sides: readonly [before: DiffSide, after: DiffSide];
  /** By how much weights before are multiplied to be compared. */
  readonly ratio: number;
  /** Changes are told in parts of the whole; false: in the unit, as totals are not made equal. */
  readonly inShares: boolean;
  /** Changes of less than this part of the whole are never significant. */
  readonly threshold: number;
  readonly strings: readonly string[];
  readonly frames: FrameColumns;
  readonly rows: DiffRows;
}

/** The block as JSON has it; `frames`, `hidden` and each row are numbers as digits.ts writes them. */
interface Block extends Omit<DiffData, 'frames' | 'rows'> {
  readonly version: 1;
  readonly frames: string;
  /** Triples: how many frames on, weight before and after on it that is left out. */
  readonly hidden: string;
  /** Number of frames, the root included. */
  readonly count: number;
  /** Own weight of the root, before and after. */
  readonly root: readonly [number, number];
  /** From the row on `all`: see {@link writeRow}. */
  readonly rows: readonly string[];
}

/** Bits of the number that a frame starts with; above them: how many frames of the row below lie between. */
const SAME_CHANGE = 1;
const TESTED = 2;
const SKIP = 4;
/** Verdicts and the sign of an interval's ends in one number. */
const VERDICT_BITS = 8;

interface Own {
  readonly before: Float64Array;
  readonly after: Float64Array;
}

/**
 * A row: for each frame, which frame of the row below it lies on, its row of the frame table, and what it weighs itself
 * before and after: all else follows. The verdict and the interval, where they are not those of the frame below: most
 * frames of deep stacks are nothing but that one.
 */
function writeRow(rows: DiffRows, own: Own, row: number, digits: DigitWriter): void {
  const { rowStart, frame, parent, verdict, low, high } = rows;
  let below = rowStart[row - 1]!;
  for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
    const on = parent[i]!;
    const isTested = !Number.isNaN(low[i]!);
    const same = on > 0 && verdict[i] === verdict[on] && Object.is(low[i]!, low[on]!) && Object.is(high[i]!, high[on]!);
    digits.put((on - below) * SKIP + (isTested ? TESTED : 0) + (same ? SAME_CHANGE : 0));
    digits.put(frame[i]!);
    // Beyond 2^53 callees may add up to more than their caller
    digits.put(Math.max(0, own.before[i]! + rows.before.hidden[i]!));
    digits.put(Math.max(0, own.after[i]! + rows.after.hidden[i]!));
    below = on;
    if (same) continue;
    digits.put(verdict[i]! + VERDICT_BITS * (isTested && low[i]! < 0 ? 1 : 0));
    if (!isTested) continue;
    digits.put(Math.abs(low[i]!));
    digits.put(Math.max(0, high[i]! - low[i]!));
  }
}

const ROWS_PER_CHUNK = 1 << 16;

/** The block as text that needs no escapes in JSON strings, XML text or HTML. Chunks. */
export function* writeDiff(data: DiffData): Iterable<string> {
  const { rows, frames, strings, ...said } = data;
  const digits = new DigitWriter();
  const frameDigits = writeFrames(frames, digits);
  const own = { before: ownOf(rows.before, rows.parent), after: ownOf(rows.after, rows.parent) };
  let last = 0;
  for (let i = 0; i < rows.frame.length; i++) {
    const [was, is] = [rows.before.hidden[i]!, rows.after.hidden[i]!];
    if (was === 0 && is === 0) continue;
    digits.put(i - last);
    digits.put(was);
    digits.put(is);
    last = i;
  }
  const root = [own.before[0]! + rows.before.hidden[0]!, own.after[0]! + rows.after.hidden[0]!];
  const head = { version: 1, ...said, root, count: rows.frame.length };
  yield `${markupFree(JSON.stringify(head)).slice(0, -1)},\n"strings":${markupFree(JSON.stringify(strings))},\n`;
  yield `"frames":"${frameDigits}",\n"hidden":"${digits.take()}",\n"rows":[`;
  let chunk = '';
  for (let row = 1; row < rows.rowStart.length - 1; row++) {
    writeRow(rows, own, row, digits);
    chunk += `${row === 1 ? '\n"' : ',\n"'}${digits.take()}"`;
    if (chunk.length < ROWS_PER_CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  yield `${chunk}]}`;
}

/**
 * Reads a block back.
 * @throws {SyntaxError | TypeError} it is no JSON, or not of this shape
 */
export function readDiff(text: string): DiffData {
  const { frames, hidden, count, root, rows: texts, version, ...said } = JSON.parse(text) as Block;
  const side = (): RowWeights => ({ weight: new Float64Array(count), hidden: new Float64Array(count) });
  const rows: DiffRows = {
    rowStart: new Int32Array(texts.length + 2),
    frame: new Int32Array(count),
    parent: new Int32Array(count),
    before: side(),
    after: side(),
    verdict: new Uint8Array(count),
    low: new Float64Array(count).fill(Number.NaN),
    high: new Float64Array(count).fill(Number.NaN),
  };
  rows.frame[0] = -1;
  rows.parent[0] = -1;
  rows.rowStart[1] = 1;
  [rows.before.weight[0], rows.after.weight[0]] = root;
  for (let row = 0; row < texts.length; row++) readRow(rows, row + 1, new DigitReader(texts[row]!));
  for (let i = count - 1; i > 0; i--) {
    rows.before.weight[rows.parent[i]!]! += rows.before.weight[i]!;
    rows.after.weight[rows.parent[i]!]! += rows.after.weight[i]!;
  }
  const digits = new DigitReader(hidden);
  for (let at = 0; !digits.done; ) {
    at += digits.next();
    rows.before.hidden[at] = digits.next();
    rows.after.hidden[at] = digits.next();
  }
  return { ...said, frames: readFrames(frames), rows };
}

function readRow(rows: DiffRows, row: number, digits: DigitReader): void {
  const { rowStart, frame, parent, before, after, verdict, low, high } = rows;
  let i = rowStart[row]!;
  let on = rowStart[row - 1]!;
  while (!digits.done) {
    const bits = digits.next();
    on += Math.floor(bits / SKIP);
    parent[i] = on;
    frame[i] = digits.next();
    before.weight[i] = digits.next();
    after.weight[i] = digits.next();
    if ((bits & SAME_CHANGE) !== 0) {
      verdict[i] = verdict[on]!;
      low[i] = low[on]!;
      high[i] = high[on]!;
    } else {
      const said = digits.next();
      verdict[i] = said % VERDICT_BITS;
      if ((bits & TESTED) !== 0) {
        low[i] = said < VERDICT_BITS ? digits.next() : -digits.next();
        high[i] = low[i]! + digits.next();
      }
    }
    i++;
  }
  rowStart[row + 1] = i;
}
