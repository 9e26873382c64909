import type { Profile } from '../../profile/profile.ts';
import type { Input, Notes, ReadChoices } from '../format.ts';
import { heapProfile } from '../massif/heap-profile.ts';
import { readAsMassif } from '../massif/heap-recording.ts';
import { noDetails } from '../massif/no-details.ts';
import { heaptrackProfile } from './heaptrack-profile.ts';
import { readHeaptrack } from './read-heaptrack.ts';

/** The peak with all that the recording tells of it, or one snapshot. */
export async function recordingProfile(input: Input, notes: Notes, { snapshot }: ReadChoices = {}): Promise<Profile> {
  // The peak is what the recording tells of in full
  if (typeof snapshot === 'number') {
    const { file } = await readAsMassif(input, { tree: snapshot });
    if (file.tree === undefined) throw noDetails(input.name, file, snapshot);
    return heapProfile(file, snapshot, notes.list);
  }
  return heaptrackProfile(await readHeaptrack(input), notes.list);
}
