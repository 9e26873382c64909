import type { Profile } from '../../profile/profile.ts';
import { unknownAdvice } from '../../profile/unknown.ts';

/** The profile with one more note where many of its frames have no name: how many, and what mends it. */
export function withAdvice(profile: Profile): Profile {
  const advice = unknownAdvice(profile);
  if (advice === undefined || profile.meta.notes.includes(advice)) return profile;
  return { ...profile, meta: { ...profile.meta, notes: [...profile.meta.notes, advice] } };
}
