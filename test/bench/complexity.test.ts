import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Growth, guessComplexity } from '../../src/bench/complexity.ts';

const SIZES = [10, 30, 100, 300, 1000, 3000, 10_000];

const curves: readonly (readonly [Growth, (n: number) => number])[] = [
  ['O(1)', () => 120],
  ['O(log n)', (n) => 20 + 15 * Math.log2(n)],
  ['O(n)', (n) => 50 + 3 * n],
  ['O(n log n)', (n) => 2 * n * Math.log2(n)],
  ['O(n²)', (n) => 40 + 0.5 * n * n],
];

describe('how time grows with the input', () => {
  test.each(curves)('%s is seen through noise of 2 %%', (growth, time) => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -0.02, max: 0.02, noNaN: true }), { minLength: 7, maxLength: 7 }),
        (noise) => {
          const times = SIZES.map((n, i) => time(n) * (1 + noise[i]!));
          const guess = guessComplexity(SIZES, times);
          // Noise may leave two curves too close to each other; a wrong guess is never made
          if ('undecided' in guess) expect(guess.undecided).toContain(growth);
          else expect(guess.growth).toBe(growth);
        },
      ),
    );
  });

  test.each(curves)('%s without noise is decided', (growth, time) => {
    expect(guessComplexity(SIZES, SIZES.map(time))).toMatchObject({ growth });
  });

  test.each([
    ['too few sizes', [1, 10, 100], [1, 10, 100], /4 sizes/],
    ['sizes that are near each other', [10, 12, 14, 16], [10, 12, 14, 16], /8 times the smallest/],
    ['a size of 0', [0, 1, 10, 100], [1, 2, 3, 4], /above 0/],
    ['times without any order', [1, 10, 100, 1000], [5, 500, 3, 800], /off the nearest curve/],
  ])('%s: undecided, and why', (_, sizes, times, why) => {
    expect(guessComplexity(sizes, times)).toMatchObject({ undecided: expect.stringMatching(why) });
  });
});
