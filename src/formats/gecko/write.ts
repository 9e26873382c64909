import { defaultValueIndex, KINDS, type Kind, type Profile, type Thread } from '../../profile/profile.ts';
import { jsonColumn, jsonTable } from '../json-stream/column.ts';
import * as leftOut from '../left-out.ts';
import { samplesByThread, type ThreadSamples } from '../samples/by-thread.ts';
import { speedscopeUnits } from '../speedscope/units.ts';

/** The first version whose tables are shared by all threads, as ours are; the viewer upgrades it to its own. */
const VERSION = 60;
const DEFAULT_INTERVAL = 1e6;

/** Colours that the viewer knows; the first grey one is its default category. */
const colors: Readonly<Record<Kind, string>> = {
  unknown: 'grey',
  app: 'yellow',
  dependency: 'orange',
  runtime: 'green',
  native: 'blue',
  kernel: 'lightred',
  jit: 'magenta',
  gc: 'brown',
  inlined: 'lightblue',
  builtin: 'darkgrey',
  wasm: 'purple',
};
const scripts: readonly Kind[] = ['app', 'dependency', 'runtime', 'builtin', 'wasm'];

/**
 * Writes the default weight as a processed profile that profiler.firefox.com opens: threads with times (bytes as what was
 * allocated), kinds as categories, modules as libraries. Samples without times are laid one after the other. The names of thread and value
 * type stay in `pforgeProf`. Tiers, counters, series and further value types have no place in the format.
 */
export function* writeGecko(profile: Profile): Iterable<string> {
  const { strings, stacks, meta } = profile;
  const valueType = profile.valueTypes[defaultValueIndex(profile)]!;
  const interval = (meta.sampleInterval ?? DEFAULT_INTERVAL) / 1e6;
  const modules = new Map<number, number>();
  for (const module of profile.frames.module) if (module > 0 && !modules.has(module)) modules.set(module, modules.size);
  const head = {
    meta: {
      interval,
      startTime: meta.startTime ?? 0,
      processType: 0,
      product: 'pforge-prof',
      stackwalk: 1,
      debug: false,
      version: 24,
      preprocessedProfileVersion: VERSION,
      symbolicated: true,
      sourceCodeIsNotOnSearchfox: true,
      usesOnlyOneStackType: true,
      categories: KINDS.map((name) => ({ name, color: colors[name], subcategories: ['Other'] })),
      markerSchema: [],
      extensions: { length: 0, baseURL: [], id: [], name: [] },
      sampleUnits: { time: 'ms', eventDelay: 'ms', threadCPUDelta: 'ns' },
      pforgeProf: { ...valueType, timed: profile.samples.time !== undefined },
    },
    libs: Array.from(modules.keys(), (module) => library(strings[module]!)),
    pages: [],
    counters: [],
    profilerOverhead: [],
  };
  yield `${JSON.stringify(head).slice(0, -1)},\n"shared":{"stringArray":`;
  yield* jsonColumn(strings.length, (i) => strings[i]!);
  yield ',\n"stackTable":';
  yield* jsonTable(stacks.length, {
    frame: (i) => stacks.frame[i]!,
    prefix: (i) => (stacks.parent[i]! < 0 ? null : stacks.parent[i]!),
  });
  yield* frameTables(profile, modules);
  yield '},\n"threads":[';
  const threads = samplesByThread(profile);
  if (threads.length === 0) threads.push({ thread: -1, rows: new Int32Array(0) });
  for (let i = 0; i < threads.length; i++) {
    yield i > 0 ? ',\n' : '\n';
    yield* thread(profile, threads[i]!, interval);
  }
  yield ']}\n';
}

/** What a Firefox profile leaves out or changes: `Format.cannotHold`. */
export function geckoCannotHold(profile: Profile): string[] {
  const { type, unit } = profile.valueTypes[defaultValueIndex(profile)]!;
  const notes = leftOut.leftOutNotes('Firefox profiles', [
    leftOut.furtherTypes(profile),
    leftOut.tiers(profile, leftOut.usedFrames(profile)),
    leftOut.counters(profile),
    leftOut.series(profile),
    leftOut.origin(profile, 'startTime'),
  ]);
  if (weightTypeOf(unit) === 'samples' && !(type === 'samples' && unit === 'count') && profile.samples.length > 0) {
    notes.push(`the Firefox Profiler has no unit for ${type} (${unit}): shown as samples`);
  }
  return notes;
}

function weightTypeOf(unit: string): string {
  if (unit === 'bytes') return 'bytes';
  return speedscopeUnits.get(unit)?.valueType.unit === 'nanoseconds' ? 'tracing-ms' : 'samples';
}

function library(path: string): object {
  const name = path.slice(path.lastIndexOf('/') + 1) || path;
  return { arch: '', name, path, debugName: name, debugPath: path, breakpadId: '', codeId: null };
}

