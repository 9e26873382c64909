import { type FrameWords, ProfileBuilder } from '../../profile/builder.ts';
import { Int32Column } from '../../profile/columns.ts';
import type { Profile, Thread } from '../../profile/profile.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { CallFrames } from '../frames/call-frames.ts';
import { ANONYMOUS, scriptFile } from '../frames/v8-names.ts';
import { type JsonObject, jsonArray, jsonNumber, jsonObject, jsonString, readJson } from '../json-stream/input.ts';
import { NumberList } from '../json-stream/list.ts';
import { type NestedNodes, nestedShape } from '../json-stream/nested-nodes.ts';
import { ownThread } from '../json-stream/own-thread.ts';
import { ALL, members } from '../json-stream/shape.ts';
import { heapKind } from './kinds.ts';

/** What of the allocations that V8 sampled was in use. */
export async function readHeapProfile(input: Input, notes: Notes): Promise<Profile> {
  const counts = new Map<number, number>();
  const nodes = new HeapNodes(input);
  const value = await readJson(input, (machine) =>
    members({
      head: nestedShape(input, machine, { callFrame: ALL, selfSize: ALL, id: ALL }, nodes),
      pforgeProf: ALL,
      samples: {
        items: members({ nodeId: ALL }),
        opened: () => counts.clear(),
        each: (sample) => {
          const { nodeId } = jsonObject(input, () => machine.path(), sample);
          const id = jsonNumber(input, () => `${machine.path()}.nodeId`, nodeId);
          counts.set(id, (counts.get(id) ?? 0) + 1);
        },
      },
    }),
  );
  const file = jsonObject(input, '$', value);
  jsonObject(input, '$.head', file.head);
  if (file.samples !== undefined) jsonArray(input, '$.samples', file.samples);
  const origin = readOrigin(input, file.pforgeProf);
  return nodes.profile(file.samples === undefined ? undefined : counts, origin, notes);
}

/** Where a profile comes from. */
interface Origin {
  readonly thread: Thread | undefined;
  /** Only what was alive in the end, as where nobody says. */
  readonly live: boolean;
}

function readOrigin(input: Input, value: unknown): Origin {
  if (value === undefined) return { thread: undefined, live: true };
  const own = jsonObject(input, '$.pforgeProf', value);
  return { thread: own.pid === undefined ? undefined : ownThread(input, own), live: own.live !== false };
}

/** The nodes as they are complete, callees first. */
class HeapNodes implements NestedNodes {
  private readonly input: Input;
  private calls = new CallFrames();
  private call = new Int32Column();
  private order = new Int32Column();
  private caller = new Int32Column();
  private size = new NumberList();
  /** null where the node has none. */
  private id = new NumberList();

  constructor(input: Input) {
    this.input = input;
  }

  start(): void {
    this.calls = new CallFrames();
    this.call = new Int32Column();
    this.order = new Int32Column();
    this.caller = new Int32Column();
    this.size = new NumberList();
    this.id = new NumberList();
  }

  node(value: JsonObject, path: () => string, order: number, caller: number): void {
    const at = () => `${path()}.callFrame`;
    this.call.push(this.calls.intern(frameWords(this.input, at, jsonObject(this.input, at, value.callFrame))));
    this.size.push(sizeOf(this.input, () => `${path()}.selfSize`, value.selfSize));
    this.id.push(typeof value.id === 'number' ? value.id : null);
    this.order.push(order);
    this.caller.push(caller);
  }

  /** @param counts samples by the id of their node; undefined where the file holds none */
  profile(counts: ReadonlyMap<number, number> | undefined, { thread, live }: Origin, notes: Notes): Profile {
    const { length } = this.order;
    const place = new Int32Array(length);
    for (let i = 0; i < length; i++) place[this.order.at(i)] = i;
    const bytes = { type: live ? 'inuse_space' : 'alloc_space', unit: 'bytes' };
    const builder = new ProfileBuilder(counts ? [{ type: 'samples', unit: 'count' }, bytes] : [bytes]);
    const owner = thread && builder.thread(thread);
    const frameOf = this.calls.framesOf(builder);
    const stacks = new Int32Array(length);
    let total = 0;
    for (let node = 0; node < length; node++) {
      const i = place[node]!;
      const caller = this.caller.at(i);
      const call = this.call.at(i);
      const root = caller < 0 && this.calls.words[call]!.name === '(root)';
      const stack = root ? -1 : builder.stack(caller < 0 ? -1 : stacks[caller]!, frameOf(call));
      stacks[node] = stack;
      const size = this.size.at(i)!;
      total += size;
      if (size === 0) continue;
      const values = counts ? [counts.get(this.id.at(i) ?? Number.NaN) ?? 0, size] : [size];
      builder.sample(stack, values, undefined, owner);
    }
    if (total === 0) {
      const what = live
        ? 'no sampled object was still in use when the heap profile was written'
        : 'nothing was allocated';
      notes.add(what);
    }
    return builder.build({ tool: 'v8-heap', notes: notes.list });
  }
}

function sizeOf(input: Input, path: () => string, value: unknown): number {
  const size = jsonNumber(input, path, value);
  if (size >= 0 && size <= Number.MAX_SAFE_INTEGER) return size;
  throw new FormatError(input, path(), `${size} is no number of bytes`);
}

function frameWords(input: Input, path: () => string, call: JsonObject): FrameWords {
  const name = jsonString(input, () => `${path()}.functionName`, call.functionName);
  const url = call.url === undefined ? '' : jsonString(input, () => `${path()}.url`, call.url);
  if (url === '') {
    const scripted = call.scriptId !== undefined && String(call.scriptId) !== '0';
    return { name: name || ANONYMOUS, kind: heapKind(name, '', scripted) };
  }
  const file = scriptFile(url);
  const line = position(input, () => `${path()}.lineNumber`, call.lineNumber);
  const column = position(input, () => `${path()}.columnNumber`, call.columnNumber);
  return { name: name || ANONYMOUS, file, line, column, kind: heapKind(name, file, true) };
}

/** The file counts from 0, we from 1; 0 where it says nothing or -1. */
function position(input: Input, path: () => string, value: unknown): number {
  if (value === undefined) return 0;
  const number = jsonNumber(input, path, value);
  return Number.isInteger(number) && number >= 0 && number < 0x7fffffff ? number + 1 : 0;
}
