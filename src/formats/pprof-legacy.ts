import type { Profile } from '../profile/profile.ts';
import type { Claim, Format, Input, Notes } from './format.ts';
import { readBytes } from './input.ts';
import { cpuHeader, readLegacyCpu } from './pprof-legacy/cpu.ts';
import { legacyTextKind, readLegacyText } from './pprof-legacy/text.ts';
import { headLines } from './text/lines.ts';

/**
 * The profiles of before profile.proto (gperftools, tcmalloc, jemalloc, Java, Go's `?debug=1`; google/pprof,
 * profile/legacy_profile.go): CPU profiles as binary words; heaps, heap growth, contention, threads and Go's counts as
 * text. Addresses are named where the file names them, else they are frames with their module.
 */
export const pprofLegacy: Format = { id: 'pprof-legacy', title: 'pprof before profile.proto', detect, read };

function detect(head: Uint8Array): Claim {
  return cpuHeader(head) !== undefined || legacyTextKind(headLines(head)) !== undefined ? 'yes' : 'no';
}

async function read(input: Input, notes: Notes): Promise<Profile> {
  const header = cpuHeader(input.head);
  return header ? readLegacyCpu(input, await readBytes(input), header, notes) : readLegacyText(input, notes);
}
