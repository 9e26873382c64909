import { PairInterner } from './columns.ts';
import type { Profile } from './profile.ts';
import { stackTable } from './restack.ts';

/**
 * Leaves out what calls the named functions, as inferno's `--skip-after` does: the innermost frame with one of the names
 * becomes the root of its stack. Stacks without such a frame stay as they are; no weight is lost.
 * @param names exact names of functions
 */
export function skipAfter(profile: Profile, names: ReadonlySet<string>): Profile {
  const { stacks, frames, strings, samples } = profile;
  const becomesRoot = Uint8Array.from(frames.name, (name) => (names.has(strings[name]!) ? 1 : 0));
  const interner = new PairInterner();
  const stackMap = new Int32Array(stacks.length);
  for (let stack = 0; stack < stacks.length; stack++) {
    const caller = stacks.parent[stack]!;
    const frame = stacks.frame[stack]!;
    const parent = caller < 0 || becomesRoot[frame] === 1 ? -1 : stackMap[caller]!;
    stackMap[stack] = interner.intern(parent, frame);
  }
  return {
    ...profile,
    stacks: stackTable(interner),
    samples: { ...samples, stack: samples.stack.map((leaf) => (leaf < 0 ? -1 : stackMap[leaf]!)) },
  };
}
