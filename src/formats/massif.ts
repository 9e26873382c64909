import type { Claim, Format } from './format.ts';
import { decodeText } from './text/lines.ts';

/**
 * Output of valgrind's massif, of `--xtree-memory` with a name that ends in .ms, and of `heaptrack_print -M`. The profile
 * is one snapshot (`ReadChoices.snapshot`; default: the largest one with details), the others are its series.
 */
export const massif: Format = {
  id: 'massif',
  title: 'valgrind massif output',
  hasSnapshots: true,
  detect,
  read: async (...words) => (await import('./massif/snapshot-profile.ts')).snapshotProfile(...words),
};

function detect(head: Uint8Array): Claim {
  // Saved on Windows, or sent through a mailer
  const text = decodeText(head).replaceAll('\r\n', '\n');
  if (/^(?:#.*\n|[ \t\r]*\n|desc:.*\n)*cmd:.*\n(?:.*\n)*?time_unit: \w+\n/.test(text)) return 'yes';
  if (/^(?:#.*\n|[ \t\r]*\n)*snapshot=\d+\n(?:#.*\n|[ \t\r]*\n)*time=/.test(text)) return 'yes';
  return /^desc:.*\ncmd: /.test(text) ? 'maybe' : 'no';
}
