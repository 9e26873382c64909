import type { FrameWords, ProfileBuilder } from '../../profile/builder.ts';
import { jsKind } from '../../profile/kind.ts';
import type { Kind, StackTable } from '../../profile/profile.ts';
import { FormatError, type Input, type Notes } from '../format.ts';
import { CallFrames } from '../frames/call-frames.ts';
import { prefixStacks } from '../frames/prefix-stacks.ts';
import { ANONYMOUS, scriptFile } from '../frames/v8-names.ts';
import { type JsonObject, type JsonPath, jsonArray, jsonNumber, jsonObject, jsonString } from '../json-stream/input.ts';
import { NumberList } from '../json-stream/list.ts';
import { linkNodes } from './links.ts';
import { NodeIds } from './node-ids.ts';
import { siblingStacks } from './sibling-stacks.ts';

/** How V8 names what is not JavaScript (`CodeEntry` in V8's profile-generator.cc). */
export const ROOT = '(root)';
export const IDLE = '(idle)';
/** The stack of a node whose time is no CPU time. */
export const IDLE_STACK = -2;
const kinds: ReadonlyMap<string, Kind> = new Map([
  ['(program)', 'native'],
  ['(garbage collector)', 'gc'],
  [IDLE, 'unknown'],
]);

/** The call tree of a `.cpuprofile`, all nodes read. Row i of every column is the file's node i. */
export interface CpuTree {
  readonly ids: NodeIds;
  /** The stack in the builder; -1 for the root itself, which is no function; {@link IDLE_STACK} for `(idle)`. */
  readonly stack: Int32Array;
  readonly hitCount: NumberList;
  /** The stacks, where the builder does not have them. */
  readonly stacks?: StackTable;
}

/** Columns of nodes; `children` are those of all of them. */
export type CpuNodeRows = Readonly<Record<'id' | 'call' | 'hits' | 'childEnd' | 'children', Int32Array>>;

/**
 * The nodes of a `.cpuprofile`: those of the inspector protocol (`Profiler.Profile`; lines and columns 0-based; callers
 * by `children`, or `parent` in Chrome's traces). Columns, as there may be millions.
 */
export class CpuNodes {
  /** Functions by number. */
  readonly calls = new CallFrames();
  private readonly input: Input;
  private readonly id = new NumberList();
  private readonly hitCount = new NumberList();
  private readonly call = new NumberList();
  /** Ids of the callees, node by node, and where each node's end. */
  private readonly children = new NumberList();
  private readonly childEnd = new NumberList();
  /** Ids of the callers; null where the node does not say, nothing behind the last node that does. */
  private readonly parent = new NumberList();
  private allHits = 0;

  constructor(input: Input) {
    this.input = input;
  }

  get length(): number {
    return this.id.length;
  }

  /** The sum of all hit counts: about as many samples follow. */
  get hits(): number {
    return this.allHits;
  }

  /** @throws {FormatError} a wrong type */
  add(path: JsonPath, value: unknown): void {
    const { input } = this;
    const at = (key: string) => () => `${typeof path === 'string' ? path : path()}${key}`;
    const node = jsonObject(input, path, value);
    const call = jsonObject(input, at('.callFrame'), node.callFrame);
    const words = cpuFrameWords(input, at('.callFrame'), call, 1);
    const id = jsonNumber(input, at('.id'), node.id);
    const hits = hitCount(input, at('.hitCount'), node.hitCount);
    const { children, parent } = node;
    if (children !== undefined && children !== null) {
      const ids = jsonArray(input, at('.children'), children);
      for (let k = 0; k < ids.length; k++) {
        this.children.push(jsonNumber(input, at(`.children[${k}]`), ids.at(k)));
      }
    }
    if (parent !== undefined && parent !== null) {
      const caller = jsonNumber(input, at('.parent'), parent);
      while (this.parent.length < this.length) this.parent.push(null);
      this.parent.push(caller);
    }
    this.finish(id, this.calls.intern(words), hits);
  }

  /**
   * A node that was read already; callers by `children` only.
   * @param children ids of callees
   * @param count how many of them
   */
  addRow(id: number, call: number, hits: number, children: Int32Array, count: number): void {
    for (let k = 0; k < count; k++) this.children.push(children[k]!);
    this.finish(id, call, hits);
  }

  /** How many callees all nodes have, each as often as it is one. */
  get childCount(): number {
    return this.children.length;
  }

  /**
   * Nodes that were read already, as columns; callers by `children` only.
   * @param childEnd where each node's children end, those of the nodes before counted
   * @param sum of the hit counts
   */
  addRows({ id, call, hits, childEnd, children }: CpuNodeRows, sum: number): void {
    this.allHits += sum;
    this.id.append(id);
    this.call.append(call);
    this.hitCount.append(hits);
    this.children.append(children);
    this.childEnd.append(childEnd);
  }

  private finish(id: number, call: number, hits: number): void {
    this.id.push(id);
    this.call.push(call);
    this.hitCount.push(hits);
    this.allHits += hits;
    this.childEnd.push(this.children.length);
  }

