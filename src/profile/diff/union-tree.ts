import { PairInterner } from '../columns.ts';
import type { FrameTable, Profile, StackTable } from '../profile.ts';
import { restack, stackTable } from '../restack.ts';
import type { Run } from './compared-weights.ts';
import type { MatchedFrames } from './matching.ts';

/** What one run weighs at each stack of the union. */
export interface RunWeights {
  /** The weight that ends in the stack itself. */
  readonly self: Float64Array;
  /**
   * The sum of squares of the samples' weights, by which the weight's sampling error is known: of samples that come
   * independently of each other it is the variance of their sum (a compound Poisson process). Where all samples weigh 1
   * it is their number. Undefined where the number of samples is not known.
   */
  readonly squares: Float64Array | undefined;
  /** Of each of the run's samples the stack in the union, -1 = none. */
  readonly stack: Int32Array;
  /** Weight and squares of the samples without a stack. */
  readonly stackless: number;
  readonly stacklessSquares: number;
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
 * @param naming the run whose frames the union shows, where several have a matched one: the last in this list that has it
 */
export function unionTree(runs: readonly Run[], matched: MatchedFrames): UnionTree {
  const interner = new PairInterner(Math.max(0, ...runs.map(({ profile }) => profile.stacks.length)));
  const maps = runs.map(({ profile }, i) => restack(profile.stacks, matched.of[i]!, interner));
  const stacks = stackTable(interner);
  const weights = runs.map((run, i) => runWeights(run, maps[i]!, stacks.length));
  return { ...shownFrames(runs, matched), stacks, runs: weights };
}

function runWeights({ profile, weight, counts }: Run, stackMap: Int32Array, length: number): RunWeights {
  const { samples } = profile;
  const self = new Float64Array(length);
  const squares = counts === undefined ? undefined : new Float64Array(length);
  const stack = new Int32Array(samples.length);
  let stackless = 0;
  let stacklessSquares = 0;
  for (let i = 0; i < samples.length; i++) {
    const leaf = samples.stack[i]!;
    const value = weight[i]!;
    const count = counts === undefined ? 0 : counts[i]!;
    const square = count > 0 ? (value * value) / count : 0;
    if (leaf < 0) {
      stackless += value;
      stacklessSquares += square;
      stack[i] = -1;
      continue;
    }
    const node = stackMap[leaf]!;
    stack[i] = node;
    self[node]! += value;
    if (squares !== undefined) squares[node]! += square;
  }
  return { self, squares, stack, stackless, stacklessSquares };
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
