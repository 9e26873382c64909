import { defaultValueIndex, type Profile, type Thread } from '../../profile/profile.ts';
import { byNameAndPlace } from '../frames/by-name-and-place.ts';
import { guessedKind } from '../frames/guessed-kind.ts';
import { jsonColumn } from '../json-stream/column.ts';
import * as leftOut from '../left-out.ts';
import { samplesByThread, type ThreadSamples } from '../samples/by-thread.ts';
import { speedscopeUnit } from './units.ts';

/**
 * Writes the default weight as a speedscope file: one sampled profile a thread. Units that speedscope does not know
 * become `none`. The names of thread and value type stay in `pforgeProf`. Modules, kinds, tiers, times between samples
 * and further value types have no place in the format.
 */
export function* writeSpeedscope(whole: Profile): Iterable<string> {
  // speedscope takes each row of its frame table for a function of its own
  const profile = byNameAndPlace(whole);
  const valueType = profile.valueTypes[defaultValueIndex(profile)]!;
  const head = {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    exporter: 'pforge-prof',
    ...(profile.meta.command ? { name: profile.meta.command.join(' ') } : {}),
    activeProfileIndex: 0,
    pforgeProf: valueType,
  };
  yield `${JSON.stringify(head).slice(0, -1)},\n"shared":{"frames":`;
  yield* jsonColumn(profile.frames.length, (i) => frame(profile, i));
  yield '},\n"profiles":[';
  const threads = samplesByThread(profile);
  if (threads.length === 0) threads.push({ thread: -1, rows: new Int32Array(0) });
  for (let i = 0; i < threads.length; i++) {
    yield i > 0 ? ',\n' : '\n';
    yield* sampled(profile, threads[i]!);
  }
  yield ']}\n';
}

/** What a speedscope file leaves out or changes: `Format.cannotHold`. */
export function speedscopeCannotHold(profile: Profile): string[] {
  const { frames, strings, samples, valueTypes } = profile;
  const used = leftOut.usedFrames(profile);
  const notes = leftOut.leftOutNotes('speedscope files', [
    leftOut.times(profile),
    leftOut.furtherTypes(profile),
    leftOut.modules(profile, used),
    leftOut.kinds(profile, used, (i) => guessedKind(strings[frames.name[i]!]!, strings[frames.file[i]!]!, '')),
    leftOut.tiers(profile, used),
    leftOut.counters(profile),
    leftOut.series(profile),
    leftOut.origin(profile, 'command'),
  ]);
  const main = valueTypes[defaultValueIndex(profile)]!;
  if (speedscopeUnit(main) === 'none' && !(main.type === 'samples' && main.unit === 'count') && samples.length > 0) {
    notes.push(`speedscope has no unit for ${main.type} (${main.unit}): shown as plain numbers`);
  }
  return notes;
}

function frame({ frames, strings }: Profile, i: number): object {
  const name = strings[frames.name[i]!]!;
  const file = strings[frames.file[i]!]!;
  return {
    name: name || (file === '' ? '[unknown]' : '(anonymous)'),
    ...(file === '' ? {} : { file }),
    ...(frames.line[i]! > 0 ? { line: frames.line[i]! } : {}),
    ...(frames.column[i]! > 0 ? { col: frames.column[i]! } : {}),
  };
}

function* sampled(profile: Profile, { thread, rows }: ThreadSamples): Iterable<string> {
  const { stacks, samples, threads, valueTypes } = profile;
  const valueIndex = defaultValueIndex(profile);
  const weights = samples.values[valueIndex]!;
  let total = 0;
  for (const row of rows) total += weights[row]!;
  const known = thread < 0 ? undefined : threads[thread]!;
  const head = {
    type: 'sampled',
    name: known ? threadTitle(known) : 'samples',
    unit: speedscopeUnit(valueTypes[valueIndex]!),
    startValue: 0,
    endValue: total,
    pforgeProf: known ? { pid: known.pid, tid: known.tid, process: known.process, thread: known.name } : null,
  };
  yield `${JSON.stringify(head).slice(0, -1)},\n"samples":`;
  // One at a time: thousands of deep stacks would be more than a string can hold
  let separator = '[';
  for (const row of rows) {
    const path: number[] = [];
    for (let stack = samples.stack[row]!; stack >= 0; stack = stacks.parent[stack]!) path.push(stacks.frame[stack]!);
    yield `${separator}[${path.reverse().join(',')}]`;
    separator = ',';
  }
  yield separator === '[' ? '[]' : ']';
  yield ',\n"weights":';
  yield* jsonColumn(rows.length, (i) => weights[rows[i]!]!);
  yield '}';
}

function threadTitle({ pid, tid, process, name }: Thread): string {
  const title = name || process || '[unknown]';
  return tid < 0 ? title : `${title} ${pid < 0 ? '' : `${pid}/`}${tid}`;
}
