import type { Claim, Format } from './format.ts';
import { decodeText } from './text/lines.ts';

/**
 * Output of valgrind's dhat (modes heap, copy, ad-hoc) and of the crate dhat of Rust (`dhat-heap.json`,
 * `dhat-ad-hoc.json`). A profile of it has a value type for each metric; total bytes is the default.
 */
export const dhat: Format = {
  id: 'dhat',
  title: 'dhat output (valgrind, Rust)',
  detect,
  read: async (input, notes) => (await import('./dhat/dhat-profile.ts')).dhatProfile(input, notes),
};

function detect(head: Uint8Array): Claim {
  const text = decodeText(head);
  if (!/^\s*\{/.test(text)) return 'no';
  return /"dhatFileVersion"\s*:/.test(text) ? 'yes' : 'no';
}
