import { createHash } from 'node:crypto';
import { KINDS, type Profile, TIERS } from '../../profile/profile.ts';
import type { Origin } from '../origin.ts';
import { sampleTimes } from '../sample-times.ts';
import { RowBinaryWriter } from './row-binary.ts';

/** Rows that are sent at once: whole ones, of about so many bytes. */
const BATCH_BYTES = 8 << 20;

/** Rows of a table in batches. */
export interface Batch {
  readonly rows: number;
  readonly bytes: Buffer<ArrayBuffer>;
}

/** Frames of a profile as rows, and the numbers that they go by in the database. */
export interface FrameRows {
  readonly hashes: BigUint64Array;
  batches(wanted: (hash: bigint) => boolean): Iterable<Batch>;
}

export function frameRows({ frames, strings }: Profile): FrameRows {
  const hashes = new BigUint64Array(frames.length);
  const row = new RowBinaryWriter();
  const rows: Buffer[] = [];
  for (let i = 0; i < frames.length; i++) {
    row.text(strings[frames.name[i]!]!);
    row.text(strings[frames.file[i]!]!);
    row.uint32(frames.line[i]!);
    row.uint32(frames.column[i]!);
    row.text(strings[frames.module[i]!]!);
    row.text(KINDS[frames.kind[i]!]!);
    row.text(TIERS[frames.tier[i]!]!);
    rows.push(row.take());
    hashes[i] = hashOf(rows[i]!);
  }
  return {
    hashes,
    batches: (wanted) =>
      batched(function* (out) {
        for (let i = 0; i < rows.length; i++) {
          if (!wanted(hashes[i]!)) continue;
          out.uint64(hashes[i]!);
          out.raw(rows[i]!);
          yield;
        }
      }),
  };
}

/** Stacks that samples have, as rows: frames by their hashes, the root first. */
export interface StackRows {
  readonly hashes: BigUint64Array;
  /** Of a stack of the profile + 1 (0 = no stack): which of the rows it is. */
  readonly rowOf: Int32Array;
  batches(wanted: (hash: bigint) => boolean): Iterable<Batch>;
}

export function stackRows({ samples, stacks }: Profile, frameHashes: BigUint64Array): StackRows {
  const rowOf = new Int32Array(stacks.length + 1).fill(-1);
  const leaves: number[] = [];
  for (let i = 0; i < samples.length; i++) {
    const key = samples.stack[i]! + 1;
    if (rowOf[key]! < 0) rowOf[key] = leaves.push(key - 1) - 1;
  }
  const framesOf = (leaf: number): BigUint64Array => {
    let depth = 0;
    for (let at = leaf; at >= 0; at = stacks.parent[at]!) depth++;
    const frames = new BigUint64Array(depth);
    for (let at = leaf; at >= 0; at = stacks.parent[at]!) frames[--depth] = frameHashes[stacks.frame[at]!]!;
    return frames;
  };
  const hashes = BigUint64Array.from(leaves, (leaf) => hashOf(bytesOf(framesOf(leaf))));
  return {
    hashes,
    rowOf,
    batches: (wanted) =>
      batched(function* (out) {
        for (let i = 0; i < leaves.length; i++) {
          if (!wanted(hashes[i]!)) continue;
          const frames = framesOf(leaves[i]!);
          out.uint64(hashes[i]!);
          out.size(frames.length);
          out.raw(bytesOf(frames));
          yield;
        }
      }),
  };
}

/** Samples as rows: what one thread spent in one stack in one second, a row for each weight that is not 0. */
export function sampleRows(profile: Profile, stacks: StackRows, origin: Origin): Iterable<Batch> {
  const sums = summedBySecond(profile, stacks.rowOf, origin.start);
  const { valueTypes, threads, meta } = profile;
  const push = pushNumber(profile, origin, sums, stacks.hashes);
  const prefixes = valueTypes.map(({ type, unit }, i) => {
    const out = new RowBinaryWriter();
    for (const text of [origin.service, type, unit]) out.text(text);
    out.uint8(Math.min(255, valueTypes.length - 1 - i));
    out.text(origin.host);
    out.texts([...origin.labels.keys()]);
    out.texts([...origin.labels.values()]);
    out.text(meta.tool ?? '');
    out.uint64(push);
    return out.take();
  });
  const names = [NO_THREAD, ...threads.map(threadWords)].map((words) => {
    const out = new RowBinaryWriter();
    for (const word of words) out.text(word);
    return out.take();
  });
  return batched(function* (out) {
    for (let row = 0; row < sums.second.length; row++) {
      for (let v = 0; v < prefixes.length; v++) {
        const value = sums.values[v]![row]!;
        // The first one tells that there is such a weight
        if (value === 0 && row > 0) continue;
        out.raw(prefixes[v]!);
        out.uint32(sums.second[row]!);
        out.raw(names[sums.thread[row]! + 1]!);
        out.uint64(stacks.hashes[sums.stack[row]!]!);
        out.float64(value);
        yield;
      }
    }
  });
}

