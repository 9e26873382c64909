import { PairInterner } from './columns.ts';
import { frameLabel } from './frame-label.ts';
import type { Profile } from './profile.ts';
import { stackTable } from './restack.ts';

/**
 * Frames that repeat directly become one, as stackcollapse-recursive.pl does: `main;fib;fib;fib;add` is
 * `main;fib;add`. Equal are frames with one label; the outermost stays. No weight is lost.
 */
export function foldRecursion(profile: Profile): Profile {
  const { stacks, frames, samples } = profile;
  const labels = new Map<string, number>();
  const labelOf = new Int32Array(frames.length);
  for (let frame = 0; frame < frames.length; frame++) {
    const label = frameLabel(profile, frame);
    let index = labels.get(label);
    if (index === undefined) {
      index = labels.size;
      labels.set(label, index);
    }
    labelOf[frame] = index;
  }
  const interner = new PairInterner();
  const stackMap = new Int32Array(stacks.length);
  for (let stack = 0; stack < stacks.length; stack++) {
    const caller = stacks.parent[stack]!;
    const frame = stacks.frame[stack]!;
    const repeats = caller >= 0 && labelOf[stacks.frame[caller]!] === labelOf[frame];
    stackMap[stack] = repeats ? stackMap[caller]! : interner.intern(caller < 0 ? -1 : stackMap[caller]!, frame);
  }
  return {
    ...profile,
    stacks: stackTable(interner),
    samples: { ...samples, stack: samples.stack.map((leaf) => (leaf < 0 ? -1 : stackMap[leaf]!)) },
  };
}
