import { expect, test } from 'vitest';
import { referenceScale } from '../../../src/profile/diff/reference-scale.ts';
import type { TestedRows } from '../../../src/profile/diff/row-weights.ts';

const counts = (weights: readonly number[]): TestedRows => ({
  weight: Float64Array.from(weights),
  squares: Float64Array.from(weights),
  each: 1,
});
const scaleOf = (before: readonly number[], after: readonly number[]) =>
  referenceScale(counts(before), counts(after))?.scale;

test('is 1 where one function became slower, even the heaviest', () => {
  expect(scaleOf([1000, 2000, 500, 700], [1200, 2010, 495, 705])).toBeCloseTo(1, 1);
  expect(scaleOf([9000, 500, 500], [10800, 505, 498])).toBeCloseTo(1, 1);
});

test('is the factor that most functions have in common', () => {
  expect(scaleOf([1000, 2000, 500, 700], [3600, 6020, 1490, 2110])).toBeCloseTo(3, 1);
  expect(scaleOf([1000, 2000, 500, 700], [700, 900, 226, 317])).toBeCloseTo(0.45, 1);
});

test('of two functions that changed by different factors it is that of the one that did not change at all', () => {
  expect(scaleOf([5000, 5000], [6000, 5000])).toBeCloseTo(1, 2);
  expect(scaleOf([5000, 5000], [5000, 6000])).toBeCloseTo(1, 2);
});

test('is not known where functions agree on nothing', () => {
  expect(scaleOf([5000, 5000], [12_000, 10_000])).toBeUndefined();
  expect(scaleOf([], [])).toBeUndefined();
  expect(scaleOf([3, 4], [4, 3])).toBeUndefined();
});
