import { UserError } from '../errors.ts';
import { checkProfile } from '../profile/check.ts';
import { KINDS, type Profile, TIERS } from '../profile/profile.ts';
import { type Claim, type Format, FormatError, type Input, type Notes } from './format.ts';
import { readTables, tablesShape } from './json/tables.ts';
import { jsonNumber, jsonObject, readJson } from './json-stream/input.ts';
import { decodeText } from './text/lines.ts';

const VERSION = 1;
const BATCH = 4096;

/**
 * Our own format: the profile's tables as JSON arrays, nothing lost. `kinds` and `tiers` name what the numbers in those
 * columns mean, so that later versions may add some.
 */
export const profileJson: Format = {
  id: 'json',
  title: 'pforge-prof profile',
  extension: 'json',
  detect,
  read,
  write,
};

function detect(head: Uint8Array): Claim {
  return /^\s*\{\s*"pforgeProf"\s*:\s*"profile"/.test(decodeText(head)) ? 'yes' : 'no';
}

async function read(input: Input, notes: Notes): Promise<Profile> {
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

function* write(profile: Profile): Iterable<string> {
  const { valueTypes, strings, frames, stacks, samples } = profile;
  yield `{"pforgeProf":"profile","version":${VERSION},"kinds":${JSON.stringify(KINDS)},"tiers":${JSON.stringify(TIERS)}`;
  yield `,\n"valueTypes":${JSON.stringify(valueTypes)},\n"strings":`;
  yield* array(strings);
  yield ',\n"frames":';
  const { name, file, line, column, module, kind, tier } = frames;
  yield* columns({ name, file, line, column, module, kind, tier });
  yield ',\n"stacks":';
  yield* columns({ parent: stacks.parent, frame: stacks.frame });
  yield ',\n"samples":{"values":[';
  for (let i = 0; i < samples.values.length; i++) {
    if (i > 0) yield ',\n';
    yield* array(samples.values[i]!);
  }
  yield '],\n';
  const { stack, time, thread } = samples;
  yield* members({ stack, ...(time ? { time } : {}), ...(thread ? { thread } : {}) });
  yield `},\n"threads":${JSON.stringify(profile.threads)},\n"counters":${JSON.stringify(profile.counters)}`;
  yield ',\n"series":[';
  for (let i = 0; i < profile.series.length; i++) {
    const { name: seriesName, unit, timeUnit, time: times, value } = profile.series[i]!;
    yield `${i > 0 ? ',' : ''}{"name":${JSON.stringify(seriesName)},"unit":${JSON.stringify(unit)},`;
    if (timeUnit !== undefined) yield `"timeUnit":${JSON.stringify(timeUnit)},`;
    yield* members({ time: times, value });
    yield '}';
  }
  yield `],\n"meta":${JSON.stringify(profile.meta)}}\n`;
}

type Column = ArrayLike<number | string>;

function* columns(table: Readonly<Record<string, Column>>): Iterable<string> {
  yield '{';
  yield* members(table);
  yield '}';
}

function* members(table: Readonly<Record<string, Column>>): Iterable<string> {
  let separator = '';
  for (const [name, column] of Object.entries(table)) {
    yield `${separator}${JSON.stringify(name)}:`;
    yield* array(column);
    separator = ',\n';
  }
}

/** A JSON array in pieces: a column of millions of rows never becomes one string. */
function* array(column: Column): Iterable<string> {
  yield '[';
  for (let start = 0; start < column.length; start += BATCH) {
    const batch = Array.prototype.slice.call(column, start, start + BATCH);
    yield (start > 0 ? ',' : '') + JSON.stringify(batch).slice(1, -1);
  }
  yield ']';
}
