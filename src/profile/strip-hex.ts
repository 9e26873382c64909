import { mapFrames } from './map-frames.ts';
import type { Profile } from './profile.ts';

/**
 * Names in which every `0x45ef2173` reads `0x...`, as `difffolded.pl -s` has it: so frames that are known by their
 * address alone are the same in two recordings, and frames that differed by no more than that become one.
 */
export function stripHex(profile: Profile): Profile {
  const strings = profile.strings.slice();
  const index = new Map(strings.map((text, i) => [text, i]));
  const stripped = strings.map((text) => {
    const plain = text.replace(/0x[0-9a-fA-F]+/g, '0x...');
    let at = index.get(plain);
    if (at === undefined) {
      at = strings.push(plain) - 1;
      index.set(plain, at);
    }
    return at;
  });
  const mapped = mapFrames(profile, (row) => {
    row[0] = stripped[row[0]]!;
    row[1] = stripped[row[1]]!;
  });
  return { ...mapped, strings };
}
