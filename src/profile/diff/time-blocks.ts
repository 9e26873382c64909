import type { StackTable } from '../profile.ts';
import type { Run } from './compared-weights.ts';
import type { RunWeights } from './union-tree.ts';

/** Where on stacks the rows begin whose weights over time are asked for. */
export interface RowMarks {
  /** How many rows there are. */
  readonly rows: number;
  /** Of each stack the innermost mark on it, -1 = none. */
  readonly innermost: Int32Array;
  /** Of each mark the next one towards the root, -1 = none. Smaller than its own index. */
  readonly above: Int32Array;
  /** Of each mark the row that holds what leads through it. */
  readonly row: Int32Array;
}

/** One mark a row: the stack itself. @param rowOf of each stack its row, -1 = not asked for */
export function pathMarks({ parent, length }: StackTable, rowOf: Int32Array, rows: number): RowMarks {
  const innermost = new Int32Array(length);
  const above: number[] = [];
  const row: number[] = [];
  for (let stack = 0; stack < length; stack++) {
    const caller = parent[stack]! < 0 ? -1 : innermost[parent[stack]!]!;
    innermost[stack] = caller;
    if (rowOf[stack]! < 0) continue;
    innermost[stack] = above.push(caller) - 1;
    row.push(rowOf[stack]!);
  }
  return { rows, innermost, above: Int32Array.from(above), row: Int32Array.from(row) };
}

/** A mark where a function stands for the first time on a stack. @param rowOf of each frame its row, -1 = not asked for */
export function functionMarks({ parent, frame, length }: StackTable, rowOf: Int32Array, rows: number): RowMarks {
  const innermost = new Int32Array(length);
  const above: number[] = [];
  const row: number[] = [];
  for (let stack = 0; stack < length; stack++) {
    const caller = parent[stack]! < 0 ? -1 : innermost[parent[stack]!]!;
    innermost[stack] = caller;
    const entered = rowOf[frame[stack]!]!;
    if (entered < 0) continue;
    // As many steps as functions are asked for, at most
    let mark = caller;
    while (mark >= 0 && row[mark] !== entered) mark = above[mark]!;
    if (mark >= 0) continue;
    innermost[stack] = above.push(caller) - 1;
    row.push(entered);
  }
  return { rows, innermost, above: Int32Array.from(above), row: Int32Array.from(row) };
}

/** Weights over time: `blocks` consecutive parts of as many samples each. */
export interface BlockWeights {
  readonly blocks: number;
  /** How many samples all of them hold. */
  readonly samples: number;
  /** Row r's weight in block b stands at `r * blocks + b`. */
  readonly rows: Float64Array;
  /** The weight of all samples of each block. */
  readonly whole: Float64Array;
}

/** So that marks times blocks stay a matter of milliseconds. */
const MOST_CELLS = 1 << 24;
const MOST_BLOCKS = 512;

/** @returns undefined where the samples have no times */
export function blockWeights(run: Run, { stack }: RunWeights, marks: RowMarks): BlockWeights | undefined {
  const { time, length } = run.profile.samples;
  if (time === undefined || length === 0) return undefined;
  const cells = Math.floor(MOST_CELLS / Math.max(1, marks.above.length));
  const blocks = Math.min(length, Math.max(32, Math.min(MOST_BLOCKS, cells)));
  const order = inTime(time);
  const rows = new Float64Array(marks.rows * blocks);
  const whole = new Float64Array(blocks);
  const sums = new Float64Array(marks.above.length);
  for (let block = 0, next = 0; block < blocks; block++) {
    const end = Math.round(((block + 1) * length) / blocks);
    sums.fill(0);
    for (; next < end; next++) {
      const sample = order === undefined ? next : order[next]!;
      const weight = run.evenWeight === undefined ? run.weight[sample]! : run.counts![sample]! * run.evenWeight;
      whole[block]! += weight;
      const mark = stack[sample]! < 0 ? -1 : marks.innermost[stack[sample]!]!;
      if (mark >= 0) sums[mark]! += weight;
    }
    for (let mark = sums.length - 1; mark >= 0; mark--) {
      if (sums[mark] === 0) continue;
      rows[marks.row[mark]! * blocks + block]! += sums[mark]!;
      if (marks.above[mark]! >= 0) sums[marks.above[mark]!]! += sums[mark]!;
    }
  }
  return { blocks, samples: length, rows, whole };
}

/** The samples' numbers in the order of their times; undefined where they stand so already. */
function inTime(time: Float64Array): Uint32Array | undefined {
  let i = 1;
  while (i < time.length && time[i]! >= time[i - 1]!) i++;
  if (i >= time.length) return undefined;
  return Uint32Array.from(time.keys()).sort((a, b) => time[a]! - time[b]! || a - b);
}
