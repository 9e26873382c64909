import type { Profile } from './profile.ts';

/**
 * 1 for each frame whose name, or `name file`, matches; the pattern runs once a frame, never once a sample. A `g` or
 * `y` flag counts for nothing.
 */
export function matchingFrames(profile: Profile, pattern: RegExp): Uint8Array {
  const stateless = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
  const { frames, strings } = profile;
  const matches = new Uint8Array(frames.length);
  for (let frame = 0; frame < frames.length; frame++) {
    const name = strings[frames.name[frame]!]!;
    const file = strings[frames.file[frame]!]!;
    if (stateless.test(name) || (file !== '' && stateless.test(`${name} ${file}`))) matches[frame] = 1;
  }
  return matches;
}
