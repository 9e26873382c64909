import type { Claim, Format } from './format.ts';
import { decodeText } from './text/lines.ts';

/**
 * Ticks of V8's `--prof` as JSON: what `node --prof-process --preprocess` prints (`code`, `functions`, `ticks`), and
 * the `ticks.json` of 0x that clinic flame keeps as `PID.clinic-flame-samples` (an array of stacks, root first).
 */
export const v8Ticks: Format = {
  id: 'v8-ticks',
  title: 'V8 ticks (--prof-process --preprocess, 0x, clinic)',
  detect,
  read: async (input, notes) => (await import('./v8-ticks/read-ticks.ts')).readTicksFile(input, notes),
};

function detect(head: Uint8Array): Claim {
  const text = decodeText(head).trimStart();
  if (/^\{\s*"code"\s*:\s*\[/.test(text)) return 'yes';
  if (!/^\[\s*\[\s*[\]{]/.test(text)) return 'no';
  // Ticks without frames may fill the head
  return /^[[\],\s]*$|^[[\],\s]*\{\s*"name"\s*:\s*"[\s\S]*?"type"\s*:\s*"[A-Z_]+"/.test(text) ? 'yes' : 'maybe';
}
