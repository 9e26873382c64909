import { labelRanks, rankAppended } from './label-ranks.ts';
import { type FrameTable, KINDS, type Profile, type StackTable, type Thread, TIERS } from './profile.ts';
import { RootedStacks } from './rooted-stacks.ts';

/** What the root frame of a sample says: `my app` (for people), `my_app`, `my_app-12`, `my_app-12/13` (for tools). */
export type ThreadMode = 'name' | 'comm' | 'pid' | 'tid';

/**
 * Puts the sample's thread under each stack as a root frame, as stackcollapse-perf.pl does by default and with `--pid`
 * and `--tid`: blanks in the name become `_` (but for mode `name`), an unknown id is `?`. A nameless thread goes by its
 * process's name, else `[unknown]`. Samples without a thread are unchanged; a sample without a stack becomes the root
 * frame alone.
 */
export function rootByThread(profile: Profile, mode: ThreadMode): Profile {
  const { samples, stacks } = profile;
  if (!samples.thread) return profile;
  const { strings, frames, frameOf: rootOf } = withBareFrames(profile, rootNames(profile, mode));

  const only = onlyRoot(samples.thread, rootOf);
  if (only !== undefined) {
    const { stacks: moved, stack } = below(only, profile);
    return { ...profile, strings, frames, stacks: moved, samples: { ...samples, stack } };
  }

  const rooted = new RootedStacks(stacks);
  const stack = samples.stack.slice();
  const { order, groups } = samplesByRoot(samples.thread, rootOf, labelRanks({ strings, frames }));
  for (const { root, from, to } of groups) rooted.add(root, order.subarray(from, to), stack);
  return { ...profile, strings, frames, stacks: rooted.table(), samples: { ...samples, stack } };
}

/** Forgets the threads: those that are root frames already must not become such once more. */
export function withoutThreads(profile: Profile): Profile {
  const { thread: _, ...samples } = profile.samples;
  return { ...profile, samples, threads: [] };
}

/** All stacks moved one up, below a single root. */
function below(root: number, { stacks, samples }: Profile): { stacks: StackTable; stack: Int32Array } {
  const length = stacks.length + 1;
  const parent = new Int32Array(length);
  const frame = new Int32Array(length);
  parent[0] = -1;
  frame[0] = root;
  frame.set(stacks.frame, 1);
  for (let i = 0; i < stacks.length; i++) parent[i + 1] = stacks.parent[i]! + 1;
  return { stacks: { length, parent, frame }, stack: samples.stack.map((at) => at + 1) };
}

/** The only root frame that the samples have; undefined where they have several, or some have none. */
function onlyRoot(thread: Int32Array, rootOf: Int32Array): number | undefined {
  const root = thread.length === 0 || thread[0]! < 0 ? -1 : rootOf[thread[0]!]!;
  for (let i = 0; i < thread.length; i++) if (thread[i]! < 0 || rootOf[thread[i]!] !== root) return undefined;
  return root < 0 ? undefined : root;
}

/** The text of a thread's root frame. */
export function rootName(thread: Thread, mode: ThreadMode): string {
  const plain = thread.name || thread.process || '[unknown]';
  if (mode === 'name') return plain;
  const name = plain.replaceAll(' ', '_');
  if (mode === 'comm') return name;
  return mode === 'pid' ? `${name}-${id(thread.pid)}` : `${name}-${id(thread.pid)}/${id(thread.tid)}`;
}

function id(number: number): string {
  return number < 0 ? '?' : String(number);
}

/** The names of the root frames of a profile's threads. */
export function rootNames(profile: Profile, mode: ThreadMode): string[] {
  return profile.threads.map((thread) => rootName(thread, mode));
}

/**
 * The profile's strings and frames with one more frame for each name that is none yet.
 * @param names of frames of which nothing else is known
 * @returns also the frame of each name
 */
export function withBareFrames(profile: Pick<Profile, 'strings' | 'frames'>, names: readonly string[]) {
  const strings = profile.strings.slice();
  const stringIndex = new Map(strings.map((text, i) => [text, i]));
  const frameOfName = bareFrames(profile);
  const added: number[] = [];
  const frameOf = Int32Array.from(names, (text) => {
    let name = stringIndex.get(text);
    if (name === undefined) {
      name = strings.push(text) - 1;
      stringIndex.set(text, name);
    }
    let frame = frameOfName.get(text);
    if (frame === undefined) {
      frame = profile.frames.length + added.push(name) - 1;
      frameOfName.set(text, frame);
    }
    return frame;
  });
  const frames = appendBare(profile.frames, added);
  rankAppended(profile.frames, { strings, frames });
  return { strings, frames, frameOf };
}

const unknown = KINDS.indexOf('unknown');
const noTier = TIERS.indexOf('none');

/** The frames of which nothing is known but the name, by name: a root frame that is among them is not stored again. */
function bareFrames({ frames, strings }: Pick<Profile, 'strings' | 'frames'>): Map<string, number> {
  const found = new Map<string, number>();
  for (let i = 0; i < frames.length; i++) {
    const words = frames.file[i]! + frames.line[i]! + frames.column[i]! + frames.module[i]!;
    if (words === 0 && frames.kind[i] === unknown && frames.tier[i] === noTier) found.set(strings[frames.name[i]!]!, i);
  }
  return found;
}

function appendBare(frames: FrameTable, names: readonly number[]): FrameTable {
  const length = frames.length + names.length;
  const name = longer(frames.name, length);
  name.set(names, frames.length);
  const kind = new Uint8Array(length).fill(unknown);
  kind.set(frames.kind);
  const tier = new Uint8Array(length).fill(noTier);
  tier.set(frames.tier);
  return {
    length,
    name,
    file: longer(frames.file, length),
    line: longer(frames.line, length),
    column: longer(frames.column, length),
    module: longer(frames.module, length),
    kind,
    tier,
  };
}

/** A copy that ends in zeros: unknown. */
function longer(column: Int32Array, length: number): Int32Array {
  const copy = new Int32Array(length);
  copy.set(column);
  return copy;
}

/** The samples' rows, those with one root frame together, in the order of the roots' labels; without a thread first. */
function samplesByRoot(thread: Int32Array, rootOf: Int32Array, rank: Int32Array) {
  const roots = [-1, ...new Set(rootOf)].sort((a, b) => (rank[a] ?? -1) - (rank[b] ?? -1));
  const place = new Map(roots.map((root, i) => [root, i]));
  const placeOf = Int32Array.from(rootOf, (root) => place.get(root)!);
  const end = new Int32Array(roots.length + 1);
  for (let i = 0; i < thread.length; i++) end[(thread[i]! < 0 ? 0 : placeOf[thread[i]!]!) + 1]!++;
  for (let i = 1; i < end.length; i++) end[i]! += end[i - 1]!;
  const groups = roots.map((root, i) => ({ root, from: end[i]!, to: end[i + 1]! })).filter(({ from, to }) => from < to);
  const order = new Int32Array(thread.length);
  for (let i = 0; i < thread.length; i++) order[end[thread[i]! < 0 ? 0 : placeOf[thread[i]!]!]!++] = i;
  return { order, groups };
}
