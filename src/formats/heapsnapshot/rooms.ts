import { statSync } from 'node:fs';
import type { Input } from '../format.ts';

/** Rows of columns that are made at once, of so many claimed ones with so many numbers each. */
export type RoomFor = (claimed: number, numbers: number) => number;

/** What is made where the size of the input is not known: a megabyte or so. */
const FIRST_ROWS = 1 << 16;

/**
 * How much room a claim is given: what the file may hold, as a number takes two bytes at least. So a lie costs no more
 * than a small multiple of the file, and no column is ever copied; what is not known to be there comes piece by piece.
 */
export function roomFor(input: Input): RoomFor {
  const bytes = input.path === undefined ? undefined : (statSync(input.path, { throwIfNoEntry: false })?.size ?? 0);
  return (claimed, numbers) =>
    Math.min(claimed, bytes === undefined ? FIRST_ROWS : Math.ceil((bytes + 1) / (2 * numbers)));
}

export function roomBytes(rows: number): Uint8Array {
  return new Uint8Array(rows);
}

export function roomWords(rows: number): Uint32Array {
  return new Uint32Array(rows);
}

/** A longer column with the same start. @param most rows that will ever be needed */
export function grownTo<Column extends Uint8Array | Uint32Array | Float64Array>(
  column: Column,
  needed: number,
  most: number,
): Column {
  const length = Math.min(most, Math.max(needed, column.length * 2));
  const longer = new (column.constructor as new (length: number) => Column)(length);
  longer.set(column);
  return longer;
}
