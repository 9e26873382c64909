import { groupTotals } from '../group-totals.ts';
import type { StackTable } from '../profile.ts';
import { subtreeWeights } from '../weights.ts';
import type { RunWeights } from './union-tree.ts';

/** What one run, or the mean of several, weighs at each row: a stack of the union, or a function. */
export interface RowWeights {
  readonly weight: Float64Array;
  readonly tested: TestedRows | undefined;
}

/** The weight that is tested, and its squares: see `TestedWeights`. */
export interface TestedRows {
  readonly weight: Float64Array;
  readonly squares: Float64Array;
  /** See `TestedWeights.each`; undefined of a mean. */
  readonly each: number | undefined;
}

/** Inclusive; rows are the union's stacks. */
export function pathWeights({ parent }: StackTable, run: RunWeights): RowWeights {
  return ofEach(ownWeights(run), (self) => subtreeWeights(parent, self));
}

/** Inclusive, a recursive function counted once; rows are the union's frames. @param paths of the same run */
export function functionWeights(stacks: StackTable, frames: number, paths: RowWeights): RowWeights {
  const groups = Int32Array.from({ length: frames }, (_, frame) => frame);
  return ofEach(paths, (weight) => groupTotals(stacks, groups, weight, frames));
}

/** What ends in each frame; rows are the union's frames. */
export function functionSelf({ frame }: StackTable, frames: number, run: RunWeights): RowWeights {
  return ofEach(ownWeights(run), (self) => {
    const sums = new Float64Array(frames);
    for (let stack = 0; stack < frame.length; stack++) sums[frame[stack]!]! += self[stack]!;
    return sums;
  });
}

function ownWeights({ self, tested }: RunWeights): RowWeights {
  return {
    weight: self,
    tested: tested && { weight: tested.self, squares: tested.squares, each: tested.each },
  };
}

/** @param summed sums of any column over other rows */
function ofEach({ weight, tested }: RowWeights, summed: (column: Float64Array) => Float64Array): RowWeights {
  if (tested === undefined) return { weight: summed(weight), tested };
  const { each } = tested;
  const sums = summed(tested.weight);
  const squares = each === undefined ? summed(tested.squares) : sums.map((sum) => sum * each);
  return { weight: summed(weight), tested: { weight: sums, squares, each } };
}

/** The mean of several runs; its squares are such that they are the variance of the mean. */
export function meanRows(rows: readonly RowWeights[]): RowWeights {
  if (rows.length === 1) return rows[0]!;
  const tested = rows.map((row) => row.tested).filter((each) => each !== undefined);
  return {
    weight: meanColumn(rows.map(({ weight }) => weight)),
    tested:
      tested.length < rows.length
        ? undefined
        : {
            weight: meanColumn(tested.map(({ weight }) => weight)),
            squares: meanColumn(tested.map(({ squares }) => squares)).map((value) => value / rows.length),
            each: undefined,
          },
  };
}

function meanColumn(columns: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(columns[0]!.length);
  for (const column of columns) for (let i = 0; i < sum.length; i++) sum[i]! += column[i]!;
  return sum.map((value) => value / columns.length);
}
