import { KINDS, type Profile, TIERS, type ValueType } from '../profile.ts';
import { nanosecondsPerUnit } from '../units.ts';
import { comparedWeights, type Run } from './compared-weights.ts';
import type { Changes, Comparison, FunctionChanges, Side } from './comparison.ts';
import { functionHypotheses, type Hypotheses, pathHypotheses, type Shares } from './hypotheses.ts';
import { interruptedFunctions, interruptedPaths } from './interrupts.ts';
import { type JudgeOptions, judge, untested } from './judge.ts';
import { type Matching, matchFrames } from './matching.ts';
import { sideReference } from './reference-scale.ts';
import { functionSelf, meanRows } from './row-weights.ts';
import { type SideWeights, sideRows, sideWeights } from './side-rows.ts';
import { isSignificant } from './significant.ts';
import { blockWeights, functionMarks, pathMarks, type RowMarks } from './time-blocks.ts';
import { unionProfile } from './union-profile.ts';
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

/** The sides' runs and what they weigh at each stack of the union. */
interface Laid {
  readonly tree: UnionTree;
  readonly before: { readonly runs: readonly Run[]; readonly weights: readonly RunWeights[] };
  readonly after: { readonly runs: readonly Run[]; readonly weights: readonly RunWeights[] };
}

/**
 * Lays two sides over each other and says of each path and function how much it changed, and whether that is more than
 * chance: {@link judge} says how that is decided, docs/diff-significance.md says it to people.
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
  const { names = { before: 'before', after: 'after' } } = options;
  if (before.length === 0 || after.length === 0) throw new RangeError('a side of the comparison has no profiles');
  const compared = comparedWeights(before, after);
  const tree = unionTree(
    [...compared.before, ...compared.after],
    matchFrames([...before, ...after], before.length, match),
  );
  const laid: Laid = {
    tree,
    before: { runs: compared.before, weights: tree.runs.slice(0, before.length) },
    after: { runs: compared.after, weights: tree.runs.slice(before.length) },
  };
  const frames = tree.frames.length;
  const old = sideWeights(tree.stacks, frames, laid.before.runs, laid.before.weights);
  const now = sideWeights(tree.stacks, frames, laid.after.runs, laid.after.weights);
  const scale = normalize && old.total > 0 && now.total > 0 ? now.total / old.total : 1;
  const selfBefore = laid.before.weights.map((run) => functionSelf(tree.stacks, frames, run));
  const selfAfter = laid.after.weights.map((run) => functionSelf(tree.stacks, frames, run));
  const reference = normalize ? sideReference(selfBefore, selfAfter) : undefined;
  const rules: JudgeOptions = {
    scale,
    alpha,
    threshold,
    normalize,
    reference,
    compiled: hasCompiler(tree),
    warmUpShare: warmUpShare(compared.unit, Math.min(old.total, now.total)),
  };
  const paths = changesOf('paths', laid, old, now, rules);
  const functions: FunctionChanges = {
    ...changesOf('functions', laid, old, now, rules),
    frame: Int32Array.from({ length: frames }, (_, frame) => frame),
    selfBefore: meanRows(selfBefore).weight,
    selfAfter: meanRows(selfAfter).weight,
  };
  let significant = 0;
  for (const verdict of paths.verdict) if (isSignificant(verdict)) significant++;
  return {
    profile: unionProfile(tree, compared.unit, laid.before.weights, laid.after.weights),
    unit: compared.unit,
    before: sideOf(names.before, laid.before.runs, old),
    after: sideOf(names.after, laid.after.runs, now),
    scale,
    ...(reference === undefined ? {} : { reference: reference.scale }),
    paths,
    functions,
    alpha,
    threshold,
    significant,
    notes: [
      ...compared.notes.before.map((note) => `${names.before}: ${note}`),
      ...compared.notes.after.map((note) => `${names.after}: ${note}`),
      ...notesOf(old, now),
      ...(normalize && reference === undefined && significant > 0 ? [NO_REFERENCE] : []),
    ],
  };
}

function changesOf(
  rows: 'paths' | 'functions',
  { tree, before, after }: Laid,
  old: SideWeights,
  now: SideWeights,
  rules: JudgeOptions,
): Changes {
  const oldRows = sideRows(old, rows);
  const newRows = sideRows(now, rows);
  if (oldRows === undefined || newRows === undefined || !(old.total > 0 && now.total > 0)) {
    return untested(old, now, rows, rules.scale);
  }
  const shares: Shares = {
    before: oldRows.tested.weight.map((weight) => weight / old.total),
    after: newRows.tested.weight.map((weight) => weight / now.total),
  };
  const single = before.runs.length === 1 && after.runs.length === 1;
  const hypothesisRules = {
    threshold: rules.threshold,
    whole: !rules.normalize,
    // Of several runs the variance between them says how much interrupts differ
    ignored: before.runs.length > 1 && after.runs.length > 1 ? undefined : interrupted(rows, tree, old, now),
  };
  const hypotheses =
    rows === 'paths'
      ? pathHypotheses(tree.stacks, shares, hypothesisRules)
      : functionHypotheses(shares, hypothesisRules);
  const marks = marksOf(rows, tree, hypotheses);
  // Of several runs the variance between them says what blocks of one would
  const blocksOf = ({ runs, weights }: Laid['before']) =>
    single ? blockWeights(runs[0]!, weights[0]!, marks) : undefined;
  return judge(oldRows, newRows, hypotheses, { before: blocksOf(before), after: blocksOf(after) }, rules);
}

function marksOf(rows: 'paths' | 'functions', tree: UnionTree, { count, row }: Hypotheses): RowMarks {
  const length = rows === 'paths' ? tree.stacks.length : tree.frames.length;
  const rowOf = new Int32Array(length).fill(-1);
  for (let i = 0; i < count; i++) rowOf[row[i]!] = i;
  return rows === 'paths' ? pathMarks(tree.stacks, rowOf, count) : functionMarks(tree.stacks, rowOf, count);
}

function interrupted(rows: 'paths' | 'functions', tree: UnionTree, old: SideWeights, now: SideWeights) {
  const paths = interruptedPaths(tree);
  if (rows === 'paths' || paths === undefined) return paths;
  const both = (one: Float64Array, other: Float64Array) => one.map((weight, row) => weight + other[row]!);
  const total = both(meanRows(old.paths).weight, meanRows(now.paths).weight);
  const functions = both(meanRows(old.functions).weight, meanRows(now.functions).weight);
  return interruptedFunctions(tree.stacks, paths, total, functions);
}

/** Just-in-time compilers have most of their work behind them after so long, or, where time is not measured, such a part. */
const WARM_UP_NANOSECONDS = 5e8;
const WARM_UP_SHARE = 0.05;

