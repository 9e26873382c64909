import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gaussianDensity } from '../../src/statistics/density.ts';
import { variance } from '../../src/statistics/moments.ts';

/** By the definition: a kernel for each value, looked at everywhere. */
function byDefinition(values: readonly number[], x: number): number {
  const bandwidth = Math.sqrt(variance(values)) * (4 / (3 * values.length)) ** 0.2;
  let sum = 0;
  for (const value of values) sum += Math.exp(-0.5 * ((x - value) / bandwidth) ** 2);
  return sum / (values.length * bandwidth * Math.sqrt(2 * Math.PI));
}

const times = fc.array(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 200 });

describe('the density of a sample', () => {
  test('is that of a kernel for each value, to half a percent of its height', () => {
    const values = Array.from({ length: 100 }, (_, i) => 1000 + 7 * ((i * 37) % 100) + (i % 9 === 0 ? 300 : 0));
    const { x, y } = gaussianDensity(Float64Array.from(values));
    const most = Math.max(...y);
    for (const [i, at] of x.entries()) expect(Math.abs(y[i]! - byDefinition(values, at))).toBeLessThan(most * 0.005);
  });

  test('covers an area of 1, never falls below 0, and ascends along x', () => {
    fc.assert(
      fc.property(times, (values) => {
        const { x, y } = gaussianDensity(Float64Array.from(values));
        const step = x[1]! - x[0]!;
        expect(step).toBeGreaterThan(0);
        expect(y.reduce((a, b) => a + b, 0) * step).toBeCloseTo(1, 2);
        expect(Math.min(...y)).toBeGreaterThanOrEqual(0);
        expect(x[0]).toBeLessThanOrEqual(Math.min(...values));
        expect(x.at(-1)).toBeGreaterThanOrEqual(Math.max(...values));
      }),
    );
  });

  test('values that are all the same, or 0, have one too', () => {
    for (const value of [5, 0]) {
      const { x, y } = gaussianDensity(new Float64Array(10).fill(value));
      const peak = y.indexOf(Math.max(...y));
      expect(x[peak]).toBeCloseTo(value, 1);
    }
  });
});