  /**
   * Links the nodes; callers may stand behind callees. They are used up.
   * @param alone the builder has no stacks, and will not get others
   * @throws {FormatError} a duplicate id, a cycle, two callers for one node, no node at all
   */
  tree(builder: ProfileBuilder, notes: Notes, alone = false): CpuTree {
    const { input, calls } = this;
    if (this.length === 0) throw new FormatError(input, '$.nodes', 'there is no node');
    const id = this.id.column();
    const ids = new NodeIds(id, (row, first) => {
      throw new FormatError(input, `$.nodes[${row}].id`, `${id[row]} is the id of $.nodes[${first}] already`);
    });
    const calleeEnd = integersOf(this.childEnd);
    const links = { id, children: this.children.column(), childEnd: calleeEnd, parent: this.parent };
    const { caller, callees } = linkNodes(input, ids, links, notes);
    const call = integersOf(this.call);
    const frame = cpuFrames(caller, call, calls, builder);
    const own = alone && callees ? siblingStacks({ caller, frame, callees, calleeEnd }) : undefined;
    const cycle = (row: number): never => {
      throw new FormatError(input, `$.nodes[${row}]`, 'the node is its own caller (a cycle)');
    };
    const stack = own ? own.stack : prefixStacks(caller, frame, builder, cycle);
    setIdle(stack, call, calls);
    return { ids, stack, hitCount: this.hitCount, ...(own ? { stacks: own.stacks } : {}) };
  }
}

function integersOf(list: NumberList): Int32Array {
  const column = new Int32Array(list.length);
  list.moveTo(column);
  return column;
}

/**
 * The builder's frame of each node; -1 for a root, which is no function.
 * @param call what function each node is
 */
export function cpuFrames(
  caller: Int32Array,
  call: Int32Array,
  calls: CallFrames,
  builder: ProfileBuilder,
): Int32Array {
  const isRoot = calls.words.map(({ name }) => name === ROOT);
  const frame = new Int32Array(call.length);
  // Apart from the words of functions, which are few: then this is little code, and soon at full speed
  const place = new Int32Array(calls.words.length).fill(-1);
  const asked: number[] = [];
  for (let row = 0; row < frame.length; row++) {
    const of = call[row]!;
    frame[row] = caller[row]! < 0 && isRoot[of]! ? -1 : of;
    if (frame[row] === of && place[of] === -1) place[of] = asked.push(of) - 1;
  }
  const frameOf = calls.framesOf(builder);
  const frames = Int32Array.from(asked, frameOf);
  for (let row = 0; row < frame.length; row++) if (frame[row]! >= 0) frame[row] = frames[place[frame[row]!]!]!;
  return frame;
}

/** Marks the nodes in which nothing ran. */
export function setIdle(stack: Int32Array, call: Int32Array, calls: CallFrames): void {
  const isIdle = calls.words.map(({ name }) => name === IDLE);
  if (!isIdle.includes(true)) return;
  for (let row = 0; row < call.length; row++) if (isIdle[call[row]!]) stack[row] = IDLE_STACK;
}

/** The kind of a function of which name and script are known. */
export function cpuKind(name: string, file: string): Kind {
  const special = file === '' ? kinds.get(name) : undefined;
  return special ?? (file === '' && name === ROOT ? 'unknown' : jsKind(file));
}

/** @throws {FormatError} a wrong type, a negative count */
export function hitCount(input: Input, path: JsonPath, value: unknown): number {
  const hits = value === undefined ? 0 : jsonNumber(input, path, value);
  if (hits >= 0) return hits;
  throw new FormatError(input, typeof path === 'string' ? path : path(), `${hits} is negative`);
}

/**
 * What V8 says of a function.
 * @param base what makes the file's lines and columns 1-based
 * @throws {FormatError} a wrong type
 */
export function cpuFrameWords(input: Input, path: () => string, call: JsonObject, base: 0 | 1): FrameWords {
  const at = (key: string) => () => `${path()}.${key}`;
  const name = jsonString(input, at('functionName'), call.functionName);
  const url = call.url === undefined ? '' : jsonString(input, at('url'), call.url);
  const special = specialWords(name, url);
  if (special) return special;
  const placeOf = (key: 'lineNumber' | 'columnNumber') =>
    call[key] === undefined ? 0 : place(jsonNumber(input, at(key), call[key]), base);
  return plainWords(name, scriptOf(url), placeOf('lineNumber'), placeOf('columnNumber'));
}

/** A function as the inspector protocol has it (`Runtime.CallFrame`): lines and columns are 0-based. */
export interface CpuCallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** What {@link cpuFrameWords} makes of functions that are known to be of the right types. */
export class CpuCallWords {
  /** By URL: to find a script's path takes longer than all else, and has many functions. */
  private readonly scripts = new Map<string, CpuScript>();

  of({ functionName, url, lineNumber, columnNumber }: CpuCallFrame): FrameWords {
    const special = specialWords(functionName, url);
    if (special) return special;
    let script = this.scripts.get(url);
    if (script === undefined) {
      script = scriptOf(url);
      this.scripts.set(url, script);
    }
    return plainWords(functionName, script, place(lineNumber, 1), place(columnNumber, 1));
  }
}

interface CpuScript {
  readonly file: string;
  readonly kind: Kind;
}

function scriptOf(url: string): CpuScript {
  const file = scriptFile(url);
  return { file, kind: jsKind(file) };
}

function specialWords(name: string, url: string): FrameWords | undefined {
  if (url !== '') return undefined;
  const kind = name === ROOT ? 'unknown' : kinds.get(name);
  return kind && { name, kind };
}

function plainWords(name: string, { file, kind }: CpuScript, line: number, column: number): FrameWords {
  // No URL, no path: then there is no place in it
  return file === '' ? { name: name || ANONYMOUS, file, kind } : { name: name || ANONYMOUS, file, kind, line, column };
}

/** 1-based; 0 where the file says -1. */
function place(number: number, base: 0 | 1): number {
  return Number.isInteger(number) && number >= 0 && number < 0x7fffffff ? number + base : 0;
}
