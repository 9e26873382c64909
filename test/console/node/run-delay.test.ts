import { expect, test } from 'vitest';
import { kernelId, RunDelay } from '../../../src/preload/console/run-delay.ts';

test('what a thread has run is read again and again, in nanoseconds', () => {
  const delay = new RunDelay(kernelId());
  expect(delay.isKnown).toBe(true);
  const { ran, waited } = delay;
  const begun = performance.now();
  let passed = 0;
  // Of a busy machine's time a thread gets a small part
  while (delay.ran - ran <= 20e6 && passed < 20_000) {
    for (const until = performance.now() + 1; performance.now() < until; );
    delay.look();
    passed = performance.now() - begun;
  }
  expect(delay.ran - ran).toBeGreaterThan(20e6);
  // The kernel counts up to its last tick, of which the first reading knew nothing
  expect((delay.ran - ran) / 1e6).toBeLessThan(passed + 10);
  expect(delay.waited).toBeGreaterThanOrEqual(waited);
  delay.close();
});

test('of a thread that there is not nothing is known', () => {
  const delay = new RunDelay(0);
  delay.look();
  expect([delay.isKnown, delay.ran, delay.waited]).toEqual([false, 0, 0]);
  delay.close();
});
