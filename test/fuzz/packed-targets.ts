import { deflateSync, gzipSync, inflateSync } from 'node:zlib';
import { decodeProfile } from '../../src/embedded/decode.ts';
import { encodeProfile } from '../../src/embedded/encode.ts';
import { flameHtml } from '../../src/formats/flame-html.ts';
import { Notes } from '../../src/formats/format.ts';
import { inputOf } from '../../src/formats/input.ts';
import type { Profile } from '../../src/profile/profile.ts';
import { checkRead } from './format-targets.ts';
import { pageBlock, pageWith, SMALL_PROFILE } from './made-seeds.ts';
import { type FuzzTarget, readOrRefused } from './target.ts';

/** What stands packed in pictures and pages: broken inside, and packed again, as no broken checksum comes that far. */
export function packedTargets(): FuzzTarget[] {
  return [
    {
      id: 'packed:page',
      seeds: [pageBlock()],
      run: (bytes) =>
        readOrRefused(async () => {
          const page = pageWith(gzipSync(bytes, { level: 1 }));
          checkRead(await flameHtml.read(inputOf(page, 'x'), new Notes()));
        }),
    },
    {
      id: 'packed:profile',
      seeds: [inflateSync(encodeProfile(SMALL_PROFILE))],
      run: (bytes) => {
        let profile: Profile;
        try {
          profile = decodeProfile(deflateSync(bytes, { level: 1 }).toString('base64'));
        } catch (error) {
          if (error instanceof RangeError) return false;
          throw error;
        }
        checkRead(profile);
        return true;
      },
    },
  ];
}
