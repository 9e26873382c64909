import fc from 'fast-check';
import { expect, test } from 'vitest';
import { axisTicks } from '../../src/render/axis-ticks.ts';

test.each([
  [1, 3, [0, 0.5, 1]],
  [97, 3, [0, 50, 100]],
  [0.3, 3, [0, 0.1, 0.2, 0.3]],
  [0, 3, [0, 0.5, 1]],
  [2.42, 8, [0, 0.5, 1, 1.5, 2, 2.5]],
])('0 to %d in about %d steps', (most, about, ticks) => {
  expect(axisTicks(most, about)).toEqual(ticks);
});

test('ticks are few, rise evenly, and reach what is drawn', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1e15, noNaN: true }), fc.integer({ min: 2, max: 10 }), (most, about) => {
      const ticks = axisTicks(most, about);
      expect(ticks.length).toBeLessThanOrEqual(about + 2);
      expect(ticks.at(-1)!).toBeGreaterThanOrEqual(most * (1 - 1e-8));
      const step = ticks[1]!;
      for (const [i, tick] of ticks.entries()) {
        expect(Math.abs(tick - i * step)).toBeLessThanOrEqual(1e-9 * ticks.at(-1)!);
      }
    }),
  );
});
