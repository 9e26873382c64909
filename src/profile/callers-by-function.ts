import { mapFrames } from './map-frames.ts';
import type { Profile } from './profile.ts';

/**
 * Callers without the line of each call: a function that allocates by several calls is one frame, whose callees stand
 * side by side. Frames in which a stack ends keep their line: it says what asked.
 */
export function callersByFunction(profile: Profile): Profile {
  const { stacks, samples } = profile;
  const ends = new Uint8Array(profile.frames.length);
  for (const stack of samples.stack) if (stack >= 0) ends[stacks.frame[stack]!] = 1;
  return mapFrames(profile, (row, frame) => {
    if (ends[frame] === 0) row[2] = row[3] = 0;
  });
}
