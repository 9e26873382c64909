import { groupTotals } from '../group-totals.ts';
import type { StackTable } from '../profile.ts';
import type { Run } from './compared-weights.ts';
import type { SideRows } from './estimates.ts';
import { hiddenWeights } from './hidden-weights.ts';
import { functionWeights, meanRows, pathWeights, type RowWeights } from './row-weights.ts';
import type { RunWeights } from './union-tree.ts';

/** One side's paths and functions, without what needs counts of samples. */
export interface SideWeights {
  readonly paths: readonly RowWeights[];
  readonly functions: readonly RowWeights[];
  readonly hiddenPaths: Float64Array;
  readonly hiddenFunctions: Float64Array;
  /** Of each run. */
  readonly totals: readonly number[];
  /** Mean of the runs. */
  readonly total: number;
  /** The variance of the total, if samples came independently; undefined where they are not counted. */
  readonly totalSquares: number | undefined;
}

/** @param frames how many functions the union has */
export function sideWeights(
  stacks: StackTable,
  frames: number,
  runs: readonly Run[],
  weights: readonly RunWeights[],
): SideWeights {
  const paths = weights.map((run) => pathWeights(stacks, run));
  const hiddenPaths = new Float64Array(stacks.length);
  runs.forEach((run, i) => {
    const { self, stackless } = weights[i]!;
    const hidden = hiddenWeights(stacks, paths[i]!.weight, self, stackless, run.cut);
    if (hidden === undefined) return;
    for (let path = 0; path < hidden.length; path++) hiddenPaths[path]! += hidden[path]! / runs.length;
  });
  const each = Int32Array.from({ length: frames }, (_, frame) => frame);
  const drawn = runs.some(({ cut }) => cut > 0);
  const totals = runs.map(({ total }) => total);
  return {
    paths,
    functions: paths.map((run) => functionWeights(stacks, frames, run)),
    hiddenPaths,
    hiddenFunctions: drawn ? groupTotals(stacks, each, hiddenPaths, frames) : new Float64Array(frames),
    totals,
    total: totals.reduce((sum, total) => sum + total, 0) / runs.length,
    totalSquares: totalSquares(weights),
  };
}

/** @returns undefined where samples are not counted */
export function sideRows(side: SideWeights, rows: 'paths' | 'functions'): SideRows | undefined {
  const { weight, tested } = meanRows(side[rows]);
  if (tested === undefined || side.totalSquares === undefined) return undefined;
  return {
    runs: side[rows].map((run) => run.tested!.weight),
    weight,
    tested,
    total: side.total,
    totalSquares: side.totalSquares,
    totals: side.totals,
    hidden: rows === 'paths' ? side.hiddenPaths : side.hiddenFunctions,
  };
}

function totalSquares(weights: readonly RunWeights[]): number | undefined {
  let sum = 0;
  for (const { tested } of weights) {
    if (tested === undefined) return undefined;
    sum += tested.totalSquares;
  }
  return sum / weights.length ** 2;
}
