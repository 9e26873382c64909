import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changePoints } from '../../src/history/change-points.ts';
import { bestSplit, distanceSums } from '../../src/history/e-divisive.ts';
import { withoutOutliers } from '../../src/history/hampel.ts';
import { SeededRandom } from '../../src/statistics/random.ts';

const series = fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 6, maxLength: 24 });

/** By the definition: all pairs, everywhere. */
function slowSplit(values: readonly number[], least: number): number {
  const average = (xs: readonly number[], ys: readonly number[]): number =>
    xs.reduce((sum, x) => sum + ys.reduce((row, y) => row + Math.abs(x - y), 0), 0) / (xs.length * ys.length);
  let most = Number.NEGATIVE_INFINITY;
  for (let at = least; at <= values.length - least; at++) {
    for (let end = at + least; end <= values.length; end++) {
      const [x, y] = [values.slice(0, at), values.slice(at, end)];
      const weight = (x.length * y.length) / (x.length + y.length);
      most = Math.max(most, weight * (2 * average(x, y) - average(x, x) - average(y, y)));
    }
  }
  return most;
}

/** A level with normal noise, from `at` on another one. */
function step(length: number, at: number, change: number, { noise = 0.02, outliers = 0, seed = 1 } = {}): number[] {
  const random = new SeededRandom(seed);
  return Array.from({ length }, (_, i) => {
    const level = i >= at ? 1 + change : 1;
    return level * (1 + noise * random.normal()) * (random.uniform() < outliers ? 1.5 : 1);
  });
}

describe('the E-divisive split', () => {
  test('is the one of the largest energy distance, by the definition', () => {
    fc.assert(
      fc.property(series, (values) => {
        const found = bestSplit(distanceSums(Float64Array.from(values)), 0, values.length, 3)!;
        expect(found.distance).toBeCloseTo(slowSplit(values, 3), 9);
      }),
    );
  });

  test('too short a series has none', () => {
    expect(bestSplit(distanceSums(Float64Array.of(1, 2, 3, 4, 5)), 0, 5, 3)).toBeUndefined();
  });
});

describe('outliers', () => {
  test('one or two slow runs are drawn in, three in a row are a level', () => {
    const at = (...slow: readonly number[]) => {
      const values = step(40, 40, 0);
      for (const i of slow) values[i]! *= 1.5;
      return withoutOutliers(values);
    };
    expect(at(20).outliers).toEqual([20]);
    expect(Math.abs(at(20).values[20]! - 1)).toBeLessThan(0.08);
    expect(at(20, 21).outliers).toEqual([20, 21]);
    expect(at(39).outliers).toEqual([39]);
    expect(at(37, 38, 39).outliers).toEqual([]);
  });
});

describe('change points', () => {
  test.each([
    [0.1, 0.02],
    [0.5, 0.05],
    [-0.2, 0.02],
  ])('a step of %d at noise of %d is found where it is, with its size', (change, noise) => {
    for (let seed = 1; seed <= 20; seed++) {
      const { points } = changePoints(step(80, 50, change, { noise, seed }));
      expect(points).toHaveLength(1);
      expect(Math.abs(points[0]!.at - 50)).toBeLessThanOrEqual(1);
      expect(points[0]!.change).toBeCloseTo(change, 1);
    }
  });

  test('with outliers too: three commits after a step of 10 %', () => {
    let found = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const { points } = changePoints(step(53, 50, 0.1, { outliers: 0.03, seed }));
      if (points.some(({ at }) => Math.abs(at - 50) <= 1)) found++;
    }
    expect(found).toBeGreaterThanOrEqual(38);
  });

  test('up and down again are two', () => {
    const values = step(90, 30, 0.2);
    for (let i = 60; i < 90; i++) values[i]! /= 1.2;
    const { points } = changePoints(values);
    expect(points.map(({ change }) => Math.sign(change))).toEqual([1, -1]);
  });

  test('noise alone is none, nor are single slow runs', () => {
    let alarms = 0;
    for (let seed = 1; seed <= 60; seed++)
      alarms += changePoints(step(100, 100, 0, { outliers: 0.03, seed })).points.length;
    expect(alarms).toBeLessThanOrEqual(1);
  });

  test('values that never vary: no change, or the one there is', () => {
    expect(changePoints(new Array(30).fill(5)).points).toEqual([]);
    const { points } = changePoints([...new Array(20).fill(5), ...new Array(10).fill(6)]);
    expect(points).toMatchObject([{ at: 20, before: expect.closeTo(5, 9), after: expect.closeTo(6, 9) }]);
  });

  test('smaller ones than asked for are not told', () => {
    expect(changePoints(step(80, 50, 0.1), { least: 0.2 }).points).toEqual([]);
  });

  test('short series and any numbers above 0 are taken', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), { maxLength: 40 }), (values) => {
        for (const { at, p } of changePoints(values).points) {
          expect(at).toBeGreaterThanOrEqual(3);
          expect(at).toBeLessThanOrEqual(values.length - 3);
          expect(p).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
