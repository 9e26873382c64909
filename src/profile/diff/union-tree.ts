import { PairInterner } from '../columns.ts';
import type { FrameTable, Profile, StackTable } from '../profile.ts';
import { restack, stackTable } from '../restack.ts';
import type { Run } from './compared-weights.ts';
import type { MatchedFrames } from './matching.ts';

/** What one run weighs at each stack of the union. */
export interface RunWeights {
  /** The weight that ends in the stack itself. */
  readonly self: Float64Array;
  /** What is tested; undefined where the number of samples is not known. */
  readonly tested: TestedWeights | undefined;
  /** Of each of the run's samples the stack in the union, -1 = none. */
  readonly stack: Int32Array;
  /** The weight of the samples without a stack. */
  readonly stackless: number;
}

/**
 * Weights as the tests see them, in the same unit and with the same total: each sample with its own, or all with the mean
 * (see {@link Run.evenWeight}).
 */
interface TestedWeights {
  /** The weight that ends in each stack itself. */
  readonly self: Float64Array;
  /**
   * The sum of the squares of the samples' weights: the variance of the sum of samples that come independently of each
   * other (a compound Poisson process). Where all samples weigh 1 it is their number.
   */
  readonly squares: Float64Array;
  /** The squares of all samples, those without a stack included. */
  readonly totalSquares: number;
  /** What each sample weighs, where all weigh the same: squares are weights times this. */
  readonly each: number | undefined;
}

/** The stacks of several runs laid over each other. */
export interface UnionTree {
  readonly strings: readonly string[];
  /** One a matched frame. */
  readonly frames: FrameTable;
  readonly stacks: StackTable;
  readonly runs: readonly RunWeights[];
}

/**
 * Lays the stacks of several runs over each other by matched frames.
 * @param matched the frames of `runs`, in their order
 */
export function unionTree(runs: readonly Run[], matched: MatchedFrames): UnionTree {
  const interner = new PairInterner(Math.max(0, ...runs.map(({ profile }) => profile.stacks.length)));
  const maps = runs.map(({ profile }, i) => restack(profile.stacks, matched.of[i]!, interner));
  const stacks = stackTable(interner);
  const weights = runs.map((run, i) => runWeights(run, maps[i]!, stacks.length));
  return { ...shownFrames(runs, matched), stacks, runs: weights };
}

function runWeights(run: Run, stackMap: Int32Array, length: number): RunWeights {
  const { samples } = run.profile;
  const self = new Float64Array(length);
  const stack = new Int32Array(samples.length);
  let stackless = 0;
  for (let i = 0; i < samples.length; i++) {
    const leaf = samples.stack[i]!;
    const node = leaf < 0 ? -1 : stackMap[leaf]!;
    stack[i] = node;
    if (node < 0) stackless += run.weight[i]!;
    else self[node]! += run.weight[i]!;
  }
  return { self, tested: testedWeights(run, stack, length), stack, stackless };
}

function testedWeights({ weight, counts, evenWeight }: Run, stack: Int32Array, length: number) {
  if (counts === undefined) return undefined;
  const self = new Float64Array(length);
  const squares = new Float64Array(length);
  let totalSquares = 0;
  for (let i = 0; i < stack.length; i++) {
    const count = counts[i]!;
    if (!(count > 0)) continue;
    const value = evenWeight === undefined ? weight[i]! : count * evenWeight;
    const square = (value * value) / count;
    totalSquares += square;
    const node = stack[i]!;
    if (node < 0) continue;
    self[node]! += value;
    squares[node]! += square;
  }
  return { self, squares, totalSquares, each: evenWeight };
}

/** For each matched frame the row that is shown: the heaviest of the last run that has one. */
function shownFrames(runs: readonly Run[], matched: MatchedFrames): { strings: string[]; frames: FrameTable } {
  const shownRun = new Int32Array(matched.length).fill(-1);
  const shownFrame = new Int32Array(matched.length);
  runs.forEach((run, r) => {
    const numberOf = matched.of[r]!;
    const weights = frameWeights(run);
    for (let frame = 0; frame < numberOf.length; frame++) {
      const number = numberOf[frame]!;
      const heavier = shownRun[number] !== r || weights[frame]! > weights[shownFrame[number]!]!;
      if (!heavier) continue;
      shownRun[number] = r;
      shownFrame[number] = frame;
    }
  });
  return copiedFrames(
    runs.map(({ profile }) => profile),
    shownRun,
    shownFrame,
  );
}

function frameWeights({ profile, weight }: Run): Float64Array {
  const { stacks, samples, frames } = profile;
  const sums = new Float64Array(frames.length);
  for (let i = 0; i < samples.length; i++) {
    const leaf = samples.stack[i]!;
    if (leaf >= 0) sums[stacks.frame[leaf]!]! += weight[i]!;
  }
  return sums;
}

/** Frame i is frame `row[i]` of profile `from[i]`. */
function copiedFrames(profiles: readonly Profile[], from: Int32Array, row: Int32Array) {
  const strings: string[] = [''];
  const numbers = new Map<string, number>([['', 0]]);
  const string = (text: string): number => {
    let number = numbers.get(text);
    if (number === undefined) {
      number = strings.push(text) - 1;
      numbers.set(text, number);
    }
    return number;
  };
  const { length } = from;
  const frames = {
    length,
    name: new Int32Array(length),
    file: new Int32Array(length),
    line: new Int32Array(length),
    column: new Int32Array(length),
    module: new Int32Array(length),
    kind: new Uint8Array(length),
    tier: new Uint8Array(length),
  };
  for (let i = 0; i < length; i++) {
    const profile = profiles[from[i]!]!;
    const at = row[i]!;
    for (const column of ['name', 'file', 'module'] as const) {
      frames[column][i] = string(profile.strings[profile.frames[column][at]!]!);
    }
    for (const column of ['line', 'column', 'kind', 'tier'] as const) frames[column][i] = profile.frames[column][at]!;
  }
  return { strings, frames };
}
