import type { FrameWords, ProfileBuilder } from '../profile/builder.ts';
import { jsKind } from '../profile/kind.ts';
import type { Kind } from '../profile/profile.ts';
import { FormatError, type Input, type Notes } from './format.ts';
import { type JsonObject, jsonArray, jsonNumber, jsonObject, jsonString } from './json-input.ts';
import { ANONYMOUS, scriptFile } from './v8-names.ts';

/** A function of a `.cpuprofile` in a place of the call tree, its caller known by index. */
export interface CpuNode {
  readonly id: number;
  /** Where it stands in the file, for messages. */
  readonly path: string;
  readonly words: FrameWords;
  readonly hitCount: number;
  /** Index of the caller's node; -1 for a root. */
  parent: number;
}

/** How V8 names what is not JavaScript (`CodeEntry` in V8's profile-generator.cc). */
export const ROOT = '(root)';
export const IDLE = '(idle)';
const kinds: ReadonlyMap<string, Kind> = new Map([
  ['(program)', 'native'],
  ['(garbage collector)', 'gc'],
  [IDLE, 'unknown'],
]);

/**
 * Reads the nodes of either generation: the flat `nodes` of the inspector protocol (`Profiler.Profile`; lines and
 * columns 0-based; callers by `children`, or `parent` in Chrome's traces), or the nested `head` of node 8 and older
 * (1-based lines).
 * @returns in file order; callers may stand behind callees
 * @throws {FormatError} a wrong type, a duplicate id, a cycle, two callers for one node, no node at all
 */
export function readCpuNodes(input: Input, profile: JsonObject, notes: Notes): CpuNode[] {
  const nodes =
    profile.nodes === undefined && profile.head !== undefined
      ? nested(input, profile.head)
      : flat(input, profile, notes);
  if (nodes.length === 0) throw new FormatError(input, '$.nodes', 'there is no node');
  return nodes;
}

function flat(input: Input, profile: JsonObject, notes: Notes): CpuNode[] {
  const list = jsonArray(input, '$.nodes', profile.nodes);
  const nodes: CpuNode[] = [];
  const index = new Map<number, number>();
  for (let i = 0; i < list.length; i++) {
    const path = `$.nodes[${i}]`;
    const node = jsonObject(input, path, list[i]);
    const call = jsonObject(input, `${path}.callFrame`, node.callFrame);
    nodes.push(cpuNode(input, path, node, frameWords(input, `${path}.callFrame`, call, 1)));
    const { id } = nodes[i]!;
    if (index.has(id))
      throw new FormatError(input, `${path}.id`, `${id} is the id of $.nodes[${index.get(id)}] already`);
    index.set(id, i);
  }
  let missing = 0;
  let firstMissing = '';
  const link = (path: string, value: unknown, callee: number | undefined, caller: number | undefined): void => {
    const id = jsonNumber(input, path, value);
    const [child, parent] = [callee ?? index.get(id), caller ?? index.get(id)];
    if (child === undefined || parent === undefined) {
      if (missing++ === 0) firstMissing = `${path} = ${id}`;
      return;
    }
    const held = nodes[child]!.parent;
    if (held >= 0 && held !== parent) throw new FormatError(input, path, `node ${nodes[child]!.id} has two callers`);
    nodes[child]!.parent = parent;
  };
  for (let i = 0; i < list.length; i++) {
    const { children, parent } = list[i] as JsonObject;
    if (children !== undefined && children !== null) {
      const ids = jsonArray(input, `$.nodes[${i}].children`, children);
      for (let k = 0; k < ids.length; k++) link(`$.nodes[${i}].children[${k}]`, ids[k], undefined, i);
    }
    if (parent !== undefined && parent !== null) link(`$.nodes[${i}].parent`, parent, i, undefined);
  }
  if (missing > 0) notes.add(`references to nodes that do not exist, left out: ${missing}, first ${firstMissing}`);
  return nodes;
}

