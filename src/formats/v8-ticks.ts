import type { Profile } from '../profile/profile.ts';
import type { Claim, Format, Input, Notes } from './format.ts';
import { jsonObject, readJson } from './json-stream/input.ts';
import { isList } from './json-stream/list.ts';
import { ALL } from './json-stream/shape.ts';
import { decodeText } from './text/lines.ts';
import { readFrameTicks } from './v8-ticks/frames.ts';
import { readTicks } from './v8-ticks/table.ts';

/**
 * Ticks of V8's `--prof` as JSON: what `node --prof-process --preprocess` prints (`code`, `functions`, `ticks`), and
 * the `ticks.json` of 0x that clinic flame keeps as `PID.clinic-flame-samples` (an array of stacks, root first).
 */
export const v8Ticks: Format = {
  id: 'v8-ticks',
  title: 'V8 ticks (--prof-process --preprocess, 0x, clinic)',
  detect,
  read,
};

function detect(head: Uint8Array): Claim {
  const text = decodeText(head).trimStart();
  if (/^\{\s*"code"\s*:\s*\[/.test(text)) return 'yes';
  if (!/^\[\s*\[\s*[\]{]/.test(text)) return 'no';
  // Ticks without frames may fill the head
  return /^[[\],\s]*$|^[[\],\s]*\{\s*"name"\s*:\s*"[\s\S]*?"type"\s*:\s*"[A-Z_]+"/.test(text) ? 'yes' : 'maybe';
}

async function read(input: Input, notes: Notes): Promise<Profile> {
  const value = await readJson(input, ALL);
  if (isList(value)) return readFrameTicks(input, value, notes);
  return readTicks(input, jsonObject(input, '$', value), { modules: [], names: new Map() }, notes);
}
