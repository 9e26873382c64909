import type { Profile, ValueType } from '../profile.ts';
import type { RunWeights, UnionTree } from './union-tree.ts';

/**
 * The union as a profile: one sample a path that has a weight of its own on either side, and one without a stack where
 * there is such weight. `values[0]` are the self weights before, `values[1]` after, means of the runs.
 */
export function unionProfile(
  { strings, frames, stacks }: UnionTree,
  unit: ValueType,
  before: readonly RunWeights[],
  after: readonly RunWeights[],
): Profile {
  const sides = [before, after].map((runs) => ({
    self: meanSelf(runs),
    stackless: runs.reduce((sum, run) => sum + run.stackless, 0) / runs.length,
  }));
  const rows: number[] = [];
  for (let stack = 0; stack < stacks.length; stack++) if (sides.some(({ self }) => self[stack] !== 0)) rows.push(stack);
  const samples = rows.length + (sides.some(({ stackless }) => stackless > 0) ? 1 : 0);
  const stack = new Int32Array(samples).fill(-1);
  stack.set(rows);
  const values = sides.map(({ self, stackless }) => {
    const column = new Float64Array(samples).fill(stackless);
    for (let i = 0; i < rows.length; i++) column[i] = self[rows[i]!]!;
    return column;
  });
  return {
    valueTypes: [{ type: `${unit.type} before`, unit: unit.unit }, unit],
    strings,
    frames,
    stacks,
    samples: { length: samples, stack, values },
    threads: [],
    counters: [],
    series: [],
    meta: { notes: [] },
  };
}

function meanSelf(runs: readonly RunWeights[]): Float64Array {
  if (runs.length === 1) return runs[0]!.self;
  const sum = new Float64Array(runs[0]!.self.length);
  for (const { self } of runs) for (let i = 0; i < sum.length; i++) sum[i]! += self[i]! / runs.length;
  return sum;
}