function nested(input: Input, head: unknown): CpuNode[] {
  const nodes: CpuNode[] = [];
  const ids = new Set<number>();
  const waiting: { path: string; value: unknown; parent: number }[] = [{ path: '$.head', value: head, parent: -1 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path, parent } = next;
    const value = jsonObject(input, path, next.value);
    const node = cpuNode(input, path, value, frameWords(input, path, value, 0));
    if (ids.has(node.id)) throw new FormatError(input, `${path}.id`, `${node.id} is the id of another node already`);
    ids.add(node.id);
    node.parent = parent;
    const children = value.children === undefined ? [] : jsonArray(input, `${path}.children`, value.children);
    children.forEach((child, i) => {
      // A path as deep as the tree would make messages, and memory, quadratic
      const place = path.length > 200 ? `$.head ... children[${i}]` : `${path}.children[${i}]`;
      waiting.push({ path: place, value: child, parent: nodes.length });
    });
    nodes.push(node);
  }
  return nodes;
}

function cpuNode(input: Input, path: string, node: JsonObject, words: FrameWords): CpuNode {
  const id = jsonNumber(input, `${path}.id`, node.id);
  const hitCount = node.hitCount === undefined ? 0 : jsonNumber(input, `${path}.hitCount`, node.hitCount);
  if (hitCount < 0) throw new FormatError(input, `${path}.hitCount`, `${hitCount} is negative`);
  return { id, path, words, hitCount, parent: -1 };
}

/** The kind of a function of which name and script are known. */
export function cpuKind(name: string, file: string): Kind {
  const special = file === '' ? kinds.get(name) : undefined;
  return special ?? (file === '' && name === ROOT ? 'unknown' : jsKind(file));
}

/** @param base what makes the file's lines and columns 1-based */
function frameWords(input: Input, path: string, call: JsonObject, base: 0 | 1): FrameWords {
  const name = jsonString(input, `${path}.functionName`, call.functionName);
  const url = call.url === undefined ? '' : jsonString(input, `${path}.url`, call.url);
  const special = url === '' ? kinds.get(name) : undefined;
  if (special || (url === '' && name === ROOT)) return { name, kind: special ?? 'unknown' };
  const file = scriptFile(url);
  const line = position(input, `${path}.lineNumber`, call.lineNumber, base);
  const column = position(input, `${path}.columnNumber`, call.columnNumber, base);
  return { name: name || ANONYMOUS, file, kind: jsKind(file), ...(url === '' ? {} : { line, column }) };
}

/** 1-based; 0 where the file says nothing or -1. */
function position(input: Input, path: string, value: unknown, base: 0 | 1): number {
  if (value === undefined) return 0;
  const number = jsonNumber(input, path, value);
  return Number.isInteger(number) && number >= 0 && number < 0x7fffffff ? number + base : 0;
}

/**
 * The stack of every node in the builder; -1 for the root itself, which is no function.
 * @throws {FormatError} a cycle
 */
export function stackNodes(input: Input, nodes: readonly CpuNode[], builder: ProfileBuilder): Int32Array {
  const UNKNOWN = -2;
  const stacks = new Int32Array(nodes.length).fill(UNKNOWN);
  const path: number[] = [];
  for (let i = 0; i < nodes.length; i++) {
    let at = i;
    while (at >= 0 && stacks[at] === UNKNOWN) {
      path.push(at);
      if (path.length > nodes.length)
        throw new FormatError(input, nodes[i]!.path, 'the node is its own caller (a cycle)');
      at = nodes[at]!.parent;
    }
    let stack = at < 0 ? -1 : stacks[at]!;
    for (let node = path.pop(); node !== undefined; node = path.pop()) {
      const { words, parent } = nodes[node]!;
      if (parent >= 0 || words.name !== ROOT) stack = builder.stack(stack, builder.frame(words));
      stacks[node] = stack;
    }
  }
  return stacks;
}
