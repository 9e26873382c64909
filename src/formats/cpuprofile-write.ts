import { pathToFileURL } from 'node:url';
import { defaultValueIndex, type Profile } from '../profile/profile.ts';
import { ROOT } from './cpuprofile-tree.ts';
import { ANONYMOUS } from './v8-names.ts';

/** How long a sample is drawn where its weight is no time and the profile does not say: 1 ms. */
const SAMPLE_MICROS = 1000;
const BATCH = 4096;

/**
 * Writes the default weight as a `.cpuprofile` that DevTools, speedscope and VS Code open: one `(root)`, one node a
 * stack, lines and columns 0-based, a sample's time until the next one. Nanoseconds become whole microseconds without
 * drift; a sample of another unit takes `sampleInterval`, or 1 ms, for `samples` and a microsecond a unit for others.
 * A profile of one thread keeps its names in `pforgeProf`.
 */
export function* writeCpuProfile(profile: Profile): Iterable<string> {
  yield '{"nodes":[';
  yield* nodes(profile);
  const { samples, threads } = profile;
  const valueIndex = defaultValueIndex(profile);
  const weights = samples.values[valueIndex]!;
  const unit = microsPerUnit(profile, valueIndex);
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i]!;
  yield `],"startTime":0,"endTime":${Math.round(total * unit)},"samples":[`;
  yield* numbers(samples.length, (i) => samples.stack[i]! + 2);
  yield '],"timeDeltas":[';
  let sum = 0;
  let written = 0;
  yield* numbers(samples.length, (i) => {
    sum += i === 0 ? 0 : weights[i - 1]!;
    const delta = Math.round(sum * unit) - written;
    written += delta;
    return delta;
  });
  yield ']';
  const only = threads.length === 1 ? threads[0]! : undefined;
  if (only) {
    const { pid, tid, process, name } = only;
    yield `,"pforgeProf":${JSON.stringify({ pid, tid, process, thread: name })}`;
  }
  yield '}\n';
}

function microsPerUnit(profile: Profile, valueIndex: number): number {
  const { type, unit } = profile.valueTypes[valueIndex]!;
  if (unit === 'nanoseconds') return 1e-3;
  if (unit === 'microseconds') return 1;
  if (unit === 'milliseconds') return 1000;
  if (type !== 'samples') return 1;
  return profile.meta.sampleInterval === undefined ? SAMPLE_MICROS : profile.meta.sampleInterval / 1000;
}

/** Node 1 is the root, stack i is node i + 2. */
function* nodes(profile: Profile): Iterable<string> {
  const { stacks, samples } = profile;
  const { first, next } = children(stacks.parent);
  const hits = new Int32Array(stacks.length + 1);
  for (let i = 0; i < samples.length; i++) hits[samples.stack[i]! + 1]!++;
  const root = { functionName: ROOT, scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
  let batch: string[] = [node(-1, root)];
  for (let stack = 0; stack < stacks.length; stack++) {
    batch.push(`,\n${node(stack, callFrame(profile, stacks.frame[stack]!))}`);
    if (batch.length < BATCH) continue;
    yield batch.join('');
    batch = [];
  }
  yield batch.join('');

  function node(stack: number, frame: object): string {
    const ids: number[] = [];
    for (let child = first[stack + 1]!; child >= 0; child = next[child]!) ids.push(child + 2);
    const below = ids.length > 0 ? `,"children":[${ids.join(',')}]` : '';
    return `{"id":${stack + 2},"callFrame":${JSON.stringify(frame)},"hitCount":${hits[stack + 1]!}${below}}`;
  }
}

/** Linked lists of the stacks below each stack, in ascending order; row 0 of `first` holds the roots. */
function children(parent: Int32Array): { first: Int32Array; next: Int32Array } {
  const first = new Int32Array(parent.length + 1).fill(-1);
  const next = new Int32Array(parent.length);
  for (let stack = parent.length - 1; stack >= 0; stack--) {
    next[stack] = first[parent[stack]! + 1]!;
    first[parent[stack]! + 1] = stack;
  }
  return { first, next };
}

function callFrame(profile: Profile, frame: number): object {
  const { frames, strings } = profile;
  const name = strings[frames.name[frame]!]!;
  const file = strings[frames.file[frame]!]!;
  return {
    functionName: name === ANONYMOUS ? '' : name,
    scriptId: String(frames.file[frame]!),
    url: file.startsWith('/') ? pathToFileURL(file).href : file,
    lineNumber: frames.line[frame]! - 1,
    columnNumber: frames.column[frame]! - 1,
  };
}

function* numbers(length: number, at: (i: number) => number): Iterable<string> {
  for (let start = 0; start < length; start += BATCH) {
    const batch: number[] = [];
    for (let i = start; i < Math.min(length, start + BATCH); i++) batch.push(at(i));
    yield `${start === 0 ? '' : ','}${batch.join(',')}`;
  }
}
