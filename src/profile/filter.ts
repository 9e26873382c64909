import { PairInterner } from './columns.ts';
import { matchingFrames } from './matching-frames.ts';
import { pickSamples } from './pick-samples.ts';
import type { Profile } from './profile.ts';
import { restack, stackTable } from './restack.ts';

/**
 * Patterns that a frame matches by its name or by `name file`. A `g` or `y` flag counts for nothing: no call depends on
 * an earlier one. Applied in this order.
 */
export interface FilterOptions {
  /** Keep only samples with a matching frame. */
  readonly focus?: RegExp;
  /** Then drop samples with a matching frame. */
  readonly ignore?: RegExp;
  /** Then take matching frames out of their stacks; their callees are called by their caller, no weight is lost. */
  readonly hide?: RegExp;
}

export interface Filtered {
  readonly profile: Profile;
  /** The weight of the samples that `focus` and `ignore` took away, for each value type. */
  readonly dropped: readonly number[];
}

/** Narrows a profile to what matters, as pprof's focus, ignore and hide do. Threads and times are kept. */
export function filter(profile: Profile, options: FilterOptions): Filtered {
  const { samples, stacks } = profile;
  const focused = options.focus && stacksWith(profile, options.focus);
  const ignored = options.ignore && stacksWith(profile, options.ignore);
  const kept: number[] = [];
  const dropped = profile.valueTypes.map(() => 0);
  for (let i = 0; i < samples.length; i++) {
    const stack = samples.stack[i]!;
    // A sample without a stack has no matching frame.
    const keep = (!focused || focused[stack] === 1) && !(ignored && ignored[stack] === 1);
    if (keep) kept.push(i);
    else for (let v = 0; v < dropped.length; v++) dropped[v]! += samples.values[v]![i]!;
  }
  const narrowed = kept.length === samples.length ? profile : { ...profile, samples: pickSamples(samples, kept) };
  return { profile: options.hide ? hideFrames(narrowed, matchingFrames(profile, options.hide)) : narrowed, dropped };

  /** 1 for each stack in which a frame matches, be it far up. */
  function stacksWith(profile: Profile, pattern: RegExp): Uint8Array {
    const frames = matchingFrames(profile, pattern);
    const found = new Uint8Array(stacks.length);
    for (let stack = 0; stack < stacks.length; stack++) {
      const parent = stacks.parent[stack]!;
      found[stack] = frames[stacks.frame[stack]!]! | (parent < 0 ? 0 : found[parent]!);
    }
    return found;
  }
}

function hideFrames(profile: Profile, hidden: Uint8Array): Profile {
  const interner = new PairInterner();
  const frameMap = Int32Array.from(hidden, (hide, frame) => (hide === 1 ? -1 : frame));
  const stackMap = restack(profile.stacks, frameMap, interner);
  const stack = profile.samples.stack.map((leaf) => (leaf < 0 ? -1 : stackMap[leaf]!));
  return { ...profile, stacks: stackTable(interner), samples: { ...profile.samples, stack } };
}
