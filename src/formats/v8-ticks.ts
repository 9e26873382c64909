import { constants as bufferConstants } from 'node:buffer';
import { UserError } from '../errors.ts';
import type { Profile } from '../profile/profile.ts';
import type { Claim, Format, Input, Notes } from './format.ts';
import { inputOf, readBytes } from './input.ts';
import { jsonArray, readJsonObject } from './json-input.ts';
import { decodeText } from './text-lines.ts';
import { readFrameTicks } from './v8-ticks-frames.ts';
import { readTicks } from './v8-ticks-table.ts';

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
  if (decodeText(input.head).trimStart().startsWith('[')) return readFrameTicks(input, await readArray(input), notes);
  return readTicks(input, await readJsonObject(input), { modules: [], names: new Map() }, notes);
}

async function readArray(input: Input): Promise<readonly unknown[]> {
  const bytes = await readBytes(input);
  if (bytes.length > bufferConstants.MAX_STRING_LENGTH) {
    throw new UserError(`${input.name} is too big: JSON is read up to ${bufferConstants.MAX_STRING_LENGTH} bytes`);
  }
  let value: unknown;
  try {
    value = JSON.parse(decodeText(bytes));
  } catch {
    // It says where
    await readJsonObject(inputOf(bytes, input.name));
  }
  return jsonArray(input, '$', value);
}
