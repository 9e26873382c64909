import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changePoints } from '../../src/history/change-points.ts';
import { withoutOutliers } from '../../src/history/hampel.ts';
import { SeededRandom } from '../../src/statistics/random.ts';

/** A level with normal noise, from `at` on another one. */
function step(length: number, at: number, change: number, { noise = 0.02, outliers = 0, seed = 1 } = {}): number[] {
  const random = new SeededRandom(seed);
  return Array.from({ length }, (_, i) => {
    const level = i >= at ? 1 + change : 1;
    return level * (1 + noise * random.normal()) * (random.uniform() < outliers ? 1.5 : 1);
  });
}

describe('outliers', () => {
  test('one or two slow runs are left out, three in a row are a level', () => {
    const at = (...slow: readonly number[]) => {
      const values = step(40, 40, 0);
      for (const i of slow) values[i]! *= 1.5;
      return withoutOutliers(values);
    };
    expect(at(20).outliers).toEqual([20]);
    expect([...at(20).places.slice(19, 21)]).toEqual([19, 21]);
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

  test('five commits after a step of 5 % at noise of 2 %, with outliers; noise alone is told no more often than promised', () => {
    let found = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const { points } = changePoints(step(45, 40, 0.05, { outliers: 0.03, seed }));
      if (points.some(({ at }) => Math.abs(at - 40) <= 5)) found++;
    }
    expect(found).toBeGreaterThanOrEqual(85);
  });

  test('a drift is told as one, a step as a step', () => {
    let [drifts, steps] = [0, 0];
    for (let seed = 1; seed <= 40; seed++) {
      const random = new SeededRandom(seed);
      const drifting = Array.from({ length: 120 }, (_, i) => (1 + 0.0005 * i) * (1 + 0.02 * random.normal()));
      const told = changePoints(drifting).points;
      drifts += told.filter(({ isDrift }) => isDrift).length;
      expect(told.every(({ change }) => change > 0)).toBe(true);
      steps += told.length;
      expect(changePoints(step(120, 60, 0.06, { seed })).points.map(({ isDrift }) => isDrift)).toEqual([false]);
    }
    expect(steps).toBeGreaterThanOrEqual(40);
    expect(drifts / steps).toBeGreaterThan(0.8);
  });

  test('a series that often leaves its level and comes back needs more than a quiet one', () => {
    const told = (excursions: boolean): number => {
      let count = 0;
      for (let seed = 1; seed <= 40; seed++) {
        const values = step(65, 60, 0.055, { seed });
        if (excursions) for (const start of [15, 30, 45]) for (let i = start; i < start + 4; i++) values[i]! *= 1.045;
        count += changePoints(values).points.some(({ at }) => at >= 58) ? 1 : 0;
      }
      return count;
    };
    expect(told(false)).toBeGreaterThanOrEqual(36);
    expect(told(true)).toBeLessThan(told(false) / 2);
  });

  test('values of 0 and less are judged by their differences', () => {
    const values = [...step(40, 40, 0), ...step(20, 20, 0, { seed: 2 })].map(
      (value, i) => (i < 40 ? 0 : 5) + value - 1,
    );
    const { points } = changePoints(values);
    expect(points).toMatchObject([{ at: 40, before: expect.closeTo(0, 1), after: expect.closeTo(5, 1) }]);
    expect(changePoints(new Array(30).fill(0)).points).toEqual([]);
    expect(changePoints([...new Array(20).fill(0), ...new Array(10).fill(3)]).points).toMatchObject([
      { at: 20, before: 0, after: 3, change: Number.POSITIVE_INFINITY },
    ]);
  });

  test('values that hang together need more: wandering is no step', () => {
    let alarms = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const random = new SeededRandom(seed);
      let last = 0;
      const values = Array.from({ length: 150 }, () => {
        last = 0.5 * last + 0.02 * random.normal();
        return 1 + last;
      });
      alarms += changePoints(values).points.length;
    }
    expect(alarms).toBeLessThanOrEqual(6);
  });

  test('of a long series every piece is judged, each change told once', () => {
    for (const at of [30, 250, 399, 400, 401, 777, 995]) {
      const { points } = changePoints(step(1000, at, 0.1, { seed: at }));
      expect(points.map((point) => point.at)).toEqual([at]);
    }
  });

  test('smaller ones than asked for are not told', () => {
    expect(changePoints(step(80, 50, 0.1), { least: 0.2 }).points).toEqual([]);
  });

  test('what is told is as large as was asked for, also where the place was moved', () => {
    let told = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const { points } = changePoints(step(60, 55, 0.1, { noise: 0.03, seed }), { least: 0.1 });
      told += points.length;
      for (const { change } of points) expect(Math.abs(change)).toBeGreaterThanOrEqual(0.1);
    }
    expect(told).toBeGreaterThan(15);
  });

  test('short series and any numbers above 0 are taken', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), { maxLength: 40 }), (values) => {
        for (const { at, p } of changePoints(values).points) {
          expect(at).toBeGreaterThanOrEqual(2);
          expect(at).toBeLessThanOrEqual(values.length - 2);
          expect(p).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
