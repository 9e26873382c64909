import { expect, test } from 'vitest';
import { warmUp } from '../../../src/preload/bench/warm-up.ts';

/** Waits for so many milliseconds an iteration. */
const waits = (milliseconds: () => number) => (iterations: number) => {
  const begin = performance.now();
  for (let i = 0; i < iterations; i++) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds());
  }
  return (performance.now() - begin) * 1e6;
};

test('of what is so slow that its samples fill one window nothing is known: it is not called unsteady', async () => {
  expect(
    await warmUp(
      waits(() => 100),
      0.08e9,
    ),
  ).toEqual({ iterations: 1, steady: true });
});

test('what becomes ever slower is unsteady', async () => {
  let time = 1;
  const { steady } = await warmUp(
    waits(() => (time *= 1.03)),
    0.08e9,
  );
  expect(steady).toBe(false);
});
