import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparePairs, isDecided } from '../../../src/bench/pairs/compare-pairs.ts';
import { FEWEST_PAIRS, looksUpTo } from '../../../src/bench/pairs/looks.ts';
import type { PairedVerdict } from '../../../src/bench/pairs/verdict.ts';
import { SeededRandom } from '../../../src/statistics/random.ts';

/** Measures pair by pair and stops as soon as that is allowed, as the runner does. */
function run(draw: () => number, maxPairs = 30, noise = 0.01, budget = 0.01): PairedVerdict {
  const pairs: number[] = [];
  for (;;) {
    pairs.push(draw());
    if (pairs.length < 2) continue;
    const verdict = comparePairs(pairs, { maxPairs, noise, budget });
    if (isDecided(verdict, { maxPairs })) return verdict;
  }
}

function tally(times: number, each: (turn: number) => PairedVerdict): Record<PairedVerdict['verdict'], number> {
  const counts = { regressed: 0, improved: 0, equivalent: 0, inconclusive: 0 };
  for (let i = 0; i < times; i++) counts[each(i).verdict]++;
  return counts;
}

describe('looks', () => {
  test('up to thirty pairs', () => {
    expect(looksUpTo(30).map(({ pairs }) => pairs)).toEqual([5, 6, 8, 11, 14, 18, 23, 30]);
    expect(looksUpTo(FEWEST_PAIRS)).toEqual([{ pairs: 5, share: 1 }]);
  });

  test('grow, end where asked, and spend the whole budget', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 2000 }), (most) => {
        const looks = looksUpTo(most);
        expect(looks.at(-1)!.pairs).toBe(most);
        expect(looks[0]!.pairs).toBe(5);
        for (const [i, { pairs, share }] of looks.entries()) {
          expect(share).toBeGreaterThan(0);
          if (i > 0) expect(pairs).toBeGreaterThan(looks[i - 1]!.pairs);
        }
        expect(looks.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
      }),
    );
  });
});

describe('one comparison', () => {
  test('the four verdicts', () => {
    const spread = (centre: number) => Array.from({ length: 30 }, (_, i) => centre + ((i % 5) - 2) * 0.002);
    expect(comparePairs(spread(Math.log(1.05)))).toMatchObject({ verdict: 'regressed', k: 30 });
    expect(comparePairs(spread(Math.log(0.95)))).toMatchObject({ verdict: 'improved' });
    expect(comparePairs(spread(0))).toMatchObject({ verdict: 'equivalent' });
    const near = comparePairs(spread(Math.log(1.011)));
    expect(near.verdict).toBe('inconclusive');
    expect(near.morePairs).toBeGreaterThan(0);
    expect(near.low).toBeLessThan(1.011);
    expect(near.high).toBeGreaterThan(1.011);
  });

  test('exact measurements have an interval without width', () => {
    const verdict = comparePairs([0.1, 0.1, 0.1, 0.1, 0.1]);
    expect(verdict).toMatchObject({ verdict: 'regressed', p: 0 });
    expect(verdict.low).toBe(verdict.high);
    expect(comparePairs([0, 0, 0, 0, 0])).toMatchObject({ verdict: 'equivalent', ratio: 1, p: 1 });
  });

  test('fewer than five pairs decide nothing', () => {
    expect(comparePairs([0.5, 0.5, 0.5, 0.5]).verdict).toBe('inconclusive');
  });

  test('the advice how many more pairs it takes is right where pairs go on as they were', () => {
    const go = (n: number) => Array.from({ length: n }, (_, i) => Math.log(1.015) + ((i % 5) - 2) * 0.01);
    const { verdict, morePairs = 0 } = comparePairs(go(30));
    expect(verdict).toBe('inconclusive');
    const at = (n: number) => comparePairs(go(n), { maxPairs: n }).verdict;
    expect(at(Math.ceil((30 + morePairs) * 1.1))).toBe('regressed');
    expect(at(Math.floor((30 + morePairs) * 0.7))).toBe('inconclusive');
  });

  test('base and head change places: the verdict is turned round, nothing else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 5, maxLength: 40 }),
        (pairs) => {
          const one = comparePairs(pairs);
          const other = comparePairs(pairs.map((each) => -each));
          expect(other.ratio).toBeCloseTo(1 / one.ratio, 10);
          expect(other.low).toBeCloseTo(1 / one.high, 10);
          expect(other.p).toBeCloseTo(one.p, 10);
          const turned = {
            regressed: 'improved',
            improved: 'regressed',
            equivalent: 'equivalent',
            inconclusive: 'inconclusive',
          };
          expect(other.verdict).toBe(turned[one.verdict]);
        },
      ),
    );
  });

  test('a change is told exactly where p is within the budget of the look', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -0.02, max: 0.08, noNaN: true }), { minLength: 5, maxLength: 5 }),
        fc.constantFrom(0.2, 0.05, 0.01),
        (pairs, budget) => {
          const { p, verdict } = comparePairs(pairs, { budget, maxPairs: 5 });
          expect(verdict === 'regressed' || verdict === 'improved').toBe(p < budget);
        },
      ),
    );
  });
});

describe('error rates, simulated', () => {
  const random = new SeededRandom(20_261);
  /** What single pairs look like: well behaved; one in ten disturbed; heavy tails; two levels, as of code placed by chance. */
  const SHAPES: Record<string, () => number> = {
    normal: () => random.normal(),
    disturbed: () => random.normal() * (random.below(10) === 0 ? 10 : 1),
    'Student t with 3': () =>
      random.normal() / Math.sqrt((random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2) / 3),
    'two levels': () => (random.below(2) - random.below(2)) * 1.4 + 0.1 * random.normal(),
  };

  test.each(Object.entries(SHAPES))('nothing changed, %s: wrong verdicts stay within the budget', (_name, draw) => {
    const budget = 0.05;
    const counts = tally(600, () => run(() => 0.02 * draw(), 30, 0, budget));
    // 0.05 + 2.6 standard errors of 600
    expect((counts.regressed + counts.improved) / 600).toBeLessThan(0.073);
  });

  test('a change as large as the threshold is called beyond it, or within it, within the budget', () => {
    const counts = tally(600, () => run(() => Math.log(1.01) + 0.01 * random.normal(), 30, 0.01, 0.05));
    expect((counts.regressed + counts.improved + counts.equivalent) / 600).toBeLessThan(0.073);
  });

  test('nothing changed, defaults: at most one in a hundred', () => {
    const counts = tally(1000, (turn) => run(() => (0.005 + 0.03 * (turn / 1000)) * random.normal()));
    expect(counts.regressed + counts.improved).toBeLessThanOrEqual(10);
    expect(counts.equivalent).toBeGreaterThan(100);
  });

  test('changes of 5 % and of 2 % are found, in few pairs where they are plain', () => {
    let pairs = 0;
    const five = tally(300, () => {
      const verdict = run(() => Math.log(1.05) + 0.02 * random.normal());
      pairs += verdict.k;
      return verdict;
    });
    expect(five.regressed / 300).toBeGreaterThan(0.97);
    expect(pairs / 300).toBeLessThan(16);
    const two = tally(300, () => run(() => Math.log(1.02) + 0.012 * random.normal()));
    expect(two.regressed / 300).toBeGreaterThan(0.8);
    expect(two.improved).toBe(0);
  });
});
