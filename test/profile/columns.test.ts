import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PairInterner, RowInterner } from '../../src/profile/columns.ts';

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

function expected(rows: readonly (readonly number[])[]): number[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const key = String(row);
    if (!seen.has(key)) seen.set(key, seen.size);
    return seen.get(key)!;
  });
}
