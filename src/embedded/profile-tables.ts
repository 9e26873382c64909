import type { FrameTable, StackTable } from '../profile/profile.ts';
import type { ByteReader } from './byte-reader.ts';

/**
 * Reads the columns name, file, line, column, module, kind and, where they were written, tier.
 * @throws {RangeError} the bytes end too early
 */
export function readFrameTable(reader: ByteReader, length: number, hasTiers: boolean): FrameTable {
  return {
    length,
    name: reader.ints(length),
    file: reader.ints(length),
    line: reader.ints(length),
    column: reader.ints(length),
    module: reader.ints(length),
    kind: Uint8Array.from(reader.ints(length)),
    tier: hasTiers ? Uint8Array.from(reader.ints(length)) : new Uint8Array(length),
  };
}

/**
 * Reads how many rows before each stack its caller stands, then the frame of each.
 * @throws {RangeError} the bytes end too early
 */
export function readStackTable(reader: ByteReader, length: number): StackTable {
  const parent = reader.ints(length);
  for (let stack = 0; stack < length; stack++) parent[stack] = stack - parent[stack]!;
  return { length, parent, frame: reader.ints(length) };
}
