import { defaultValueIndex, type Profile } from '../../profile/profile.ts';
import { bareFrame, callFrame, childrenOf, type V8CallFrame } from '../frames/v8-call-frame.ts';
import { onlyThread } from '../json-stream/own-thread.ts';
import * as leftOut from '../left-out.ts';
import { heapKind } from './kinds.ts';

const ROOT = '(root)';
const BATCH = 4096;
/** Single samples, of which DevTools only needs the sum. */
const MOST_SAMPLES = 1e7;

/**
 * Writes the default weight as a `.heapprofile` that DevTools and VS Code open: a tree of callers below `(root)`, and where
 * the profile counts samples, each of them with its share of the bytes. Whether that is all that was allocated or what was
 * in use stands in `pforgeProf`, and whose it is where all samples are of one thread.
 */
export function* writeHeapProfile(profile: Profile): Iterable<string> {
  const self = sums(profile, defaultValueIndex(profile));
  const column = countColumn(profile);
  yield '{"head":';
  yield* tree(profile, self);
  if (column !== undefined) {
    yield ',\n"samples":[';
    yield* singles(self, sums(profile, column));
    yield ']';
  }
  const only = onlyThread(profile);
  const { pid, tid, process, name } = only === undefined ? nobody : profile.threads[only]!;
  const whose = only === undefined ? {} : { pid, tid, process, thread: name };
  yield `,\n"pforgeProf":${JSON.stringify({ ...whose, live: typeOf(profile) !== 'alloc_space bytes' })}}\n`;
}

const nobody = { pid: -1, tid: -1, process: '', name: '' };

/** What a `.heapprofile` leaves out or changes: `Format.cannotHold`. */
export function heapProfileCannotHold(profile: Profile): string[] {
  const { frames, strings, samples } = profile;
  const used = leftOut.usedFrames(profile);
  const text = (index: number) => strings[index]!;
  const counted = countColumn(profile);
  const others = profile.valueTypes.filter((_, i) => i !== counted);
  const values = samples.values.filter((_, i) => i !== counted);
  const notes = leftOut.leftOutNotes('heap profiles', [
    leftOut.times(profile),
    onlyThread(profile) === undefined && leftOut.usedThreads(profile).length > 0 ? 'threads' : undefined,
    leftOut.furtherTypes({ ...profile, valueTypes: others, samples: { ...samples, values } }),
    leftOut.modules(profile, used),
    leftOut.kinds(profile, used, (i) => {
      const frame = heapCallFrame(profile, i);
      return heapKind(frame.functionName, text(frames.file[i]!), frame.scriptId !== '0');
    }),
    leftOut.tiers(profile, used),
    leftOut.bareLines(profile, used),
    leftOut.counters(profile),
    leftOut.series(profile),
    leftOut.origin(profile),
  ]);
  if (samples.length > 0 && !/^(?:alloc|inuse)_space bytes$/.test(typeOf(profile))) {
    const { type, unit } = profile.valueTypes[defaultValueIndex(profile)]!;
    notes.push(`heap profiles know bytes only: here each stands for one of ${type} (${unit})`);
  }
  return notes;
}

function typeOf(profile: Profile): string {
  const { type, unit } = profile.valueTypes[defaultValueIndex(profile)]!;
  return `${type} ${unit}`;
}

/** The value type that counts samples, where they can be written one by one; not the default one. */
function countColumn(profile: Profile): number | undefined {
  const { valueTypes, samples } = profile;
  const found = valueTypes.findIndex(({ type, unit }) => type === 'samples' && unit === 'count');
  if (found < 0 || found === defaultValueIndex(profile)) return undefined;
  const weights = samples.values[defaultValueIndex(profile)]!;
  let total = 0;
  for (let i = 0; i < samples.length; i++) {
    const count = samples.values[found]![i]!;
    if (!Number.isInteger(count) || (count > 0 && weights[i] === 0)) return undefined;
    total += count;
  }
  return total > 0 && total <= MOST_SAMPLES ? found : undefined;
}

/** By stack; row 0 is what has none. */
function sums({ samples, stacks }: Profile, column: number): Float64Array {
  const found = new Float64Array(stacks.length + 1);
  const values = samples.values[column]!;
  for (let i = 0; i < samples.length; i++) found[samples.stack[i]! + 1]! += values[i]!;
  return found;
}

/** Node 1 is the root, stack i is node i + 2. */
function* tree(profile: Profile, self: Float64Array): Iterable<string> {
  const { stacks } = profile;
  const { first, next } = childrenOf(stacks.parent);
  const callFrames: string[] = [];
  const open = [-1];
  const frameOf = (stack: number): string => {
    if (stack < 0) return JSON.stringify(bareFrame(ROOT));
    const frame = stacks.frame[stack]!;
    callFrames[frame] ??= JSON.stringify(heapCallFrame(profile, frame));
    return callFrames[frame]!;
  };
  const begin = (stack: number): string =>
    `{"callFrame":${frameOf(stack)},"selfSize":${self[stack + 1]},"id":${stack + 2},"children":[`;
  let batch = [begin(-1)];
  let below = first[0]!;
  // Depth is data: an open node is a row of `open`
  while (open.length > 0) {
    if (below >= 0) {
      batch.push(begin(below));
      open.push(below);
      below = first[below + 1]!;
    } else {
      const closed = open.pop()!;
      below = closed < 0 ? -1 : next[closed]!;
      batch.push(below < 0 ? ']}' : ']},\n');
    }
    if (batch.length < BATCH) continue;
    yield batch.join('');
    batch = [];
  }
  yield batch.join('');
}

/** V8 gives each sample a number, by time, and the bytes that it stands for. */
function* singles(self: Float64Array, counts: Float64Array): Iterable<string> {
  let ordinal = 0;
  let batch: string[] = [];
  for (let row = 0; row < counts.length; row++) {
    const count = counts[row]!;
    const share = Math.floor(self[row]! / count);
    for (let i = 0; i < count; i++) {
      const size = i === 0 ? self[row]! - share * (count - 1) : share;
      batch.push(`${ordinal === 0 ? '' : ',\n'}{"size":${size},"nodeId":${row + 1},"ordinal":${++ordinal}}`);
      if (batch.length < BATCH) continue;
      yield batch.join('');
      batch = [];
    }
  }
  yield batch.join('');
}

/** What has no file is built in; or it had a script once, and nobody knows what it was. */
function heapCallFrame(profile: Profile, frame: number): V8CallFrame {
  const words = callFrame(profile, frame);
  return words.url === '' && profile.frames.kind[frame] === 0 ? { ...words, scriptId: '1' } : words;
}
