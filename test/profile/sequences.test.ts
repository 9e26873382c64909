import { expect, test } from 'vitest';
import { SequenceInterner } from '../../src/profile/sequences.ts';

/** The digits of a number in base 7: many sequences of all lengths that share beginnings. */
function digits(number: number): Int32Array {
  return Int32Array.from(number.toString(7), Number);
}

test('equal sequences have one number, whatever was added since', () => {
  const interner = new SequenceInterner();
  for (let i = 0; i < 20_000; i++) expect(interner.intern(digits(i), digits(i).length)).toBe(i);
  for (let i = 0; i < 20_000; i += 7) expect(interner.intern(digits(i), digits(i).length)).toBe(i);
  expect([...interner.at(7 ** 4 + 3)]).toEqual([1, 0, 0, 0, 3]);
  const { items, start } = interner.take();
  expect([start.length, start.at(-1)]).toEqual([20_001, items.length]);
});

test('only the first numbers count, none is a sequence too', () => {
  const interner = new SequenceInterner();
  expect(interner.intern(Int32Array.of(4, 5, 6), 2)).toBe(0);
  expect(interner.intern(Int32Array.of(4, 5, 9), 2)).toBe(0);
  expect(interner.intern(Int32Array.of(4, 5, 9), 3)).toBe(1);
  expect(interner.intern(new Int32Array(0), 0)).toBe(2);
  expect(interner.intern(Int32Array.of(1), 0)).toBe(2);
});

test('those that were appended without a look are found afterwards', () => {
  const interner = new SequenceInterner();
  for (let i = 0; i < 5000; i++) interner.append(digits(i), digits(i).length);
  for (let i = 4999; i >= 0; i--) expect(interner.intern(digits(i), digits(i).length)).toBe(i);
  expect(interner.append(digits(5000), digits(5000).length)).toBe(5000);
  expect(interner.intern(digits(5000), digits(5000).length)).toBe(5000);
});

test('where nearly all are new, some are held twice; where they recur after all, few are', () => {
  const interner = new SequenceInterner();
  const given = Array.from({ length: 40_000 }, (_, i) => digits(i));
  for (let round = 0; round < 10; round++) {
    given.forEach((sequence, i) => {
      const found = interner.add(sequence, sequence.length);
      if (i % 397 === 0) expect(interner.at(found)).toEqual(sequence);
    });
  }
  const { start } = interner.take();
  expect(start.length - 1).toBeGreaterThan(40_000);
  expect(start.length - 1).toBeLessThan(80_000);
});

test('where sequences recur from the start, each is held once', () => {
  const interner = new SequenceInterner();
  const given = Array.from({ length: 5000 }, (_, i) => digits(i));
  for (let round = 0; round < 10; round++) {
    const found = given.map((sequence) => interner.add(sequence, sequence.length));
    expect(found).toEqual(given.map((_, i) => i));
  }
});
