import type { Claim, Format } from './format.ts';
import { heapProfileCannotHold, writeHeapProfile } from './heapprofile/write.ts';
import { decodeText } from './text/lines.ts';

/**
 * V8's sampling heap profile, `.heapprofile` (`node --heap-prof`, DevTools' allocation sampling;
 * `HeapProfiler.SamplingHeapProfile` of the inspector protocol): a tree of callers under `head`, and with newer V8 the
 * single samples, of which only the number is of use. Bytes are those still in use when it was written, unless the
 * recording asked for collected objects too (`includeObjectsCollectedByMajorGC`): the file does not say, but ours do, in a
 * member `pforgeProf` of {@link Origin}.
 */
export const heapprofile: Format = {
  id: 'heapprofile',
  title: 'V8 sampling heap profile',
  extension: 'heapprofile',
  detect,
  read: async (input, notes) => (await import('./heapprofile/read-heap-profile.ts')).readHeapProfile(input, notes),
  write: writeHeapProfile,
  cannotHold: heapProfileCannotHold,
};

function detect(head: Uint8Array): Claim {
  const text = decodeText(head).trimStart();
  if (!text.startsWith('{')) return 'no';
  if (/"head"\s*:\s*\{/.test(text) && /"callFrame"\s*:/.test(text) && /"selfSize"\s*:/.test(text)) return 'yes';
  if (/^\{\s*"samples"\s*:\s*\[\s*\{/.test(text) && /"ordinal"\s*:/.test(text) && /"nodeId"\s*:/.test(text))
    return 'yes';
  return /^\{\s*"head"\s*:\s*\{\s*"(?:callFrame|selfSize)"\s*:/.test(text) ? 'maybe' : 'no';
}
