import type { Profile } from '../../profile/profile.ts';
import type { Input, Notes, ReadChoices } from '../format.ts';
import { heapProfile } from './heap-profile.ts';
import { noDetails } from './no-details.ts';
import { readMassif } from './read-massif.ts';

/** One snapshot, with all others as its series. */
export async function snapshotProfile(input: Input, notes: Notes, choices: ReadChoices = {}): Promise<Profile> {
  const choice = choices.snapshot ?? 'largest';
  const file = await readMassif(input, { tree: choice });
  if (typeof choice === 'number' && file.tree === undefined) throw noDetails(input.name, file, choice);
  return heapProfile(file, choice, notes.list);
}