/** One function for frames that differ in kind and tier only: the viewer tells functions, not frames, apart. */
function* frameTables({ frames }: Profile, modules: ReadonlyMap<number, number>): Iterable<string> {
  const { name, file, line, column, module, kind } = frames;
  const rows: number[] = [];
  const known = new Map<string, number>();
  const func = Int32Array.from({ length: frames.length }, (_, i) => {
    const key = [name[i], file[i], line[i], column[i], module[i]].join();
    const found = known.get(key) ?? rows.push(i) - 1;
    known.set(key, found);
    return found;
  });
  const files = new Map<number, number>();
  for (const text of file) if (text > 0 && !files.has(text)) files.set(text, files.size);
  const filenames = [...files.keys()];
  const libs = [...modules.keys()];
  const nothing = () => null;
  const isScript = (i: number) => scripts.includes(KINDS[kind[rows[i]!]!]!);

  yield ',\n"frameTable":';
  yield* jsonTable(frames.length, {
    address: () => -1,
    inlineDepth: () => 0,
    category: (i) => kind[i]!,
    subcategory: () => 0,
    func: (i) => func[i]!,
    nativeSymbol: nothing,
    innerWindowID: nothing,
    line: (i) => line[i] || null,
    column: (i) => column[i] || null,
  });
  yield ',\n"funcTable":';
  yield* jsonTable(rows.length, {
    name: (i) => name[rows[i]!]!,
    isJS: isScript,
    relevantForJS: () => false,
    resource: (i) => modules.get(module[rows[i]!]!) ?? -1,
    source: (i) => files.get(file[rows[i]!]!) ?? null,
    lineNumber: (i) => line[rows[i]!] || null,
    columnNumber: (i) => column[rows[i]!] || null,
  });
  yield ',\n"resourceTable":';
  // 1: a library
  yield* jsonTable(libs.length, { lib: (i) => i, name: (i) => libs[i]!, host: nothing, type: () => 1 });
  yield ',\n"nativeSymbols":{"length":0,"address":[],"functionSize":[],"libIndex":[],"name":[]},\n"sources":';
  yield* jsonTable(filenames.length, { uuid: nothing, filename: (i) => filenames[i]! });
}

function* thread(profile: Profile, { thread: index, rows }: ThreadSamples, interval: number): Iterable<string> {
  const { samples, threads, valueTypes } = profile;
  const valueIndex = defaultValueIndex(profile);
  const unit = valueTypes[valueIndex]!.unit;
  const known = speedscopeUnits.get(unit);
  const isTime = known?.valueType.unit === 'nanoseconds';
  const weights = samples.values[valueIndex]!;
  const weight = (row: number) => (isTime ? (weights[row]! * known.scale) / 1e6 : weights[row]!);
  const { time } = samples;
  // The viewer expects times in order
  if (time) rows.sort((a, b) => time[a]! - time[b]! || a - b);
  let laid = 0;
  const at = time
    ? (i: number) => time[rows[i]!]! / 1e6
    : (i: number) => {
        const start = laid;
        laid += isTime ? weight(rows[i]!) : interval;
        return start;
      };
  const { pid, tid, process, name } = index < 0 ? nobody : threads[index]!;
  const head = {
    name: name || process || (index < 0 ? 'samples' : '[unknown]'),
    processName: process,
    processType: 'default',
    isMainThread: pid === tid,
    pid: String(Math.max(0, pid)),
    tid: Math.max(0, tid),
    registerTime: 0,
    unregisterTime: null,
    processStartupTime: 0,
    processShutdownTime: null,
    pausedRanges: [],
    markers: { length: 0, category: [], data: [], endTime: [], name: [], phase: [], startTime: [] },
    pforgeProf: index < 0 ? null : { pid, tid, process, thread: name },
  };
  const weightType = weightTypeOf(unit);
  // Bytes are allocations: the viewer has views of its own for them, and no timeline of samples that have no time
  const place = weightType === 'bytes' ? `${NO_SAMPLES},\n"nativeAllocations"` : '"samples"';
  yield `${JSON.stringify(head).slice(0, -1)},\n${place}:{"weightType":"${weightType}",`;
  const table = jsonTable(rows.length, {
    stack: (i) => (samples.stack[rows[i]!]! < 0 ? null : samples.stack[rows[i]!]!),
    time: at,
    weight: (i) => weight(rows[i]!),
  });
  let first = true;
  for (const piece of table) {
    yield first ? piece.slice(1) : piece;
    first = false;
  }
  yield '}';
}

const NO_SAMPLES = '"samples":{"weightType":"samples","stack":[],"time":[],"weight":null,"length":0}';
const nobody: Thread = { pid: -1, tid: -1, process: '', name: '' };
