import { PairInterner } from './columns.ts';
import { matchingFrames } from './matching-frames.ts';
import { pickSamples } from './pick-samples.ts';
import type { Profile } from './profile.ts';
import { stackTable } from './restack.ts';

/**
 * What a function calls: the samples in which a frame matches, their stacks from the outermost such frame on. A
 * recursive function therefore counts once, and its inner calls stand below it.
 * @returns a profile without samples where nothing matches
 */
export function calleesOf(profile: Profile, pattern: RegExp): Profile {
  return calleesOfFrames(profile, matchingFrames(profile, pattern));
}

/** {@link calleesOf} a function given as its frames: 1 for each that is one of them. */
export function calleesOfFrames(profile: Profile, matches: Uint8Array): Profile {
  const { stacks } = profile;
  const interner = new PairInterner();
  const stackMap = new Int32Array(stacks.length);
  for (let stack = 0; stack < stacks.length; stack++) {
    const caller = stacks.parent[stack]!;
    const frame = stacks.frame[stack]!;
    const parent = caller < 0 ? -1 : stackMap[caller]!;
    stackMap[stack] = parent >= 0 || matches[frame] === 1 ? interner.intern(parent, frame) : -1;
  }
  return withStacks(profile, interner, (leaf) => (leaf < 0 ? -1 : stackMap[leaf]!));
}

/**
 * Who calls a function: as {@link calleesOf}, but each stack goes from the outermost matching frame to its caller, to
 * that one's caller, and so on to the program's first function.
 */
export function callersOf(profile: Profile, pattern: RegExp): Profile {
  return callersOfFrames(profile, matchingFrames(profile, pattern));
}

/** {@link callersOf} a function given as its frames: 1 for each that is one of them. */
export function callersOfFrames(profile: Profile, matches: Uint8Array): Profile {
  const { stacks } = profile;
  const interner = new PairInterner();
  // Of each stack the outermost matching one on its path, and of that one the inverted stack.
  const outermost = new Int32Array(stacks.length);
  const inverted = new Int32Array(stacks.length).fill(-1);
  for (let stack = 0; stack < stacks.length; stack++) {
    const caller = stacks.parent[stack]!;
    const above = caller < 0 ? -1 : outermost[caller]!;
    outermost[stack] = above >= 0 ? above : matches[stacks.frame[stack]!] === 1 ? stack : -1;
  }
  const invertedFrom = (leaf: number): number => {
    const from = leaf < 0 ? -1 : outermost[leaf]!;
    if (from < 0) return -1;
    if (inverted[from]! < 0) {
      let turned = -1;
      for (let at = from; at >= 0; at = stacks.parent[at]!) turned = interner.intern(turned, stacks.frame[at]!);
      inverted[from] = turned;
    }
    return inverted[from]!;
  };
  return withStacks(profile, interner, invertedFrom);
}

/** The samples that have a new stack, with it. */
function withStacks(profile: Profile, interner: PairInterner, stackOf: (leaf: number) => number): Profile {
  const stack = profile.samples.stack.map(stackOf);
  const kept: number[] = [];
  for (let row = 0; row < stack.length; row++) if (stack[row]! >= 0) kept.push(row);
  return { ...profile, stacks: stackTable(interner), samples: pickSamples({ ...profile.samples, stack }, kept) };
}
