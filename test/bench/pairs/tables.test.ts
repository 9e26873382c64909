import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adjustVerdicts } from '../../../src/bench/pairs/adjust-verdicts.ts';
import { compareApart } from '../../../src/bench/pairs/compare-apart.ts';
import { turnsOfTwo } from '../../../src/bench/pairs/schedule.ts';
import type { PairedVerdict } from '../../../src/bench/pairs/verdict.ts';
import { holm } from '../../../src/statistics/holm.ts';
import { SeededRandom } from '../../../src/statistics/random.ts';

const verdict = (p: number): PairedVerdict => ({
  ratio: 1.1,
  low: 1.05,
  high: 1.15,
  k: 10,
  p,
  verdict: p <= 0.01 ? 'regressed' : 'equivalent',
});

describe('verdicts of a table', () => {
  test('one alone stands as it is', () => {
    expect(adjustVerdicts([verdict(0.009), undefined])).toEqual([{ ...verdict(0.009), adjusted: 0.009 }, undefined]);
  });

  test('a weak one among many is taken back, a strong one stands', () => {
    const table = [verdict(0.009), verdict(1e-6), ...Array.from({ length: 50 }, () => verdict(0.6))];
    for (const correction of ['bh', 'holm'] as const) {
      const [weak, strong, other] = adjustVerdicts(table, { correction });
      expect([weak!.verdict, strong!.verdict, other!.verdict]).toEqual(['inconclusive', 'regressed', 'equivalent']);
    }
    expect(adjustVerdicts(table, { correction: 'none' })[0]!.verdict).toBe('regressed');
  });

  test('a benchmark that has a budget of its own is judged by that', () => {
    const weak = { ...verdict(0.03), verdict: 'regressed' } as const;
    for (const correction of ['bh', 'holm', 'none'] as const) {
      const [own, none] = adjustVerdicts([weak, weak], { correction, budgets: [0.1, undefined] });
      expect([own!.verdict, none!.verdict]).toEqual(['regressed', 'inconclusive']);
      expect(own!.adjusted).toBeGreaterThanOrEqual(0.03);
      expect(own!.adjusted).toBeLessThanOrEqual(0.1);
    }
  });

  test("Holm's procedure: his p-values, never less than the unadjusted, in their order", () => {
    expect([...holm(Float64Array.of(0.01, 0.04, 0.03, Number.NaN))]).toEqual([0.03, 0.06, 0.06, Number.NaN]);
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (p) => {
        const adjusted = holm(Float64Array.from(p));
        for (const [i, each] of p.entries()) {
          expect(adjusted[i]!).toBeGreaterThanOrEqual(each);
          expect(adjusted[i]!).toBeLessThanOrEqual(Math.min(1, Math.max(each, each * p.length)) + 1e-12);
          for (const [j, other] of p.entries())
            if (each < other) expect(adjusted[i]!).toBeLessThanOrEqual(adjusted[j]!);
        }
      }),
    );
  });
});

describe('sides that were measured apart', () => {
  const random = new SeededRandom(5);
  const session = (centre: number) => {
    const level = centre + 0.02 * random.normal();
    return Array.from({ length: 20 }, () => level + 0.005 * random.normal());
  };

  test('sessions that differ by what sessions differ by are no change', () => {
    let wrong = 0;
    for (let i = 0; i < 500; i++) {
      const { verdict } = compareApart(session(0), session(0));
      if (verdict !== 'inconclusive' && verdict !== 'equivalent') wrong++;
    }
    expect(wrong).toBeLessThanOrEqual(5);
  });

  test('a change of a fifth is one', () => {
    expect(compareApart(session(0), session(Math.log(1.2)))).toMatchObject({ verdict: 'regressed', k: 20 });
    expect(compareApart(session(0), session(Math.log(0.8)))).toMatchObject({ verdict: 'improved' });
  });

  test('exact numbers without drift are told apart', () => {
    expect(compareApart([1, 1], [1.1, 1.1], { sessionDrift: 0 })).toMatchObject({ verdict: 'regressed', p: 0 });
  });
});

test('pairs are in random order, the same for the same seed, and each side is first as often as the other', () => {
  const schedule = (seed: number) => turnsOfTwo(new SeededRandom(seed));
  const order = schedule(9);
  const firsts = Array.from({ length: 100 }, (_, pair) => order(pair)[0]!);
  expect(firsts.filter((side) => side === 0)).toHaveLength(50);
  const again = schedule(9);
  expect(firsts).toEqual(Array.from({ length: 100 }, (_, pair) => again(pair)[0]!));
  expect(firsts).not.toEqual(Array.from({ length: 100 }, (_, pair) => schedule(10)(pair)[0]!));
});
