import { NarrowColumn } from '../../profile/columns.ts';
import type { Counter, Meta, Profile, Series, Thread, WeightColumn } from '../../profile/profile.ts';
import { KINDS, TIERS } from '../../profile/profile.ts';
import { FormatError, type Input } from '../format.ts';
import { type JsonObject, jsonArray, jsonNumber, jsonObject, jsonString, wrongType } from '../json-stream/input.ts';
import { type JsonList, NumberList } from '../json-stream/list.ts';
import { ALL, members } from '../json-stream/shape.ts';

/** What later versions may add costs nothing. */
export const tablesShape = members(
  Object.fromEntries(
    [
      ...['pforgeProf', 'version', 'kinds', 'tiers', 'valueTypes', 'strings', 'frames', 'stacks', 'samples', 'threads'],
      ...['counters', 'series', 'meta'],
    ].map((key) => [key, ALL]),
  ),
);

/**
 * Turns the arrays of a `json` file into a profile's columns. Whether indexes fit each other is left to checkProfile.
 * @throws {FormatError} a wrong type, or a number that its column cannot hold
 */
export function readTables(input: Input, file: JsonObject): Profile {
  const frames = jsonObject(input, '$.frames', file.frames);
  const stacks = jsonObject(input, '$.stacks', file.stacks);
  const samples = jsonObject(input, '$.samples', file.samples);
  const column = (path: string, value: unknown) => integers(input, path, value);
  const name = column('$.frames.name', frames.name);
  const parent = column('$.stacks.parent', stacks.parent);
  const stack = column('$.samples.stack', samples.stack);
  return {
    valueTypes: list(input, '$.valueTypes', file.valueTypes, (path, value) => {
      const { type, unit } = jsonObject(input, path, value);
      return { type: jsonString(input, `${path}.type`, type), unit: jsonString(input, `${path}.unit`, unit) };
    }),
    strings: texts(input, '$.strings', file.strings),
    frames: {
      length: name.length,
      name,
      file: column('$.frames.file', frames.file),
      line: column('$.frames.line', frames.line),
      column: column('$.frames.column', frames.column),
      module: column('$.frames.module', frames.module),
      kind: translated(input, '$.frames.kind', frames.kind, '$.kinds', file.kinds, KINDS),
      tier: translated(input, '$.frames.tier', frames.tier, '$.tiers', file.tiers, TIERS),
    },
    stacks: { length: parent.length, parent, frame: column('$.stacks.frame', stacks.frame) },
    samples: {
      length: stack.length,
      stack,
      values: list(input, '$.samples.values', samples.values, (path, value) => weights(input, path, value)),
      ...(samples.time === undefined ? {} : { time: floats(input, '$.samples.time', samples.time) }),
      ...(samples.thread === undefined ? {} : { thread: column('$.samples.thread', samples.thread) }),
    },
    threads: list(input, '$.threads', file.threads, (path, value) => thread(input, path, value)),
    counters: list(input, '$.counters', file.counters, (path, value) => counter(input, path, value)),
    series: list(input, '$.series', file.series, (path, value) => series(input, path, value)),
    meta: meta(input, file.meta),
  };
}

function list<Row>(input: Input, path: string, value: unknown, row: (path: string, value: unknown) => Row): Row[] {
  const rows = jsonArray(input, path, value);
  const read: Row[] = new Array(rows.length);
  for (let i = 0; i < rows.length; i++) read[i] = row(`${path}[${i}]`, rows.at(i));
  return read;
}

function texts(input: Input, path: string, value: unknown): string[] {
  const rows = jsonArray(input, path, value);
  if (rows.length === 0) throw new FormatError(input, path, 'there is no text, not even the empty one');
  const read: string[] = new Array(rows.length);
  for (let i = 0; i < rows.length; i++) read[i] = jsonString(input, () => `${path}[${i}]`, rows.at(i));
  return read;
}

function integers(input: Input, path: string, value: unknown): Int32Array {
  const rows = jsonArray(input, path, value);
  const column = new Int32Array(rows.length);
  if (rows instanceof NumberList && rows.isWhole) rows.moveTo(column);
  else {
    const bad = fill(rows, column, isInteger);
    if (bad >= 0) throw wrongType(input, `${path}[${bad}]`, 'a whole number below 2^31', rows.at(bad));
  }
  return column;
}

