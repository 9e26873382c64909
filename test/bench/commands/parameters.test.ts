import fc from 'fast-check';
import { expect, test } from 'vitest';
import { combinations, listValues, scanValues, substitute } from '../../../src/bench/commands/parameters.ts';

test('a scan adds decimals exactly and ends where it was told to', () => {
  expect(scanValues('n', '1', '4')).toEqual(['1', '2', '3', '4']);
  expect(scanValues('delay', '0.3', '0.7', '0.2')).toEqual(['0.3', '0.5', '0.7']);
  expect(scanValues('n', '0', '1', '0.25')).toEqual(['0.00', '0.25', '0.50', '0.75', '1.00']);
  expect(scanValues('n', '3', '-3', '-2')).toEqual(['3', '1', '-1', '-3']);
  expect(scanValues('n', '-0.05', '0.05', '0.05')).toEqual(['-0.05', '0.00', '0.05']);
  expect(scanValues('n', '5', '5')).toEqual(['5']);
});

test('a scan has as many values as steps fit, whatever the numbers', () => {
  const cents = fc.integer({ min: -500, max: 500 });
  fc.assert(
    fc.property(cents, fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 50 }), (from, span, step) => {
      const text = (value: number): string => (value / 100).toFixed(2);
      const values = scanValues('n', text(from), text(from + span), text(step));
      expect(values.map((value) => Math.round(Number(value) * 100))).toEqual(
        Array.from({ length: Math.floor(span / step) + 1 }, (_, i) => from + i * step),
      );
    }),
  );
});

test('a scan that leads nowhere is refused in one line', () => {
  expect(() => scanValues('n', '1', 'many')).toThrow('parameter n: "many" is no decimal number');
  expect(() => scanValues('n', '1', '8', '0')).toThrow('the step of parameter n is zero');
  expect(() => scanValues('n', '8', '1')).toThrow('parameter n never gets from 8 to 1 in steps of 1');
  expect(() => scanValues('n', '0', '1e9')).toThrow('no decimal number');
  expect(() => scanValues('n', '0', '1000000000')).toThrow('parameter n has 1000000001 values');
});

test('lists are split at commas that no backslash takes away', () => {
  expect(listValues('gcc,clang')).toEqual(['gcc', 'clang']);
  expect(listValues('a\\,b,c,')).toEqual(['a,b', 'c', '']);
});

test('all combinations, the last parameter the fastest', () => {
  const both = combinations([
    { name: 'a', values: ['1', '2'] },
    { name: 'b', values: ['x', 'y'] },
  ]);
  expect(both.map((values) => [...values.values()].join(''))).toEqual(['1x', '1y', '2x', '2y']);
  expect(combinations([])).toEqual([new Map()]);
  expect(() =>
    combinations([
      { name: 'a', values: [] },
      { name: 'a', values: [] },
    ]),
  ).toThrow('parameter a is given twice');
});

test('values are put in once, and never looked through again', () => {
  const values = new Map([
    ['a', '{b}'],
    ['b', '2'],
  ]);
  expect(substitute('x {a} {b} {c} {{b}', values)).toBe('x {b} 2 {c} {2');
  expect(substitute('{constructor}', values)).toBe('{constructor}');
});
