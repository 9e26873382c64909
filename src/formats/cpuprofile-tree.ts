import type { FrameWords, ProfileBuilder } from '../profile/builder.ts';
import { Int32Column } from '../profile/columns.ts';
import { jsKind } from '../profile/kind.ts';
import type { Kind } from '../profile/profile.ts';
import { CallFrames } from './call-frames.ts';
import { FormatError, type Input, type Notes } from './format.ts';
import { type JsonObject, type JsonPath, jsonArray, jsonNumber, jsonObject, jsonString } from './json-input.ts';
import { NumberList } from './json-list.ts';
import { NodeIds } from './node-ids.ts';
import { prefixStacks } from './prefix-stacks.ts';
import { ANONYMOUS, scriptFile } from './v8-names.ts';

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
}

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
  private readonly call = new Int32Column();
  /** Ids of the callees, node by node, and where each node's end. */
  private readonly children = new NumberList();
  private readonly childEnd = new Int32Column();
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

  /**
   * Nodes that were read already, as columns; callers by `children` only.
   * @param childEnd where each node's children end in `children`
   */
  addRows(id: Int32Array, call: Int32Array, hits: Int32Array, childEnd: Int32Array, children: Int32Array): void {
    const before = this.children.length;
    this.id.append(id);
    this.hitCount.append(hits);
    this.children.append(children);
    for (let row = 0; row < id.length; row++) {
      this.call.push(call[row]!);
      this.childEnd.push(before + childEnd[row]!);
      this.allHits += hits[row]!;
    }
  }

  private finish(id: number, call: number, hits: number): void {
    this.id.push(id);
    this.call.push(call);
    this.hitCount.push(hits);
    this.allHits += hits;
    this.childEnd.push(this.children.length);
  }

  /**
   * Links the nodes; callers may stand behind callees.
   * @throws {FormatError} a duplicate id, a cycle, two callers for one node, no node at all
   */
  tree(builder: ProfileBuilder, notes: Notes): CpuTree {
    const { input, length, calls } = this;
    if (length === 0) throw new FormatError(input, '$.nodes', 'there is no node');
    const ids = new NodeIds(this.id, (row, first) => {
      throw new FormatError(input, `$.nodes[${row}].id`, `${this.id.at(row)} is the id of $.nodes[${first}] already`);
    });
    const caller = this.callers(ids, notes);
    return cpuTree(ids, caller, this.call.toArray(), this.hitCount, calls, builder, (row) => {
      throw new FormatError(input, `$.nodes[${row}]`, 'the node is its own caller (a cycle)');
    });
  }

  /** The row of each node's caller; -1 for none. */
  private callers(ids: NodeIds, notes: Notes): Int32Array {
    const caller = new Int32Array(this.length).fill(-1);
    let missing = 0;
    let firstMissing = '';
    const link = (path: () => string, id: number, callee: number, of: number): void => {
      if (callee < 0 || of < 0) {
        if (missing++ === 0) firstMissing = `${path()} = ${id}`;
        return;
      }
      if (caller[callee]! >= 0 && caller[callee] !== of) {
        throw new FormatError(this.input, path(), `node ${this.id.at(callee)} has two callers`);
      }
      caller[callee] = of;
    };
    for (let row = 0, child = 0; row < this.length; row++) {
      const first = child;
      for (; child < this.childEnd.at(row); child++) {
        const id = this.children.at(child)!;
        link(() => `$.nodes[${row}].children[${child - first}]`, id, ids.row(id), row);
      }
      const parent = this.parent.at(row) ?? null;
      if (parent !== null) link(() => `$.nodes[${row}].parent`, parent, row, ids.row(parent));
    }
    if (missing > 0) notes.add(`references to nodes that do not exist, left out: ${missing}, first ${firstMissing}`);
    return caller;
  }
}

/** @param cycle called with the row from which a cycle is reached; throws */
export function cpuTree(
  ids: NodeIds,
  caller: Int32Array,
  call: Int32Array,
  hitCount: NumberList,
  calls: CallFrames,
  builder: ProfileBuilder,
  cycle: (row: number) => never,
): CpuTree {
  const frameOf = calls.framesOf(builder);
  const isRoot = calls.words.map(({ name }) => name === ROOT);
  const isIdle = calls.words.map(({ name }) => name === IDLE);
  const frame = new Int32Array(call.length);
  for (let row = 0; row < call.length; row++) {
    frame[row] = caller[row]! < 0 && isRoot[call[row]!] ? -1 : frameOf(call[row]!);
  }
  const stack = prefixStacks(caller, frame, builder, cycle);
  for (let row = 0; row < call.length; row++) if (isIdle[call[row]!]) stack[row] = IDLE_STACK;
  return { ids, stack, hitCount };
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
  const special = url === '' ? kinds.get(name) : undefined;
  if (special || (url === '' && name === ROOT)) return { name, kind: special ?? 'unknown' };
  const file = scriptFile(url);
  const line = position(input, at('lineNumber'), call.lineNumber, base);
  const column = position(input, at('columnNumber'), call.columnNumber, base);
  return { name: name || ANONYMOUS, file, kind: jsKind(file), ...(url === '' ? {} : { line, column }) };
}

/** 1-based; 0 where the file says nothing or -1. */
function position(input: Input, path: JsonPath, value: unknown, base: 0 | 1): number {
  if (value === undefined) return 0;
  const number = jsonNumber(input, path, value);
  return Number.isInteger(number) && number >= 0 && number < 0x7fffffff ? number + base : 0;
}
