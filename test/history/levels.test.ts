import { expect, test } from 'vitest';
import { levelsOf, tailScale } from '../../src/history/levels.ts';
import { SeededRandom } from '../../src/statistics/random.ts';

test('neighbours that are alike are told as such, up to what their number allows; independent ones hardly', () => {
  const dependence = (r: number): number => {
    let sum = 0;
    for (let seed = 1; seed <= 50; seed++) {
      const random = new SeededRandom(seed);
      let last = random.normal();
      const values = Float64Array.from({ length: 100 }, () => {
        last = r * last + Math.sqrt(1 - r * r) * random.normal();
        return last;
      });
      sum += levelsOf(values).noise([]).dependence / 50;
    }
    return sum;
  };
  expect(dependence(0.5)).toBeCloseTo(0.5, 1);
  expect(dependence(0.3)).toBeCloseTo(0.3, 1);
  expect(dependence(0)).toBeLessThan(0.08);
});

test('heavier tails put the same quantile further out, the less the more values are averaged', () => {
  expect(tailScale(0, 3, 1e-5)).toBe(1);
  expect(tailScale(2, 3, 1e-5)).toBeGreaterThan(tailScale(2, 10, 1e-5));
  expect(tailScale(2, 10, 1e-5)).toBeGreaterThan(1);
});
