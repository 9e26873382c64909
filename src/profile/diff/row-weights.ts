import { groupTotals } from '../group-totals.ts';
import type { StackTable } from '../profile.ts';
import { subtreeWeights } from '../weights.ts';
import type { RunWeights } from './union-tree.ts';

/**
 * What one run weighs at each row (a stack of the union, or a function), and the squares of its samples' weights
 * (see {@link RunWeights.squares}).
 */
export interface RowWeights {
  readonly weight: Float64Array;
  readonly squares: Float64Array | undefined;
}

/** Inclusive; rows are the union's stacks. */
export function pathWeights({ parent }: StackTable, { self, squares }: RunWeights): RowWeights {
  return { weight: subtreeWeights(parent, self), squares: squares && subtreeWeights(parent, squares) };
}

/** Inclusive, a recursive function counted once; rows are the union's frames. @param paths of the same run */
export function functionWeights(stacks: StackTable, frames: number, { weight, squares }: RowWeights): RowWeights {
  const each = Int32Array.from({ length: frames }, (_, frame) => frame);
  return {
    weight: groupTotals(stacks, each, weight, frames),
    squares: squares && groupTotals(stacks, each, squares, frames),
  };
}

/** What ends in each frame; rows are the union's frames. */
export function functionSelf({ frame }: StackTable, frames: number, run: RunWeights): RowWeights {
  const summed = (self: Float64Array): Float64Array => {
    const sums = new Float64Array(frames);
    for (let stack = 0; stack < frame.length; stack++) sums[frame[stack]!]! += self[stack]!;
    return sums;
  };
  return { weight: summed(run.self), squares: run.squares && summed(run.squares) };
}

/** The mean of several runs; its squares are such that they are the variance of the mean. */
export function meanRow(rows: readonly RowWeights[]): RowWeights {
  if (rows.length === 1) return rows[0]!;
  const weight = meanColumn(rows.map((row) => row.weight));
  const squares = rows.map((row) => row.squares).filter((column) => column !== undefined);
  if (squares.length < rows.length) return { weight, squares: undefined };
  return { weight, squares: meanColumn(squares).map((value) => value / rows.length) };
}

function meanColumn(columns: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(columns[0]!.length);
  for (const column of columns) for (let i = 0; i < sum.length; i++) sum[i]! += column[i]!;
  return sum.map((value) => value / columns.length);
}
