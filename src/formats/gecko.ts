import type { Claim, Format } from './format.ts';
import { geckoCannotHold, writeGecko } from './gecko/write.ts';
import { decodeText } from './text/lines.ts';

/**
 * Profiles of the Firefox profiler: "processed" ones (profiler.firefox.com, samply; tables in each thread, or since
 * version 60 in `shared`), what Firefox itself writes (rows with a schema, other processes nested), and recordings of
 * the old developer tools around one. github.com/firefox-devtools/profiler, docs-developer/CHANGELOG-formats.md.
 * A frame is a function with the place where it starts. Markers, counters, and allocations beside samples are left out
 * with a note.
 */
export const gecko: Format = {
  id: 'gecko',
  title: 'Firefox profiler',
  extension: 'gecko',
  detect,
  read: async (input, notes) => (await import('./gecko/read-gecko.ts')).readGecko(input, notes),
  write: writeGecko,
  cannotHold: geckoCannotHold,
};

function detect(head: Uint8Array): Claim {
  const text = decodeText(head).trimStart();
  if (!text.startsWith('{')) return 'no';
  if (/"preprocessedProfileVersion"\s*:/.test(text)) return 'yes';
  if (/"libs"\s*:\s*\[/.test(text) && /"(?:breakpadId|debugName)"\s*:|"meta"\s*:/.test(text)) return 'yes';
  if (/"meta"\s*:\s*\{/.test(text) && /"(?:processType|stackwalk|gcpoison|categories)"\s*:/.test(text)) return 'yes';
  return 'no';
}
