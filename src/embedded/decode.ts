import { inflateSync } from 'node:zlib';
import { Int32Column, NarrowColumn } from '../profile/columns.ts';
import type { Profile, StackTable } from '../profile/profile.ts';
import { ByteReader } from './byte-reader.ts';
import { checked } from './checked.ts';
import { readFrameTable } from './profile-tables.ts';
import { readSummary } from './summary.ts';

/** What any embedded profile may inflate to; what is larger must not have shrunk more than this many times. */
const MOST_INFLATED = 64 * 1024 ** 2;
const MOST_RATIO = 200;

/**
 * Reads an embedded profile: {@link ProfileEncoder} says what it is. Nothing in it is trusted.
 * @param text base64; blanks and line ends do not matter
 * @throws {RangeError} what is wrong with it
 */
export function decodeProfile(text: string): Profile {
  const compressed = Buffer.from(text, 'base64');
  const maxOutputLength = Math.max(MOST_INFLATED, MOST_RATIO * compressed.length);
  let bytes: Buffer;
  try {
    bytes = inflateSync(compressed, { maxOutputLength });
  } catch (error) {
    throw new RangeError('it cannot be decompressed', { cause: error });
  }
  const reader = new ByteReader(bytes);
  const valueCount = reader.integer();
  if (valueCount > reader.left) throw new RangeError(`it has ${valueCount} value types`);
  const rows = readRows(reader, valueCount, reader.integer() === 1);
  const frames = readFrameTable(reader, reader.integer(), true);
  return checked({ ...readSummary(reader.text()), ...rows, frames, series: [] });
}

function readRows(reader: ByteReader, valueCount: number, withThreads: boolean): Pick<Profile, 'stacks' | 'samples'> {
  const parent = new Int32Column();
  const frame = new Int32Column();
  const stack = new Int32Column();
  const thread = new Int32Column();
  const values = Array.from({ length: valueCount }, () => new NarrowColumn());
  // The stacks from the root to that of the row before
  let path = new Int32Array(256);
  let depth = 0;
  for (let dropped = reader.integer(); dropped > 0; dropped = reader.integer()) {
    if (dropped - 1 > depth) throw new RangeError(`row ${stack.length} drops more frames than there are`);
    depth -= dropped - 1;
    const added = reader.integer();
    if (added > reader.left) throw new RangeError(`row ${stack.length} has ${added} frames`);
    if (depth + added > path.length) path = longer(path, depth + added);
    for (let i = 0; i < added; i++) {
      const above = depth === 0 ? -1 : path[depth - 1]!;
      path[depth++] = parent.length;
      parent.push(above);
      frame.push(reader.integer());
    }
    stack.push(depth === 0 ? -1 : path[depth - 1]!);
    if (withThreads) thread.push(reader.integer() - 1);
    for (const column of values) {
      const weight = reader.integer();
      column.push(weight > 0 ? weight - 1 : reader.double());
    }
  }
  const stacks: StackTable = { length: parent.length, parent: parent.toArray(), frame: frame.toArray() };
  const samples = {
    length: stack.length,
    stack: stack.toArray(),
    values: values.map((column) => column.toArray()),
    ...(withThreads ? { thread: thread.toArray() } : {}),
  };
  return { stacks, samples };
}

function longer(column: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(Math.max(length, column.length * 2));
  copy.set(column);
  return copy;
}
