import type { Thread } from '../../profile/profile.ts';
import { FormatError, type Input } from '../format.ts';
import { type JsonObject, jsonNumber, jsonObject, jsonString } from '../json-stream/input.ts';
import type { WeightUnit } from '../samples/weight-units.ts';
import { type GeckoTable, geckoIndex, geckoTable } from './table.ts';

/** `WeightType` of the Firefox profiler's types/profile.ts. */
const weightTypes: ReadonlyMap<string, WeightUnit> = new Map([
  ['samples', { valueType: { type: 'samples', unit: 'count' }, scale: 1 }],
  ['tracing-ms', { valueType: { type: 'time', unit: 'nanoseconds' }, scale: 1e6 }],
  ['bytes', { valueType: { type: 'space', unit: 'bytes' }, scale: 1 }],
]);

/** Where a thread's weights stand. */
export interface GeckoWeights {
  readonly path: string;
  readonly table: JsonObject;
}

/** The samples of a thread; where it has none, what it allocated: so are memory profiles. */
export function geckoWeights(input: Input, path: string, thread: JsonObject): GeckoWeights {
  const samples = { path: `${path}.samples`, table: jsonObject(input, `${path}.samples`, thread.samples) };
  if (thread.nativeAllocations === undefined || thread.nativeAllocations === null) return samples;
  if (geckoTable(input, samples.path, samples.table, 'stack').length > 0) return samples;
  const at = `${path}.nativeAllocations`;
  return { path: at, table: jsonObject(input, at, thread.nativeAllocations) };
}

/** What the samples of a thread weigh. */
export function geckoWeightUnit(input: Input, { path, table }: GeckoWeights): WeightUnit {
  const { weightType } = table;
  const name = weightType === undefined || weightType === null ? 'samples' : weightType;
  const unit = weightTypes.get(jsonString(input, `${path}.weightType`, name));
  if (unit) return unit;
  const hint = `known are ${[...weightTypes.keys()].join(', ')}`;
  throw new FormatError(input, `${path}.weightType`, `'${name}' is not known`, hint);
}

/**
 * Calls `sample` with each sample's row of the stack table (-1 = none), weight in the file's unit and time in
 * milliseconds, where there is one.
 * @param stacks how many rows the stack table has
 * @throws {FormatError} a wrong type, a stack that does not exist, a negative weight
 */
export function eachGeckoSample(
  input: Input,
  { path, table }: GeckoWeights,
  stacks: number,
  sample: (stack: number, weight: number, time: number | undefined) => void,
): void {
  const rows = geckoTable(input, path, table, 'stack');
  let now = 0;
  for (let row = 0; row < rows.length; row++) {
    const stack = geckoIndex(input, rows, 'stack', row, stacks);
    const weight = number(input, rows, 'weight', row) ?? 1;
    if (weight < 0) {
      const hint = 'a comparison of two profiles cannot be read: read both';
      throw new FormatError(input, rows.at('weight', row), `${weight} is negative`, hint);
    }
    const delta = number(input, rows, 'timeDeltas', row);
    now += delta ?? 0;
    sample(stack, weight, delta === undefined ? number(input, rows, 'time', row) : now);
  }
}

function number(input: Input, rows: GeckoTable, column: string, row: number): number | undefined {
  const value = rows.cell(column, row);
  return value === undefined || value === null ? undefined : jsonNumber(input, () => rows.at(column, row), value);
}

/** Our own files say which thread it is (null = none); in others pid and tid are numbers or texts that start with one. */
export function readGeckoThread(input: Input, path: string, thread: JsonObject): Thread | undefined {
  const own = thread.pforgeProf;
  if (own === null) return undefined;
  if (own !== undefined) {
    const words = jsonObject(input, `${path}.pforgeProf`, own);
    return {
      pid: jsonNumber(input, `${path}.pforgeProf.pid`, words.pid),
      tid: jsonNumber(input, `${path}.pforgeProf.tid`, words.tid),
      process: jsonString(input, `${path}.pforgeProf.process`, words.process),
      name: jsonString(input, `${path}.pforgeProf.thread`, words.thread),
    };
  }
  const text = (key: string) => (typeof thread[key] === 'string' ? thread[key] : '');
  return {
    pid: id(thread.pid),
    tid: id(thread.tid),
    process: text('processName') || text('processType'),
    name: text('name'),
  };
}

function id(value: unknown): number {
  const found = Number(typeof value === 'string' ? (/^\d{1,15}/.exec(value)?.[0] ?? -1) : value);
  return Number.isSafeInteger(found) && found >= 0 ? found : -1;
}