function floats(input: Input, path: string, value: unknown): Float64Array {
  const rows = jsonArray(input, path, value);
  const column = new Float64Array(rows.length);
  if (rows instanceof NumberList && rows.isFinite) rows.moveTo(column);
  else {
    const bad = fill(rows, column, Number.isFinite);
    if (bad >= 0) throw wrongType(input, `${path}[${bad}]`, 'a number', rows.at(bad));
  }
  return column;
}

function weights(input: Input, path: string, value: unknown): WeightColumn {
  const rows = jsonArray(input, path, value);
  const column = new NarrowColumn();
  for (let i = 0; i < rows.length; i++) column.push(jsonNumber(input, () => `${path}[${i}]`, rows.at(i)));
  return column.toArray();
}

/** @returns the first row that does not fit, else -1 */
function fill(rows: JsonList, column: Int32Array | Float64Array, fits: (value: unknown) => boolean): number {
  for (let i = 0; i < rows.length; i++) {
    if (!fits(rows.at(i))) return i;
    column[i] = rows.at(i) as number;
  }
  return -1;
}

function isInteger(value: unknown): boolean {
  return typeof value === 'number' && (value | 0) === value;
}

/** A column of indexes into the file's own list of names, as indexes into ours. A name that is new to us becomes 0. */
function translated(
  input: Input,
  path: string,
  value: unknown,
  namesPath: string,
  names: unknown,
  known: readonly string[],
): Uint8Array {
  const indexes = list(input, namesPath, names, (at, name) => Math.max(0, known.indexOf(jsonString(input, at, name))));
  const column = integers(input, path, value);
  const result = new Uint8Array(column.length);
  for (let i = 0; i < column.length; i++) {
    const index = indexes[column[i]!];
    if (index === undefined) throw new FormatError(input, `${path}[${i}]`, `${column[i]} is not in ${namesPath}`);
    result[i] = index;
  }
  return result;
}

function thread(input: Input, path: string, value: unknown): Thread {
  const { pid, tid, process, name } = jsonObject(input, path, value);
  return {
    pid: jsonNumber(input, `${path}.pid`, pid),
    tid: jsonNumber(input, `${path}.tid`, tid),
    process: jsonString(input, `${path}.process`, process),
    name: jsonString(input, `${path}.name`, name),
  };
}

function counter(input: Input, path: string, value: unknown): Counter {
  const row = jsonObject(input, path, value);
  if (typeof row.supported !== 'boolean') throw wrongType(input, `${path}.supported`, 'true or false', row.supported);
  return {
    name: jsonString(input, `${path}.name`, row.name),
    unit: jsonString(input, `${path}.unit`, row.unit),
    value: jsonNumber(input, `${path}.value`, row.value),
    ...optional(input, path, row, 'variance', jsonNumber),
    ...optional(input, path, row, 'runs', jsonNumber),
    ...optional(input, path, row, 'percentRunning', jsonNumber),
    supported: row.supported,
  };
}

function series(input: Input, path: string, value: unknown): Series {
  const row = jsonObject(input, path, value);
  return {
    name: jsonString(input, `${path}.name`, row.name),
    unit: jsonString(input, `${path}.unit`, row.unit),
    ...(row.timeUnit === undefined ? {} : { timeUnit: jsonString(input, `${path}.timeUnit`, row.timeUnit) }),
    time: floats(input, `${path}.time`, row.time),
    value: floats(input, `${path}.value`, row.value),
  };
}

function meta(input: Input, value: unknown): Meta {
  const path = '$.meta';
  const row = jsonObject(input, path, value);
  const words = (name: string) => list(input, `${path}.${name}`, row[name], (at, word) => jsonString(input, at, word));
  return {
    ...optional(input, path, row, 'tool', jsonString),
    ...optional(input, path, row, 'format', jsonString),
    ...(row.command === undefined ? {} : { command: words('command') }),
    ...optional(input, path, row, 'startTime', jsonNumber),
    ...optional(input, path, row, 'duration', jsonNumber),
    ...optional(input, path, row, 'sampleInterval', jsonNumber),
    ...optional(input, path, row, 'host', jsonString),
    notes: words('notes'),
  };
}

/** `{ key: value }` where the row has the key, else nothing. */
function optional<Key extends string, Value>(
  input: Input,
  path: string,
  row: JsonObject,
  key: Key,
  read: (input: Input, path: string, value: unknown) => Value,
): Partial<Record<Key, Value>> {
  return row[key] === undefined ? {} : ({ [key]: read(input, `${path}.${key}`, row[key]) } as Record<Key, Value>);
}
