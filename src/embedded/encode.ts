import { PairInterner } from '../profile/columns.ts';
import type { FrameTable, Profile, SampleTable, StackTable } from '../profile/profile.ts';
import { ProfileEncoder } from './profile-encoder.ts';

/** A profile as compressed bytes, see {@link ProfileEncoder}: all that it holds but times, series and stacks without samples. */
export function encodeProfile(profile: Profile): Uint8Array {
  const { stacks, samples, valueTypes, threads, counters, meta } = profile;
  const sums = sumsOf(samples, stacks.length);
  const used = new UsedRows(profile.frames.length);
  const encoder = new ProfileEncoder(valueTypes.length, samples.thread !== undefined);
  encodeStacks(stacks, sums, used, encoder);
  const { table, strings } = usedTables(profile, used.rows);
  return encoder.end({ valueTypes, threads, counters, meta, frames: table, strings });
}

/**
 * Every stack that has a sum, in preorder. What goes through all of them makes no objects of classes itself: V8 11 of node 20 can
 * crash where it compiles such a function while a class has had only a few objects, all of them gone by then.
 */
function encodeStacks(stacks: StackTable, sums: StackSums, used: UsedRows, encoder: ProfileEncoder): void {
  const weights = new Float64Array(sums.values.length);
  let frames = new Int32Array(256);

  const putSums = (stack: number, shared: number, depth: number): void => {
    let at = shared;
    for (let sum = sums.first[stack]!; sum >= 0; sum = sums.next[sum]!) {
      for (let i = 0; i < weights.length; i++) weights[i] = sums.values[i]![sum]!;
      encoder.stack(at, frames, at, depth, weights, sums.thread[sum]!);
      at = depth;
    }
  };

  putSums(stacks.length, 0, 0);
  const { firstChild, nextSibling } = childLinks(stacks.parent);
  // The walk needs no stack of its own: a node knows its parent
  let depth = 0;
  let shared = 0;
  for (let node = firstChild[stacks.length]!; node >= 0; ) {
    if (depth === frames.length) frames = longer(frames);
    frames[depth++] = used.rowOf(stacks.frame[node]!);
    if (sums.first[node]! >= 0) {
      putSums(node, shared, depth);
      shared = depth;
    }
    if (firstChild[node]! >= 0) {
      node = firstChild[node]!;
      continue;
    }
    depth--;
    while (node >= 0 && nextSibling[node]! < 0) {
      node = stacks.parent[node]!;
      depth--;
    }
    if (node >= 0) node = nextSibling[node]!;
    if (depth < shared) shared = depth;
  }
}

type StackSums = ReturnType<typeof sumsOf>;

/** Samples that have stack and thread in common, summed. Lists of rows, one a stack; that of no stack is the last. */
function sumsOf({ stack, thread, values, length }: SampleTable, stacks: number) {
  const pairs = new PairInterner();
  const pairOf = new Int32Array(length);
  for (let row = 0; row < length; row++) {
    const at = stack[row]! < 0 ? stacks : stack[row]!;
    pairOf[row] = pairs.intern(at, thread?.[row] ?? -1);
  }
  const first = new Int32Array(stacks + 1).fill(-1);
  const next = new Int32Array(pairs.length);
  for (let pair = pairs.length - 1; pair >= 0; pair--) {
    const at = pairs.first.at(pair);
    next[pair] = first[at]!;
    first[at] = pair;
  }
  const sums = values.map((column) => {
    const sum = new Float64Array(pairs.length);
    for (let row = 0; row < length; row++) sum[pairOf[row]!]! += column[row]!;
    return sum;
  });
  return { first, next, thread: pairs.second.toArray(), values: sums };
}

/** Of each stack its first callee and the next of its caller's, -1 for none. The roots are those of the row behind the last. */
function childLinks(parent: Int32Array) {
  const { length } = parent;
  const firstChild = new Int32Array(length + 1).fill(-1);
  const nextSibling = new Int32Array(length).fill(-1);
  for (let node = length - 1; node >= 0; node--) {
    const above = parent[node]! < 0 ? length : parent[node]!;
    nextSibling[node] = firstChild[above]!;
    firstChild[above] = node;
  }
  return { firstChild, nextSibling };
}

/** Numbers rows of a table anew, in the order in which they are asked for. */
class UsedRows {
  readonly rows: number[] = [];
  private readonly places: Int32Array;

  constructor(length: number) {
    this.places = new Int32Array(length).fill(-1);
  }

  rowOf(old: number): number {
    if (this.places[old]! < 0) this.places[old] = this.rows.push(old) - 1;
    return this.places[old]!;
  }
}

function usedTables({ frames, strings }: Profile, rows: readonly number[]) {
  const used = new UsedRows(strings.length);
  used.rowOf(0);
  const texts = (column: Int32Array): Int32Array => Int32Array.from(rows, (row) => used.rowOf(column[row]!));
  const numbers = (column: Int32Array): Int32Array => Int32Array.from(rows, (row) => column[row]!);
  const bytes = (column: Uint8Array): Uint8Array => Uint8Array.from(rows, (row) => column[row]!);
  const table: FrameTable = {
    length: rows.length,
    name: texts(frames.name),
    file: texts(frames.file),
    line: numbers(frames.line),
    column: numbers(frames.column),
    module: texts(frames.module),
    kind: bytes(frames.kind),
    tier: bytes(frames.tier),
  };
  return { table, strings: used.rows.map((row) => strings[row]!) };
}

function longer(column: Int32Array): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(column.length * 2);
  copy.set(column);
  return copy;
}
