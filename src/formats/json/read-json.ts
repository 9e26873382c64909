import { UserError } from '../../errors.ts';
import { checkProfile } from '../../profile/check.ts';
import type { Profile } from '../../profile/profile.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { jsonNumber, jsonObject, readJson } from '../json-stream/input.ts';
import { readTables, tablesShape } from './tables.ts';
import { VERSION } from './write-json.ts';

/** The tables as they stand in the file, checked. */
export async function readProfileJson(input: Input, notes: Notes): Promise<Profile> {
  const file = jsonObject(input, '$', await readJson(input, tablesShape));
  if (file.pforgeProf !== 'profile') throw new FormatError(input, '$.pforgeProf', 'this is not "profile"');
  const version = jsonNumber(input, '$.version', file.version);
  if (version > VERSION) {
    throw new UserError(`${input.name} was made by a newer pforge-prof (format version ${version})`, {
      hint: `this one reads up to version ${VERSION}: update pforge-prof`,
    });
  }
  const profile = readTables(input, file);
  try {
    checkProfile(profile);
  } catch (error) {
    if (error instanceof RangeError) throw new FormatError(input, '', error.message);
    throw error;
  }
  for (const note of profile.meta.notes) notes.add(note);
  return profile;
}
