import { PairInterner } from './columns.ts';
import { type FrameTable, KINDS, type Profile, type StackTable, type Thread, TIERS } from './profile.ts';
import { stackTable } from './restack.ts';

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
  const { strings, frames, rootOf } = addRoots(profile, mode);

  const only = onlyRoot(samples.thread, rootOf);
  if (only !== undefined) {
    const { stacks: moved, stack } = below(only, profile);
    return { ...profile, strings, frames, stacks: moved, samples: { ...samples, stack } };
  }

  const interner = new PairInterner();
  // The new stack of each old one, valid for the root whose stamp it bears: one table serves all roots in turn.
  const stackMap = new Int32Array(stacks.length);
  const stamp = new Int32Array(stacks.length).fill(-2);
  const stack = new Int32Array(samples.length);
  const path: number[] = [];
  for (const sample of sortedByRoot(samples.thread, rootOf, frames.length)) {
    const thread = samples.thread[sample]!;
    const root = thread < 0 ? -1 : rootOf[thread]!;
    let at = samples.stack[sample]!;
    for (; at >= 0 && stamp[at] !== root; at = stacks.parent[at]!) path.push(at);
    let mapped = at >= 0 ? stackMap[at]! : root < 0 ? -1 : interner.intern(-1, root);
    for (let next = path.pop(); next !== undefined; next = path.pop()) {
      mapped = interner.intern(mapped, stacks.frame[next]!);
      stackMap[next] = mapped;
      stamp[next] = root;
    }
    stack[sample] = mapped;
  }
  return { ...profile, strings, frames, stacks: stackTable(interner), samples: { ...samples, stack } };
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

/** The profile's strings and frames with one more frame for each root name that is no frame yet. */
function addRoots(profile: Profile, mode: ThreadMode) {
  const strings = profile.strings.slice();
  const stringIndex = new Map(strings.map((text, i) => [text, i]));
  const frameOfName = bareFrames(profile);
  const added: number[] = [];
  const rootOf = Int32Array.from(profile.threads, (thread) => {
    const text = rootName(thread, mode);
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
  return { strings, frames: appendBare(profile.frames, added), rootOf };
}

const unknown = KINDS.indexOf('unknown');
const noTier = TIERS.indexOf('none');

/** The frames of which nothing is known but the name, by name: a root frame that is among them is not stored again. */
function bareFrames({ frames, strings }: Profile): Map<string, number> {
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

/** The samples' rows, those with one root frame together (a counting sort). */
function sortedByRoot(thread: Int32Array, rootOf: Int32Array, frames: number): Int32Array {
  const end = new Int32Array(frames + 2);
  const keyOf = (sample: number) => (thread[sample]! < 0 ? 0 : rootOf[thread[sample]!]! + 1);
  for (let i = 0; i < thread.length; i++) end[keyOf(i) + 1]!++;
  for (let i = 1; i < end.length; i++) end[i]! += end[i - 1]!;
  const order = new Int32Array(thread.length);
  for (let i = 0; i < thread.length; i++) order[end[keyOf(i)]!++] = i;
  return order;
}
