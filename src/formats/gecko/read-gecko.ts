import { ProfileBuilder } from '../../profile/builder.ts';
import type { Meta, Profile } from '../../profile/profile.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { type JsonObject, jsonArray, jsonObject, jsonString, readJson } from '../json-stream/input.ts';
import { isList, type JsonList } from '../json-stream/list.ts';
import { distinctTypes, scaled, type WeightUnit } from '../samples/weight-units.ts';
import { eachGeckoSample, type GeckoWeights, geckoWeights, geckoWeightUnit, readGeckoThread } from './samples.ts';
import { geckoShape } from './shape.ts';
import { type GeckoNames, readGeckoStacks } from './stacks.ts';

interface Process {
  readonly path: string;
  readonly file: JsonObject;
}

/** All threads of all processes in the file. */
export async function readGecko(input: Input, notes: Notes): Promise<Profile> {
  const file = jsonObject(input, '$', await readJson(input, geckoShape));
  const wrapped = file.threads === undefined && file.profile !== undefined;
  const root = {
    path: wrapped ? '$.profile' : '$',
    file: wrapped ? jsonObject(input, '$.profile', file.profile) : file,
  };
  const meta = jsonObject(input, `${root.path}.meta`, root.file.meta);
  const own = meta.pforgeProf === undefined ? undefined : jsonObject(input, '$.meta.pforgeProf', meta.pforgeProf);
  const threads = processes(input, root).flatMap((process) =>
    each(jsonArray(input, `${process.path}.threads`, process.file.threads), (value, i) => {
      const path = `${process.path}.threads[${i}]`;
      const thread = jsonObject(input, path, value);
      const weights = geckoWeights(input, path, thread);
      return { process, path, thread, weights, unit: weightUnit(input, weights, own) };
    }),
  );
  if (threads.length === 0) throw new FormatError(input, `${root.path}.threads`, 'there is no thread');
  const types = distinctTypes(
    threads.map(({ unit }) => unit),
    threads[0]!.unit,
  );
  const builder = new ProfileBuilder(types);
  const units = meta.sampleUnits as JsonObject | null | undefined;
  const timed = own?.timed !== false && units?.time !== 'bytes';
  const shared = new Map<Process, Int32Array>();
  for (const { process, path, thread, weights, unit } of threads) {
    const stacks = stacksOf(input, process, path, thread, own !== undefined, builder, shared);
    const index = builderThread(builder, readGeckoThread(input, path, thread));
    const column = types.findIndex(
      ({ type, unit: word }) => type === unit.valueType.type && word === unit.valueType.unit,
    );
    const values = types.map(() => 0);
    eachGeckoSample(input, weights, stacks.length, (row, weight, time) => {
      values[column] = finite(input, weights.path, scaled(weight, unit));
      const nanos = timed && time !== undefined ? finite(input, weights.path, Math.round(time * 1e6)) : undefined;
      builder.sample(row < 0 ? -1 : stacks[row]!, values, nanos, index);
    });
  }
  noteLeftOut(threads, notes);
  return builder.build(readMeta(meta, notes));
}

function each<Row>(list: JsonList, row: (value: unknown, index: number) => Row): Row[] {
  return Array.from({ length: list.length }, (_, i) => row(list.at(i), i));
}

/** The file's process and those nested in it, in order. */
function processes(input: Input, root: Process): Process[] {
  const found = [root];
  for (let i = 0; i < found.length; i++) {
    const { path, file } = found[i]!;
    if (file.processes === undefined) continue;
    each(jsonArray(input, `${path}.processes`, file.processes), (value, k) => {
      const at = `${path}.processes[${k}]`;
      found.push({ path: at, file: jsonObject(input, at, value) });
    });
  }
  return found;
}

function weightUnit(input: Input, weights: GeckoWeights, own: JsonObject | undefined): WeightUnit {
  const unit = geckoWeightUnit(input, weights);
  if (own === undefined) return unit;
  const type = jsonString(input, '$.meta.pforgeProf.type', own.type);
  const word = jsonString(input, '$.meta.pforgeProf.unit', own.unit);
  const counted = unit.valueType.unit === 'count';
  return { ...unit, valueType: { type, unit: counted ? word : unit.valueType.unit } };
}

/** The stacks of a thread; those of a process that shares its tables are read once. */
function stacksOf(
  input: Input,
  process: Process,
  path: string,
  thread: JsonObject,
  own: boolean,
  builder: ProfileBuilder,
  shared: Map<Process, Int32Array>,
): Int32Array {
  const { file } = process;
  const tables = file.shared === undefined ? {} : jsonObject(input, `${process.path}.shared`, file.shared);
  const meta = jsonObject(input, `${process.path}.meta`, file.meta);
  const libs = thread.libs ?? file.libs ?? [];
  const names: GeckoNames = {
    own,
    libs: each(jsonArray(input, `${process.path}.libs`, libs), (lib, i) => {
      const { path: place, name } = jsonObject(input, `${process.path}.libs[${i}]`, lib);
      return typeof place === 'string' && place !== '' ? place : typeof name === 'string' ? name : '';
    }),
    categories: each(jsonArray(input, `${process.path}.meta.categories`, meta.categories ?? []), (category, i) => {
      const at = `${process.path}.meta.categories[${i}]`;
      return jsonString(input, `${at}.name`, jsonObject(input, at, category).name);
    }),
  };
  if (tables.stackTable === undefined) return readGeckoStacks(input, path, thread, tables, names, builder);
  let stacks = shared.get(process);
  if (!stacks) {
    stacks = readGeckoStacks(input, `${process.path}.shared`, tables, tables, names, builder);
    shared.set(process, stacks);
  }
  return stacks;
}

function builderThread(builder: ProfileBuilder, thread: ReturnType<typeof readGeckoThread>): number | undefined {
  return thread && builder.thread(thread);
}

function finite(input: Input, path: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw new FormatError(input, path, 'its weights or times are too big for a number');
}

function noteLeftOut(
  threads: readonly { readonly thread: JsonObject; readonly process: Process; readonly weights: GeckoWeights }[],
  notes: Notes,
): void {
  let markers = 0;
  let allocations = false;
  let counters = false;
  let cpu = false;
  for (const { thread, process, weights } of threads) {
    const table = thread.markers as { length?: unknown; data?: unknown } | null | undefined;
    if (isList(table?.data)) markers += table.data.length;
    const native = thread.nativeAllocations !== undefined && weights.table !== thread.nativeAllocations;
    allocations ||= thread.jsAllocations !== undefined || native;
    cpu ||= (thread.samples as JsonObject).threadCPUDelta !== undefined;
    counters ||= isList(process.file.counters) && process.file.counters.length > 0;
  }
  if (markers > 0) notes.add(`markers left out: ${markers}`);
  if (allocations) notes.add('allocations left out: only samples are read');
  if (cpu) notes.add('CPU time of samples (threadCPUDelta) left out: weights are as the viewer counts them');
  if (counters) notes.add('counters left out');
}

function readMeta(meta: JsonObject, notes: Notes): Meta {
  const { product, interval, startTime } = meta;
  return {
    ...(typeof product === 'string' && product !== '' ? { tool: product } : {}),
    ...(typeof startTime === 'number' && startTime > 0 ? { startTime } : {}),
    ...(typeof interval === 'number' && interval > 0 ? { sampleInterval: Math.round(interval * 1e6) } : {}),
    notes: notes.list,
  };
}
