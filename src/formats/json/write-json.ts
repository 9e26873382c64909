import { KINDS, type Profile, TIERS } from '../../profile/profile.ts';

/** Of the format: written, and the last that can be read. */
export const VERSION = 1;
const BATCH = 4096;

/** The file in pieces: no column becomes one string. */
export function* writeProfileJson(profile: Profile): Iterable<string> {
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
