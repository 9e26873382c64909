import type { Profile } from '../profile/profile.ts';
import type { Claim, Format, Input, Notes, ReadChoices } from './format.ts';
import { heaptrackProfile } from './heaptrack/heaptrack-profile.ts';
import { readHeaptrack } from './heaptrack/read-heaptrack.ts';
import { heapProfile } from './massif/heap-profile.ts';
import { readAsMassif } from './massif/heap-recording.ts';
import { noDetails } from './massif.ts';
import { decodeText } from './text/lines.ts';

/**
 * Recordings of heaptrack (`heaptrack.PROGRAM.PID.zst` or `.gz`). The profile has a value type for each number that
 * heaptrack_print tells of a stack, bytes at the peak by default.
 */
export const heaptrack: Format = { id: 'heaptrack', title: 'heaptrack recording', hasSnapshots: true, detect, read };

function detect(head: Uint8Array): Claim {
  return /^v [0-9a-f]{5,8}(?: [0-9a-f]{1,4})?\n(?:[XxAmI#] ?|$)/.test(decodeText(head)) ? 'yes' : 'no';
}

async function read(input: Input, notes: Notes, { snapshot }: ReadChoices = {}): Promise<Profile> {
  // The peak is what the recording tells of in full
  if (typeof snapshot === 'number') {
    const { file } = await readAsMassif(input, { tree: snapshot });
    if (file.tree === undefined) throw noDetails(input.name, file, snapshot);
    return heapProfile(file, snapshot, notes.list);
  }
  return heaptrackProfile(await readHeaptrack(input), notes.list);
}
