import { mapFrames } from './map-frames.ts';
import { type Profile, TIERS } from './profile.ts';

const noTier = TIERS.indexOf('none');

/**
 * One frame for a function whatever tier the JIT compiler ran it in: all tiers become `none`, and frames and stacks
 * that are equal then become one. Samples are kept.
 */
export function mergeTiers(profile: Profile): Profile {
  if (profile.frames.tier.every((tier) => tier === noTier)) return profile;
  return mapFrames(profile, (row) => {
    row[6] = noTier;
  });
}
