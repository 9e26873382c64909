import { describe, expect, test } from 'vitest';
import { displayUnit, formatInUnit, formatPercent, formatValue, groupDigits } from '../../src/profile/units.ts';

describe('formatValue', () => {
  test.each([
    [0, 'nanoseconds', '0 ns'],
    [999, 'nanoseconds', '999 ns'],
    [1000, 'nanoseconds', '1 µs'],
    [12_340, 'nanoseconds', '12.3 µs'],
    [999_600, 'nanoseconds', '1 ms'],
    [999_400, 'nanoseconds', '999 µs'],
    [9_996_000, 'nanoseconds', '10 ms'],
    [1_234_567_890, 'nanoseconds', '1.23 s'],
    [4_321_000_000_000, 'nanoseconds', '4,321 s'],
    [1500, 'microseconds', '1.5 ms'],
    [2, 'seconds', '2 s'],
    [0, 'bytes', '0 B'],
    [1023, 'bytes', '1,023 B'],
    [1000, 'bytes', '1,000 B'],
    [1536, 'bytes', '1.5 KiB'],
    [3 * 1024 ** 3, 'bytes', '3 GiB'],
    [1_234_567, 'count', '1,234,567'],
    [1234.567, 'count', '1,234.57'],
    [Number.MAX_SAFE_INTEGER, 'count', '9,007,199,254,740,991'],
    [1234, 'cycles', '1,234 cycles'],
  ])('%d %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });
});

test('groupDigits never groups the fraction and drops zeros that say nothing', () => {
  expect(groupDigits(1234.5678, 4)).toBe('1,234.5678');
  expect(groupDigits(1000.5, 3)).toBe('1,000.5');
  expect(groupDigits(100, 2)).toBe('100');
});

test('one unit for a whole picture', () => {
  const ms = displayUnit({ type: 'cpu', unit: 'nanoseconds' });
  expect(ms).toEqual({ divisor: 1e6, name: 'ms' });
  expect([1, 1000, 1_234_000, 123_456_789, 12_345_678_900].map((value) => formatInUnit(value, ms))).toEqual([
    '0',
    '0.001',
    '1.23',
    '123.5',
    '12,346',
  ]);
  expect(displayUnit({ type: 'cpu', unit: 'microseconds' })).toEqual({ divisor: 1000, name: 'ms' });
  expect(displayUnit({ type: 'cycles', unit: 'count' })).toEqual({ divisor: 1, name: 'cycles' });
  expect(displayUnit({ type: 'alloc_space', unit: 'bytes' })).toEqual({ divisor: 1, name: 'bytes' });
  expect(displayUnit({ type: '', unit: '' })).toEqual({ divisor: 1, name: 'samples' });
});

test('formatPercent', () => {
  expect(formatPercent(1, 3)).toBe('33.33%');
  expect(formatPercent(1, 3, 1)).toBe('33.3%');
  expect(formatPercent(0, 0)).toBe('0.00%');
});
