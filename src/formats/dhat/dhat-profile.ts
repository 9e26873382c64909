import type { Profile } from '../../profile/profile.ts';
import type { Input, Notes } from '../format.ts';
import { pointsProfile } from './points-profile.ts';
import { readDhat } from './read-dhat.ts';

/** The points of allocation with all that dhat counted. */
export async function dhatProfile(input: Input, notes: Notes): Promise<Profile> {
  const points = await readDhat(input);
  return pointsProfile(points, notes.list);
}
