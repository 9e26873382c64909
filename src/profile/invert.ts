import { PairInterner } from './columns.ts';
import type { Profile } from './profile.ts';
import { stackTable } from './restack.ts';

/**
 * The callers' view: every stack reversed, so the leaf becomes the root and below it stand those who called it.
 * Samples keep their order, values, times and threads. Takes the time that the reversed stacks take to write down: the
 * sum of the depths of all distinct sampled stacks.
 *
 *     main;parse;read 3        read;parse;main 3
 *     main;read 1       ->     read;main 1
 */
export function invert(profile: Profile): Profile {
  const { stacks, samples } = profile;
  const interner = new PairInterner();
  const inverted = new Int32Array(stacks.length).fill(-1);
  const stack = samples.stack.map((leaf) => {
    if (leaf < 0) return -1;
    if (inverted[leaf]! >= 0) return inverted[leaf]!;
    let reversed = -1;
    for (let at = leaf; at >= 0; at = stacks.parent[at]!) reversed = interner.intern(reversed, stacks.frame[at]!);
    inverted[leaf] = reversed;
    return reversed;
  });
  return { ...profile, stacks: stackTable(interner), samples: { ...samples, stack } };
}