function warmUpShare({ unit }: ValueType, total: number): number {
  const nanoseconds = nanosecondsPerUnit(unit);
  return nanoseconds === undefined
    ? WARM_UP_SHARE
    : Math.min(WARM_UP_SHARE, WARM_UP_NANOSECONDS / (total * nanoseconds));
}

const compiled: ReadonlySet<number> = new Set(
  (['jit', 'runtime', 'gc', 'builtin'] as const).map((kind) => KINDS.indexOf(kind)),
);

/** Whether the program, or a part of it, was compiled while it ran. */
function hasCompiler({ frames }: UnionTree): boolean {
  return frames.kind.some((kind) => compiled.has(kind)) || frames.tier.some((tier) => tier !== TIERS.indexOf('none'));
}

function sideOf(name: string, runs: readonly Run[], { total }: SideWeights): Side {
  let samples: number | undefined = 0;
  let cut = 0;
  for (const run of runs) {
    samples = samples === undefined || run.samples === undefined ? undefined : samples + run.samples;
    cut = Math.max(cut, run.cut);
  }
  return { name, total, runs: runs.length, cut, ...(samples === undefined ? {} : { samples }) };
}

const NO_REFERENCE =
  'functions agree on no common scale: some parts of the whole may have changed only because others did';

function notesOf(old: SideWeights, now: SideWeights): string[] {
  const notes: string[] = [];
  if (old.totalSquares === undefined || now.totalSquares === undefined) {
    notes.push('how many samples were taken is not known: no change could be tested for significance');
  }
  for (const [side, { total }] of [
    ['before', old],
    ['after', now],
  ] as const) {
    if (!(total > 0)) notes.push(`the ${side} side weighs nothing: there is nothing to compare with`);
  }
  return notes;
}
