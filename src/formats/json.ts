import type { Claim, Format } from './format.ts';
import { writeProfileJson } from './json/write-json.ts';
import { decodeText } from './text/lines.ts';

/**
 * Our own format: the profile's tables as JSON arrays, nothing lost. `kinds` and `tiers` name what the numbers in those
 * columns mean, so that later versions may add some.
 */
export const profileJson: Format = {
  id: 'json',
  title: 'pforge-prof profile',
  extension: 'json',
  detect,
  read: async (input, notes) => (await import('./json/read-json.ts')).readProfileJson(input, notes),
  write: writeProfileJson,
};

function detect(head: Uint8Array): Claim {
  return /^\s*\{\s*"pforgeProf"\s*:\s*"profile"/.test(decodeText(head)) ? 'yes' : 'no';
}
