import { pickSamples } from '../../profile/pick-samples.ts';
import type { Profile, ValueType } from '../../profile/profile.ts';

const SAMPLES: readonly ValueType[] = [{ type: 'samples', unit: 'count' }];

/** One of the two counts of differential folded text, as if it had been the only one: stacks that it lacks are left out. */
export function oneSide(profile: Profile, side: 'before' | 'after'): Profile {
  const column = side === 'before' ? 0 : 1;
  const weights = profile.samples.values[column]!;
  const kept: number[] = [];
  for (let i = 0; i < weights.length; i++) if (weights[i]! > 0) kept.push(i);
  const samples = pickSamples(profile.samples, kept);
  return { ...profile, valueTypes: SAMPLES, samples: { ...samples, values: [samples.values[column]!] } };
}
