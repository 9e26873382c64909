import { groupTotals } from '../group-totals.ts';
import type { StackTable } from '../profile.ts';
import { subtreeWeights } from '../weights.ts';
import type { RunWeights } from './union-tree.ts';

/** What one run weighs at each row, inclusive: the weight and the squares of all samples that lead through it. */
export interface RowWeights {
  readonly weight: Float64Array;
  readonly squares: Float64Array | undefined;
}

/** Rows are the union's stacks. */
export function pathWeights({ parent }: StackTable, { self, squares }: RunWeights): RowWeights {
  return { weight: subtreeWeights(parent, self), squares: squares && subtreeWeights(parent, squares) };
}

/** Rows are the union's frames; a recursive function counts once. @param paths of the same run */
export function functionWeights(stacks: StackTable, frames: number, { weight, squares }: RowWeights): RowWeights {
  const each = Int32Array.from({ length: frames }, (_, frame) => frame);
  return {
    weight: groupTotals(stacks, each, weight, frames),
    squares: squares && groupTotals(stacks, each, squares, frames),
  };
}

/** The weight that ends in each frame. */
export function functionSelf({ frame }: StackTable, frames: number, { self }: RunWeights): Float64Array {
  const sums = new Float64Array(frames);
  for (let stack = 0; stack < frame.length; stack++) sums[frame[stack]!]! += self[stack]!;
  return sums;
}
