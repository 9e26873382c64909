import { describe, expect, test } from 'vitest';
import { bootstrapMeanDifference } from '../../src/statistics/bootstrap.ts';
import { benjaminiHochberg } from '../../src/statistics/false-discovery.ts';
import { mean, variance } from '../../src/statistics/moments.ts';
import { median, quantile, sorted } from '../../src/statistics/quantile.ts';
import { SeededRandom } from '../../src/statistics/random.ts';

describe("Benjamini and Hochberg's correction", () => {
  test('the example of their paper: four of fifteen are rejected', () => {
    const p = Float64Array.of(
      0.0001,
      0.0004,
      0.0019,
      0.0095,
      0.0201,
      0.0278,
      0.0298,
      0.0344,
      0.0459,
      0.324,
      0.4262,
      0.5719,
      0.6528,
      0.759,
      1,
    );
    const adjusted = benjaminiHochberg(p);
    expect([...adjusted].filter((each) => each <= 0.05)).toHaveLength(4);
    expect(adjusted[0]).toBeCloseTo(0.0015, 10);
    expect(adjusted[3]).toBeCloseTo(0.035625, 10);
    expect(adjusted[14]).toBe(1);
  });

  test('the order does not matter, what was not tested does not count', () => {
    const adjusted = benjaminiHochberg(Float64Array.of(0.04, Number.NaN, 0.001, Number.NaN));
    expect([...adjusted]).toEqual([0.04, Number.NaN, 0.002, Number.NaN]);
    expect(benjaminiHochberg(new Float64Array())).toHaveLength(0);
  });
});

describe('random numbers', () => {
  test('are those of xoshiro128**', () => {
    const random = new SeededRandom(1);
    Object.assign(random, { state: Uint32Array.of(1, 2, 3, 4) });
    expect(Array.from({ length: 6 }, () => random.uint32())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492,
    ]);
  });

  test('are the same for the same seed, and look evenly and normally distributed', () => {
    const uniform = Array.from(
      { length: 20_000 },
      (
        (random) => () =>
          random.uniform()
      )(new SeededRandom(7)),
    );
    const again = new SeededRandom(7);
    expect(uniform.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => again.uniform()));
    expect(mean(uniform)).toBeCloseTo(0.5, 1);
    expect(variance(uniform)).toBeCloseTo(1 / 12, 2);
    const random = new SeededRandom(8);
    const normal = Array.from({ length: 20_000 }, () => random.normal());
    expect(mean(normal)).toBeCloseTo(0, 1);
    expect(variance(normal)).toBeCloseTo(1, 1);
    const below = new Set(Array.from({ length: 1000 }, () => random.below(6)));
    expect([...below].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('order and moments', () => {
  test('quantiles as R and NumPy have them', () => {
    const ascending = sorted([4, 1, 3, 2]);
    expect([...ascending]).toEqual([1, 2, 3, 4]);
    expect([0, 0.25, 0.5, 0.9, 1].map((part) => quantile(ascending, part))).toEqual([1, 1.75, 2.5, 3.7, 4]);
    expect(median([5])).toBe(5);
    expect(quantile(new Float64Array(), 0.5)).toBeNaN();
  });

  test('mean and unbiased variance', () => {
    expect(mean([1, 2, 3, 4])).toBe(2.5);
    expect(variance([1, 2, 3, 4])).toBeCloseTo(5 / 3, 12);
    expect(variance([1])).toBeNaN();
  });
});

test('bootstrap: nine of ten intervals or more hold the true difference of eight and eight runs', () => {
  const random = new SeededRandom(3);
  let held = 0;
  for (let trial = 0; trial < 300; trial++) {
    const before = Float64Array.from({ length: 8 }, () => random.normal());
    const after = Float64Array.from({ length: 8 }, () => 1 + random.normal());
    const { low, high } = bootstrapMeanDifference(before, after, { resamples: 500, random });
    if (low <= 1 && 1 <= high) held++;
  }
  expect(held).toBeGreaterThan(270);
  expect(held).toBeLessThan(300);
});
