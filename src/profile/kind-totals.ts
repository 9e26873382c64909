import { KINDS, type Kind, type Profile } from './profile.ts';
import { selfWeights, stacklessWeight } from './weights.ts';

export interface KindTotal {
  readonly kind: Kind;
  readonly self: number;
}

/**
 * The weight spent in code of each kind, heaviest first; kinds without weight are left out. Samples without a stack
 * count as `unknown`, so all of it sums to the profile's weight.
 */
export function kindTotals(profile: Profile, valueIndex?: number): KindTotal[] {
  const { stacks, frames } = profile;
  const self = selfWeights(profile, valueIndex);
  const sums = KINDS.map(() => 0);
  for (let stack = 0; stack < self.length; stack++) sums[frames.kind[stacks.frame[stack]!]!]! += self[stack]!;
  sums[KINDS.indexOf('unknown')]! += stacklessWeight(profile, valueIndex);
  return KINDS.map((kind, i) => ({ kind, self: sums[i]! }))
    .filter((row) => row.self > 0)
    .sort((a, b) => b.self - a.self);
}
