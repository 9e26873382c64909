import type { Profile } from '../profile.ts';
import { type ComparedWeights, comparedWeights, type Run } from './compared-weights.ts';
import { type Comparison, type FunctionChanges, type Side, VERDICTS } from './comparison.ts';
import { functionSelf, functionWeights, pathWeights, type RowWeights } from './function-totals.ts';
import { type JudgedSide, judge } from './judge.ts';
import { type Matching, matchFrames } from './matching.ts';
import { type RunWeights, type UnionTree, unionTree } from './union-tree.ts';

export interface CompareOptions {
  /** By what frames of the two sides are taken for the same function. Default `name`. */
  readonly match?: Matching;
  /** Compare parts of the whole (`scale` = after.total / before.total). Default true; false compares weights as they are. */
  readonly normalize?: boolean;
  /** The false discovery rate, above 0 and below 1. Default 0.05. */
  readonly alpha?: number;
  /** Changes of less than this part of the whole are never significant. Default 0.005. */
  readonly threshold?: number;
  /** How the person named the sides. Default `before` and `after`. */
  readonly names?: { readonly before: string; readonly after: string };
}

const grewOrShrank: ReadonlySet<number> = new Set(
  (['grew', 'shrank', 'new', 'gone'] as const).map((verdict) => VERDICTS.indexOf(verdict)),
);

/**
 * Lays two sides over each other and says of each path and function how much it changed, and whether that is more than
 * chance.
 * @param before one profile a run, at least one
 * @param after one profile a run, at least one
 * @throws {RangeError} a side has no profiles
 * @throws {UserError} the sides have no weight in common
 */
export function compareProfiles(
  before: readonly Profile[],
  after: readonly Profile[],
  options: CompareOptions = {},
): Comparison {
  const { match = 'name', normalize = true, alpha = 0.05, threshold = 0.005 } = options;
  if (before.length === 0 || after.length === 0) throw new RangeError('a side of the comparison has no profiles');
  const weights = comparedWeights(before, after);
  const all = [...weights.before, ...weights.after];
  const tree = unionTree(all, matchFrames([...before, ...after], match));
  const names = options.names ?? { before: 'before', after: 'after' };
  const oldSide = sideOf(names.before, weights.before);
  const newSide = sideOf(names.after, weights.after);
  const scale = normalize && oldSide.total > 0 ? newSide.total / oldSide.total : 1;

  const rows = tree.runs.map((run) => pathWeights(tree.stacks, run));
  const judged = (of: readonly RowWeights[], side: Side): JudgedSide => ({
    rows: of,
    total: side.total,
    cut: side.cut,
  });
  const rules = { scale, alpha, threshold, normalize };
  const runs = before.length;
  const paths = judge(judged(rows.slice(0, runs), oldSide), judged(rows.slice(runs), newSide), rules);
  const functionRows = rows.map((row) => functionWeights(tree.stacks, tree.frames.length, row));
  const changes = judge(judged(functionRows.slice(0, runs), oldSide), judged(functionRows.slice(runs), newSide), rules);
  const selfOf = (list: readonly RunWeights[]) =>
    meanOf(list.map((run) => functionSelf(tree.stacks, tree.frames.length, run)));
  const functions: FunctionChanges = {
    ...changes,
    frame: Int32Array.from({ length: tree.frames.length }, (_, frame) => frame),
    selfBefore: selfOf(tree.runs.slice(0, runs)),
    selfAfter: selfOf(tree.runs.slice(runs)),
  };
  let significant = 0;
  for (const verdict of paths.verdict) if (grewOrShrank.has(verdict)) significant++;
  return {
    profile: unionProfile(tree, weights, runs),
    unit: weights.unit,
    before: oldSide,
    after: newSide,
    scale,
    paths,
    functions,
    alpha,
    threshold,
    significant,
    notes: [],
  };
}

function sideOf(name: string, runs: readonly Run[]): Side {
  let total = 0;
  let samples: number | undefined = 0;
  let cut = 0;
  for (const { total: weight, counts, profile } of runs) {
    total += weight / runs.length;
    if (counts === undefined) samples = undefined;
    else if (samples !== undefined) for (let i = 0; i < counts.length; i++) samples += counts[i]!;
    cut = Math.max(cut, profile.meta.cut ?? 0);
  }
  return { name, total, runs: runs.length, cut, ...(samples === undefined ? {} : { samples }) };
}

function unionProfile(tree: UnionTree, { unit }: ComparedWeights, runs: number): Profile {
  const { strings, frames, stacks } = tree;
  const old = tree.runs.slice(0, runs);
  const now = tree.runs.slice(runs);
  const selfBefore = meanOf(old.map(({ self }) => self));
  const selfAfter = meanOf(now.map(({ self }) => self));
  const stackless = [old, now].map((list) => list.reduce((sum, run) => sum + run.stackless / list.length, 0));
  const stack: number[] = [];
  for (let i = 0; i < stacks.length; i++) if (selfBefore[i] !== 0 || selfAfter[i] !== 0) stack.push(i);
  const weighted = stackless.some((weight) => weight > 0);
  const values = [selfBefore, selfAfter].map((self, side) => {
    const column = new Float64Array(stack.length + (weighted ? 1 : 0));
    for (let i = 0; i < stack.length; i++) column[i] = self[stack[i]!]!;
    if (weighted) column[stack.length] = stackless[side]!;
    return column;
  });
  if (weighted) stack.push(-1);
  return {
    valueTypes: [
      { type: `before ${unit.type}`, unit: unit.unit },
      { type: unit.type, unit: unit.unit },
    ],
    strings,
    frames,
    stacks,
    samples: { length: stack.length, stack: Int32Array.from(stack), values },
    threads: [],
    counters: [],
    series: [],
    meta: { notes: [] },
  };
}

function meanOf(columns: readonly Float64Array[]): Float64Array {
  if (columns.length === 1) return columns[0]!;
  const sum = new Float64Array(columns[0]!.length);
  for (const column of columns) for (let i = 0; i < sum.length; i++) sum[i]! += column[i]! / columns.length;
  return sum;
}
