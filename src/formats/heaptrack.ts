import type { Claim, Format } from './format.ts';
import { decodeText } from './text/lines.ts';

/**
 * Recordings of heaptrack (`heaptrack.PROGRAM.PID.zst` or `.gz`). The profile has a value type for each number that
 * heaptrack_print tells of a stack, bytes at the peak by default.
 */
export const heaptrack: Format = {
  id: 'heaptrack',
  title: 'heaptrack recording',
  hasSnapshots: true,
  detect,
  read: async (...words) => (await import('./heaptrack/recording-profile.ts')).recordingProfile(...words),
};

function detect(head: Uint8Array): Claim {
  return /^v [0-9a-f]{5,8}(?: [0-9a-f]{1,4})?\n(?:[XxAmI#] ?|$)/.test(decodeText(head)) ? 'yes' : 'no';
}
