import type { Claim, Format } from './format.ts';
import { readBytes } from './input.ts';
import { cpuHeader } from './pprof-legacy/cpu-header.ts';
import { legacyTextKind } from './pprof-legacy/text-kind.ts';
import { headLines } from './text/lines.ts';

/**
 * The profiles of before profile.proto (gperftools, tcmalloc, jemalloc, Java, Go's `?debug=1`; google/pprof,
 * profile/legacy_profile.go): CPU profiles as binary words; heaps, heap growth, contention, threads and Go's counts as
 * text. Addresses are named where the file names them, else they are frames with their module.
 */
export const pprofLegacy: Format = {
  id: 'pprof-legacy',
  title: 'pprof before profile.proto',
  detect,
  async read(input, notes) {
    const header = cpuHeader(input.head);
    if (header === undefined) return (await import('./pprof-legacy/text.ts')).readLegacyText(input, notes);
    const { readLegacyCpu } = await import('./pprof-legacy/cpu.ts');
    return readLegacyCpu(input, await readBytes(input), header, notes);
  },
};

function detect(head: Uint8Array): Claim {
  return cpuHeader(head) !== undefined || legacyTextKind(headLines(head)) !== undefined ? 'yes' : 'no';
}
