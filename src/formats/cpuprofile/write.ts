import { defaultValueIndex, IDLE_COUNTER, type Profile, type WeightColumn } from '../../profile/profile.ts';
import { byNameAndPlace } from '../frames/by-name-and-place.ts';
import { bareFrame, callFrame, childrenOf } from '../frames/v8-call-frame.ts';
import { onlyThread } from '../json-stream/own-thread.ts';
import * as leftOut from '../left-out.ts';
import { cpuTimeline, microsPerUnit } from './timeline.ts';
import { cpuKind, IDLE, ROOT } from './tree.ts';

const BATCH = 4096;

/**
 * Writes the default weight as a `.cpuprofile` that DevTools, speedscope and VS Code open: one `(root)`, one node a
 * stack, lines and columns 0-based, a sample's time until the next one (see {@link cpuTimeline}). Nanoseconds become
 * whole microseconds without drift; a sample of another unit takes `sampleInterval`, or 1 ms, for `samples` and a
 * microsecond a unit for others. A profile of one thread keeps its names in `pforgeProf`.
 */
export function* writeCpuProfile(profile: Profile): Iterable<string> {
  const held = byNameAndPlace(profile);
  const { samples, stacks } = held;
  const timeline = cpuTimeline(profile);
  const idle = stacks.length + 2;
  const nodeOf = (row: number) => (row < 0 ? idle : samples.stack[row]! + 2);
  yield '{"nodes":[';
  yield* nodes(held, timeline.rows);
  yield `],"startTime":${timeline.start},"endTime":${timeline.end},"samples":[`;
  yield* numbers(timeline.rows.length, (i) => nodeOf(timeline.rows[i]!));
  yield '],"timeDeltas":[';
  yield* numbers(timeline.deltas.length, (i) => timeline.deltas[i]!);
  yield ']';
  const only = onlyThread(profile);
  if (only !== undefined) {
    const { pid, tid, process, name } = profile.threads[only]!;
    yield `,"pforgeProf":${JSON.stringify({ pid, tid, process, thread: name })}`;
  }
  yield '}\n';
}

/** What a `.cpuprofile` leaves out or changes: `Format.cannotHold`. */
export function cpuProfileCannotHold(profile: Profile): string[] {
  const { frames, strings, samples, counters, valueTypes, meta } = profile;
  const used = leftOut.usedFrames(profile);
  const { timed, start, end } = cpuTimeline(profile);
  const idleOnly = counters.length === 1 && counters[0]!.name === IDLE_COUNTER && counters[0]!.unit === 'nanoseconds';
  const lasted = timed && Math.abs((end - start) * 1000 - (meta.duration ?? 0)) <= 1000;
  const text = (index: number) => strings[index]!;
  const notes = leftOut.leftOutNotes('cpuprofile files', [
    timed ? undefined : leftOut.times(profile),
    onlyThread(profile) === undefined && leftOut.usedThreads(profile).length > 0 ? 'threads' : undefined,
    leftOut.furtherTypes(profile, true),
    leftOut.modules(profile, used),
    leftOut.kinds(profile, used, (i) => cpuKind(text(frames.name[i]!), text(frames.file[i]!))),
    leftOut.tiers(profile, used),
    leftOut.bareLines(profile, used),
    timed && idleOnly ? undefined : leftOut.counters(profile),
    leftOut.series(profile),
    leftOut.origin(profile, ...(lasted ? (['duration'] as const) : [])),
  ]);
  if (samples.length === 0) return notes;
  const main = defaultValueIndex(profile);
  const { type, unit } = valueTypes[main]!;
  const { micros, isTime, divisor } = microsPerUnit(profile);
  if (!isTime) {
    const units =
      micros < 1 ? `${Math.round(1 / micros)} units of ${type} (${unit}) are` : `a unit of ${type} (${unit}) is`;
    notes.push(`cpuprofile files know time only: ${units} written as ${Math.max(1, Math.round(micros))} µs`);
  } else if (divisor > 1) {
    notes.push(`cpuprofile files hold up to 104 days: all times are divided by ${divisor}`);
  }
  if (isTime && !/^(?:cpu|cpu-clock|task-clock)$/.test(type)) {
    notes.push(`cpuprofile files call all time CPU time: here it is ${type}`);
  }
  const isRounded = (column: WeightColumn, unitMicros: number) => column.some((value) => !isWhole(value * unitMicros));
  if (isRounded(samples.values[main]!, micros) || (timed && isRounded(samples.time!, 1e-3))) {
    notes.push('cpuprofile files hold whole microseconds: times are rounded');
  }
  const named = frames.name.some((name, i) => used[i] === 1 && text(name) === IDLE);
  if (named) notes.push(`a function called ${IDLE} counts as idle time in cpuprofile files`);
  return notes;
}

/** But for what multiplying may be wrong by. */
function isWhole(micros: number): boolean {
  return Math.abs(micros - Math.round(micros)) < 1e-6;
}

/** Node 1 is the root, stack i is node i + 2, the one after them is idle. */
function* nodes(profile: Profile, rows: Int32Array): Iterable<string> {
  const { stacks, samples } = profile;
  const { first, next } = childrenOf(stacks.parent);
  const hits = new Int32Array(stacks.length + 1);
  let idleHits = 0;
  for (let i = 0; i < rows.length; i++) {
    if (rows[i]! < 0) idleHits++;
    else hits[samples.stack[rows[i]!]! + 1]!++;
  }
  const idle = idleHits > 0 ? [stacks.length + 2] : [];
  const callFrames: string[] = [];
  let batch: string[] = [node(-1, JSON.stringify(bareFrame(ROOT)), idle)];
  for (let stack = 0; stack < stacks.length; stack++) {
    const frame = stacks.frame[stack]!;
    callFrames[frame] ??= JSON.stringify(callFrame(profile, frame));
    batch.push(`,\n${node(stack, callFrames[frame]!, [])}`);
    if (batch.length < BATCH) continue;
    yield batch.join('');
    batch = [];
  }
  yield batch.join('');
  if (idleHits > 0) {
    yield `,\n{"id":${idle[0]},"callFrame":${JSON.stringify(bareFrame(IDLE))},"hitCount":${idleHits}}`;
  }

  function node(stack: number, frame: string, more: readonly number[]): string {
    const ids: number[] = [];
    for (let child = first[stack + 1]!; child >= 0; child = next[child]!) ids.push(child + 2);
    ids.push(...more);
    const below = ids.length > 0 ? `,"children":[${ids.join(',')}]` : '';
    return `{"id":${stack + 2},"callFrame":${frame},"hitCount":${hits[stack + 1]!}${below}}`;
  }
}

function* numbers(length: number, at: (i: number) => number): Iterable<string> {
  for (let start = 0; start < length; start += BATCH) {
    const batch: number[] = [];
    for (let i = start; i < Math.min(length, start + BATCH); i++) batch.push(at(i));
    yield `${start === 0 ? '' : ','}${batch.join(',')}`;
  }
}
