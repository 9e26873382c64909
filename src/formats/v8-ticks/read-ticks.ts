import type { Profile } from '../../profile/profile.ts';
import type { Input, Notes } from '../format.ts';
import { jsonObject, readJson } from '../json-stream/input.ts';
import { isList } from '../json-stream/list.ts';
import { ALL } from '../json-stream/shape.ts';
import { readFrameTicks } from './frames.ts';
import { readTicks } from './table.ts';

/** Ticks in either of the two shapes. */
export async function readTicksFile(input: Input, notes: Notes): Promise<Profile> {
  const value = await readJson(input, ALL);
  if (isList(value)) return readFrameTicks(input, value, notes);
  return readTicks(input, jsonObject(input, '$', value), { modules: [], names: new Map() }, notes);
}
