import { expect, test } from 'vitest';
import { mean, variance } from '../../src/statistics/moments.ts';
import { difference, welch } from '../../src/statistics/welch.ts';

/** Student's sleep data (Biometrika 6, 1908), as R's `sleep`: `t.test(extra ~ group)` prints the numbers below. */
const ONE = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
const OTHER = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

test("Welch's t test gives what R gives", () => {
  const estimate = (values: readonly number[]) => ({
    mean: mean(values),
    variance: variance(values) / values.length,
    freedom: values.length - 1,
  });
  const { delta, low, high, p } = welch(estimate(ONE), estimate(OTHER), 0.05);
  expect(delta).toBeCloseTo(1.58, 12);
  expect(p).toBeCloseTo(0.07939, 5);
  expect(low).toBeCloseTo(-0.2054832, 6);
  expect(high).toBeCloseTo(3.3654832, 6);
});

test('so does the paired test', () => {
  const deltas = OTHER.map((value, i) => value - ONE[i]!);
  const { low, high, p } = difference(mean(deltas), variance(deltas) / 10, 9, 0.05);
  expect(p).toBeCloseTo(0.002833, 6);
  expect(low).toBeCloseTo(0.7001142, 6);
  expect(high).toBeCloseTo(2.4598858, 6);
});

test('what does not vary differs, or does not', () => {
  const exact = (value: number) => ({ mean: value, variance: 0, freedom: 2 });
  expect(welch(exact(5), exact(5), 0.05)).toEqual({ delta: 0, low: 0, high: 0, p: 1 });
  expect(welch(exact(5), exact(6), 0.05)).toEqual({ delta: 1, low: 1, high: 1, p: 0 });
});
