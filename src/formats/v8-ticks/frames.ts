import { ProfileBuilder } from '../../profile/builder.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Input, Notes } from '../format.ts';
import { jsonArray, jsonObject } from '../json-stream/input.ts';
import type { JsonList } from '../json-stream/list.ts';
import { type Code, readCode } from './code.ts';
import { TickStacks } from './stack.ts';

/**
 * Makes a profile of 0x's `ticks.json`: an array of ticks, each an array of `code` entries, root first. 0x leaves out
 * the frames that it has no name for, times and V8's states.
 * @throws {FormatError} a part of a wrong type
 */
export function readFrameTicks(input: Input, ticks: JsonList, notes: Notes): Profile {
  const builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  const stacks = new TickStacks(builder);
  /** By what tells codes apart: 0x repeats each entry in every tick. */
  const known = new Map<string, Code>();
  let empty = 0;
  for (let i = 0; i < ticks.length; i++) {
    const frames = jsonArray(input, `$[${i}]`, ticks.at(i));
    const stack: Code[] = [];
    for (let k = 0; k < frames.length; k++) {
      const path = `$[${i}][${k}]`;
      const entry = jsonObject(input, path, frames.at(k));
      const key = JSON.stringify([entry.name, entry.type, entry.kind]);
      let code = known.get(key);
      if (code === undefined) {
        code = readCode(input, path, entry);
        known.set(key, code);
      }
      stack.push(code);
    }
    if (stack.length === 0) empty++;
    builder.sample(stacks.stack(stack, undefined), [1]);
  }
  notes.add("0x leaves out frames that it has no name for: what they took counts as their callers' own");
  if (empty > 0) notes.add(`samples in which 0x named no code: ${empty}`);
  return builder.build({ tool: '0x', notes: notes.list });
}
