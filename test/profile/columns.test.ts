import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Float64Column,
  Int32Column,
  NarrowColumn,
  narrowed,
  PairInterner,
  RowInterner,
  wideEnough,
} from '../../src/profile/columns.ts';

/** More rows than the tables start with, so they grow; negative numbers are rows as well. */
const pairs = fc.array(fc.tuple(fc.integer({ min: -1, max: 40 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })), {
  maxLength: 2000,
  size: 'max',
});

describe('equal rows get equal indexes, others the next one', () => {
  test('RowInterner', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const interner = new RowInterner(2);
        expect(rows.map((row) => interner.intern(row))).toEqual(expected(rows));
      }),
    );
  });

  test('PairInterner, whatever size was expected', () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom(0, 10, 5000), (rows, size) => {
        const interner = new PairInterner(size);
        expect(rows.map(([a, b]) => interner.intern(a, b))).toEqual(expected(rows));
        const distinct = new Set(rows.map(String)).size;
        expect([interner.length, interner.first.toArray().length]).toEqual([distinct, distinct]);
      }),
    );
  });
});

describe('NarrowColumn', () => {
  const numbers = fc.array(
    fc.oneof(
      { weight: 9, arbitrary: fc.nat(255) },
      { weight: 1, arbitrary: fc.constantFrom(-0, -1, 0.5, 256, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53) },
      { weight: 1, arbitrary: fc.double() },
    ),
    { maxLength: 300, size: 'max' },
  );

  test('keeps every number as it is, and is as narrow as they allow', () => {
    fc.assert(
      fc.property(numbers, (rows) => {
        const column = new NarrowColumn();
        for (const row of rows) column.push(row);
        const fits = (kind: typeof Int32Array | typeof Uint8Array) =>
          rows.every((row) => Object.is(kind.of(row)[0], row));
        const kind = fits(Uint8Array) ? Uint8Array : fits(Int32Array) ? Int32Array : Float64Array;
        expect(column.toArray()).toEqual(kind.from(rows));
        expect(column.length).toBe(rows.length);
      }),
    );
  });

  test('what it gave before does not change when it grows', () => {
    fc.assert(
      fc.property(numbers, numbers, (rows, more) => {
        const column = new NarrowColumn();
        for (const row of rows) column.push(row);
        const before = column.toArray();
        for (const row of more) column.push(row);
        expect([...before]).toEqual(rows);
        expect([...column.toArray()]).toEqual([...rows, ...more]);
      }),
    );
  });

  test.each([
    ['Int32Column', () => new Int32Column(), (row: number) => row],
    ['Float64Column', () => new Float64Column(), (row: number) => row / 4],
    ['NarrowColumn of whole numbers', () => new NarrowColumn(), (row: number) => row],
    ['NarrowColumn of fractions', () => new NarrowColumn(), (row: number) => row / 4],
  ])('%s of more than a million rows', (_title, make, value) => {
    const column = make();
    const length = 1_200_000;
    for (let row = 0; row < length; row++) column.push(value(row));
    const rows = column.toArray();
    let wrong = 0;
    for (let row = 0; row < length; row++) if (rows[row] !== value(row)) wrong++;
    expect([rows.length, wrong]).toEqual([length, 0]);
  });
});

function expected(rows: readonly (readonly number[])[]): number[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const key = String(row);
    if (!seen.has(key)) seen.set(key, seen.size);
    return seen.get(key)!;
  });
}

test('weights of whole numbers are as wide as the greatest one', () => {
  const columns = { 0: Uint8Array, 255: Uint8Array, 256: Int32Array, 2147483647: Int32Array, 2147483648: Float64Array };
  for (const [greatest, kind] of Object.entries(columns)) {
    const column = narrowed(Float64Array.of(3, Number(greatest), 0));
    expect(column).toEqual(kind.of(3, Number(greatest), 0));
    const wide = wideEnough(Uint8Array.of(7, 8, 9), Number(greatest), 2);
    expect([wide.constructor, wide.length, ...wide.subarray(0, 2)]).toEqual([kind, 3, 7, 8]);
  }
  expect(narrowed(new Float64Array())).toEqual(new Uint8Array());
});
