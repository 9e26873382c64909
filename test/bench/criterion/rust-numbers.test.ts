import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationText, fixed, jsonFloat } from '../../../src/bench/criterion/rust-numbers.ts';
import {
  changeText,
  integerText,
  iterationsText,
  spanText,
  throughputText,
  timeText,
} from '../../../src/bench/criterion/units.ts';
import { OWN } from './recorded-trees.ts';

const [floats, durations] = readFileSync(join(OWN, 'rust-numbers.txt'), 'utf8')
  .trimEnd()
  .split('\n\n')
  .map((part) => part.split('\n').map((line) => line.split('\t')));

test('numbers are rounded as Rust rounds them', () => {
  expect(floats!.length).toBeGreaterThan(300);
  const bits = new DataView(new ArrayBuffer(8));
  for (const [hex, ...texts] of floats!) {
    bits.setBigUint64(0, BigInt(`0x${hex}`));
    const value = bits.getFloat64(0);
    [0, 1, 2, 3, 4, 7].forEach((digits, i) => {
      expect(fixed(value, digits), `${value} with ${digits}`).toBe(texts[i]);
    });
  }
});

test('durations are written as Rust writes them', () => {
  expect(durations!.length).toBeGreaterThan(50);
  for (const [nanoseconds, text] of durations!) expect(durationText(Number(nanoseconds)), nanoseconds).toBe(text);
});

test('numbers in JSON read back as they were, and always have a point or an exponent', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = jsonFloat(value);
      expect(JSON.parse(text)).toBe(value);
      expect(text).toMatch(/[.e]/);
      expect(text).not.toContain('+');
    }),
    { numRuns: 2000 },
  );
});

test.each([
  [0, '0.0'],
  [-0, '-0.0'],
  [1, '1.0'],
  [0.1, '0.1'],
  [1234.5, '1234.5'],
  [1e15, '1000000000000000.0'],
  [1e16, '1e16'],
  [1.5e16, '1.5e16'],
  [123456789012345680, '1.2345678901234568e17'],
  [1e-5, '0.00001'],
  [1.5e-5, '0.000015'],
  [1e-6, '1e-6'],
  [1.25e-7, '1.25e-7'],
  [5e-324, '5e-324'],
  [Number.NaN, 'null'],
  [Number.POSITIVE_INFINITY, 'null'],
])('%d in JSON is %s', (value, text) => {
  expect(jsonFloat(value)).toBe(text);
});

test.each([
  [0.5, '500.00 ps'],
  [0.0005, '0.5000 ps'],
  [1, '1.0000 ns'],
  [9.99995, '10.0000 ns'],
  [999.995, '1000.00 ns'],
  [1000, '1.0000 µs'],
  [1.5e6, '1.5000 ms'],
  [2e9, '2.0000 s'],
  [6e13, '60000 s'],
])('a time of %d ns is %s', (nanoseconds, text) => {
  expect(timeText(nanoseconds).trim()).toBe(text);
  expect(spanText(nanoseconds).trim()).toBe(text);
});

test.each([
  [0.05, '+5.0000%'],
  [-0.5, '-50.000%'],
  [0, '+0.0000%'],
  [1.2567, '+125.67%'],
  [99.5, '+9950.0%'],
  [123.4, '+12340%'],
  [Number.NaN, '-NaN%'],
])('a change of %d is %s', (change, text) => {
  expect(changeText(change).replace(/ /g, '')).toBe(text);
});

test.each([
  ['Bytes', 100, 66.046, '1.4101 GiB/s'],
  ['Bytes', 100, 1e9, '100.00   B/s'],
  ['Bytes', 1023, 1e9, '1023.0   B/s'],
  ['Bytes', 1024, 1e9, '1.0000 KiB/s'],
  ['BytesDecimal', 1024, 1e9, '1.0240 KB/s'],
  ['BytesDecimal', 1e6, 1e9, '1.0000 MB/s'],
  ['Elements', 1, 1e9, '1.0000  elem/s'],
  ['Elements', 1024, 829, '1.2352 Gelem/s'],
  ['Bits', 8000, 1e6, '8.0000 Mb/s'],
  ['Bits', 8, 1e9, '8.0000   b/s'],
] as const)('throughput in %s: %d in %d ns is %s', (kind, perIteration, nanoseconds, text) => {
  expect(throughputText({ kind, perIteration }, nanoseconds).trim()).toBe(text);
});

test.each([
  [9999, '9999 iterations'],
  [10_000, '10k iterations'],
  // Ties go to the even digit
  [10_500, '10k iterations'],
  [11_500, '12k iterations'],
  [6_050_000, '6.0M iterations'],
  [293_000_000, '293M iterations'],
  [1_050_000_000, '1.1B iterations'],
  [25_000_000_000, '25B iterations'],
])('%d iterations are %s', (iterations, text) => {
  expect(iterationsText(iterations)).toBe(text);
});

test.each([
  [0, '0'],
  [823.9, '823'],
  [1000, '1,000'],
  [140_352_319, '140,352,319'],
  [1.234567890123e12, '1234,567,890,123'],
  [-5, '0'],
  [Number.NaN, '0'],
  [1e300, '18446744073,709,551,615'],
])('%d for machines is %s', (value, text) => {
  expect(integerText(value)).toBe(text);
});
