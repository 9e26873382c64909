import { UserError } from '../../errors.ts';
import type { CounterColumn, CounterRuns, CounterSource } from '../../profile/counters/counter-runs.ts';
import type { Series } from '../../profile/profile.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { jsonArray, jsonNumber, jsonObject, jsonString, readJson, wrongType } from '../json-stream/input.ts';
import { ALL, members } from '../json-stream/shape.ts';

/** What `render/counters/counters-json` writes first; a test holds the two together. */
const KIND = 'perf-stat';
const VERSION = 1;

const SHAPE = members({
  version: ALL,
  kind: ALL,
  command: ALL,
  subject: ALL,
  runs: ALL,
  counters: ALL,
  series: ALL,
  notes: ALL,
});

const SOURCES: readonly string[] = ['perf', 'rusage', 'proc', 'clock', 'callgrind'] satisfies CounterSource[];

/**
 * Reads what `pforge-prof perf-stat --json` and `--save-baseline` write.
 * @throws {FormatError} naming the JSON path that is wrong
 */
export async function readCounterJson(input: Input, notes: Notes): Promise<CounterRuns> {
  const file = jsonObject(input, '$', await readJson(input, SHAPE));
  if (file.kind !== KIND) throw new FormatError(input, '$.kind', `this is not "${KIND}"`);
  const version = jsonNumber(input, '$.version', file.version);
  if (version > VERSION) {
    throw new UserError(`${input.name} was made by a newer pforge-prof (format version ${version})`, {
      hint: `this one reads up to version ${VERSION}: update pforge-prof`,
    });
  }
  const counters: CounterColumn[] = [];
  for (const [i, value] of list(input, '$.counters', file.counters)) {
    counters.push(counter(input, `$.counters[${i}]`, value));
  }
  const series: Series[] = [];
  for (const [i, value] of file.series === undefined ? [] : list(input, '$.series', file.series)) {
    series.push(oneSeries(input, `$.series[${i}]`, value));
  }
  const words = (path: string, value: unknown): string[] =>
    value === undefined
      ? []
      : [...list(input, path, value)].map(([i, word]) => jsonString(input, `${path}[${i}]`, word));
  for (const note of words('$.notes', file.notes)) notes.add(note);
  const command = words('$.command', file.command);
  return {
    runs: jsonNumber(input, '$.runs', file.runs),
    counters,
    parts: [],
    series,
    ...(command.length === 0 ? {} : { command }),
    ...(file.subject === undefined ? {} : { subject: jsonString(input, '$.subject', file.subject) }),
    notes: notes.list,
  };
}

function* list(input: Input, path: string, value: unknown): Iterable<readonly [number, unknown]> {
  const array = jsonArray(input, path, value);
  for (let i = 0; i < array.length; i++) yield [i, array.at(i)];
}

/** A list of numbers; null is NaN, as of a run that did not count. */
function numbers(input: Input, path: string, value: unknown): Float64Array {
  const array = jsonArray(input, path, value);
  return Float64Array.from({ length: array.length }, (_none, i) => {
    const one = array.at(i);
    return one === null ? Number.NaN : jsonNumber(input, `${path}[${i}]`, one);
  });
}

function counter(input: Input, path: string, value: unknown): CounterColumn {
  const row = jsonObject(input, path, value);
  const source = row.source === undefined ? 'perf' : jsonString(input, `${path}.source`, row.source);
  if (!SOURCES.includes(source)) throw wrongType(input, `${path}.source`, `one of ${SOURCES.join(', ')}`, row.source);
  const head = {
    name: jsonString(input, `${path}.name`, row.name),
    unit: jsonString(input, `${path}.unit`, row.unit),
    source: source as CounterSource,
  };
  if (row.missing !== undefined) {
    const missing = row.missing === 'not supported' ? row.missing : 'not counted';
    return { ...head, values: new Float64Array(0), missing };
  }
  const values = numbers(input, `${path}.values`, row.values);
  if (values.every(Number.isNaN)) return { ...head, values, missing: 'not counted' };
  const optional = (name: string): number | undefined =>
    row[name] === undefined ? undefined : jsonNumber(input, `${path}.${name}`, row[name]);
  const [variance, runs, share] = [optional('variance'), optional('runs'), optional('percentRunning')];
  return {
    ...head,
    values,
    ...(share === undefined ? {} : { percentRunning: values.map(() => share) }),
    // One value with an error is the mean of runs that are lost
    ...(variance === undefined || values.length > 1
      ? {}
      : { summary: { variancePercent: variance, ...(runs === undefined ? {} : { runs }) } }),
  };
}

function oneSeries(input: Input, path: string, value: unknown): Series {
  const row = jsonObject(input, path, value);
  const time = numbers(input, `${path}.time`, row.time);
  const column = numbers(input, `${path}.value`, row.value);
  if (time.length !== column.length) {
    throw new FormatError(input, path, `${time.length} times, but ${column.length} values`);
  }
  return {
    name: jsonString(input, `${path}.name`, row.name),
    unit: jsonString(input, `${path}.unit`, row.unit),
    time,
    value: column,
  };
}