const NO_THREAD = ['', ''] as const;

/** Process and thread; a thread without any name has one nevertheless, as it is one. */
function threadWords({ process, name }: Profile['threads'][number]): readonly [string, string] {
  return process === '' && name === '' ? ['', '[unknown]'] : [process, name];
}

interface Sums {
  readonly second: readonly number[];
  /** Index of a thread, the first of those with its names; -1 = unknown. */
  readonly thread: readonly number[];
  /** Row of the stacks. */
  readonly stack: readonly number[];
  readonly values: readonly number[][];
}

function summedBySecond(profile: Profile, rowOf: Int32Array, start: number): Sums {
  const { samples, threads, stacks } = profile;
  const firstOfName = new Map<string, number>();
  const group = threads.map((thread, i) => {
    const key = JSON.stringify(threadWords(thread));
    if (!firstOfName.has(key)) firstOfName.set(key, i);
    return firstOfName.get(key)!;
  });
  const times = sampleTimes(profile, start);
  const sums = {
    second: [] as number[],
    thread: [] as number[],
    stack: [] as number[],
    values: samples.values.map(() => [] as number[]),
  };
  const rowsOfSecond = new Map<number, Map<number, number>>();
  for (let i = 0; i < samples.length; i++) {
    const second = Math.min(0xffffffff, Math.max(0, Math.floor(times.at(i) / 1000)));
    const thread = samples.thread === undefined || samples.thread[i]! < 0 ? -1 : group[samples.thread[i]!]!;
    const stack = rowOf[samples.stack[i]! + 1]!;
    let rows = rowsOfSecond.get(second);
    if (rows === undefined) {
      rows = new Map();
      rowsOfSecond.set(second, rows);
    }
    const key = (thread + 1) * (stacks.length + 1) + stack;
    let row = rows.get(key);
    if (row === undefined) {
      row = sums.second.push(second) - 1;
      rows.set(key, row);
      sums.thread.push(thread);
      sums.stack.push(stack);
      for (const column of sums.values) column.push(0);
    }
    for (let v = 0; v < sums.values.length; v++) sums.values[v]![row]! += samples.values[v]![i]!;
  }
  return sums;
}

/** The same profile of the same place has the same number, whoever sends it how often. */
function pushNumber({ valueTypes, threads }: Profile, origin: Origin, sums: Sums, stacks: BigUint64Array): bigint {
  const { service, host, labels } = origin;
  const hash = createHash('sha256');
  hash.update(JSON.stringify([service, host, [...labels], valueTypes, threads.map(threadWords)]));
  for (const column of [sums.second, sums.thread, ...sums.values]) hash.update(bytesOf(Float64Array.from(column)));
  hash.update(bytesOf(BigUint64Array.from(sums.stack, (row) => stacks[row]!)));
  return hash.digest().readBigUInt64LE();
}

/** Rows that `write` makes one by one, in batches. */
function* batched(write: (out: RowBinaryWriter) => Iterable<void>): Iterable<Batch> {
  const out = new RowBinaryWriter();
  let rows = 0;
  for (const _row of write(out)) {
    rows++;
    if (out.length < BATCH_BYTES) continue;
    yield { rows, bytes: out.take() };
    rows = 0;
  }
  if (rows > 0) yield { rows, bytes: out.take() };
}

function hashOf(bytes: Uint8Array): bigint {
  return createHash('sha256').update(bytes).digest().readBigUInt64LE();
}

function bytesOf(column: BigUint64Array | Float64Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}
