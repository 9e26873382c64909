import { annotate } from '../../src/profile/annotate.ts';
import { filter } from '../../src/profile/filter.ts';
import { fold } from '../../src/profile/fold.ts';
import { foldRecursion } from '../../src/profile/fold-recursion.ts';
import { invert } from '../../src/profile/invert.ts';
import { merge } from '../../src/profile/merge.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { redactArguments, redactPaths } from '../../src/profile/redact.ts';
import { skipAfter } from '../../src/profile/skip-after.ts';
import { rootByThread, type ThreadMode } from '../../src/profile/threads.ts';
import { mergeTiers } from '../../src/profile/tiers.ts';
import { totalWeight } from '../../src/profile/total.ts';

const modes: readonly ThreadMode[] = ['name', 'comm', 'pid', 'tid'];

/** Every operation that gives a profile with all of the weight of the one it takes. */
export const conserving: Record<string, (profile: Profile) => Profile> = {
  fold,
  'merge of one': (profile) => merge([profile]),
  invert,
  mergeTiers,
  ...Object.fromEntries(modes.map((mode) => [`rootByThread ${mode}`, (p: Profile) => rootByThread(p, mode)])),
  'annotate names': (profile) => annotate(profile, new Set(['k', 'j', 'i'])),
  'annotate labels': (profile) => annotate(profile, new Set(['k', 'j', 'i']), 'label'),
  foldRecursion,
  redactPaths,
  redactArguments,
  skipAfter: (profile) => skipAfter(profile, new Set(['work', '__proto__'])),
  hide: (profile) => filter(profile, { hide: /r|^$/ }).profile,
  'hide all': (profile) => filter(profile, { hide: /^/ }).profile,
};

/** The weight of each value type. */
export function totals(profile: Profile): number[] {
  return profile.valueTypes.map((_, i) => totalWeight(profile, i));
}
