import { expect, test } from 'vitest';
import { kernelId, RunDelay } from '../../../src/preload/console/run-delay.ts';

test('what a thread has run is read again and again, in nanoseconds', () => {
  const delay = new RunDelay(kernelId());
  expect(delay.isKnown).toBe(true);
  const { ran, waited } = delay;
  const { user, system } = process.cpuUsage();
  let used = 0;
  while (used < 50e3) {
    const now = process.cpuUsage();
    used = now.user + now.system - user - system;
  }
  delay.look();
  // Other threads of this process may have used a part
  expect(delay.ran - ran).toBeGreaterThan(20e6);
  expect(delay.ran - ran).toBeLessThan(1e9);
  expect(delay.waited).toBeGreaterThanOrEqual(waited);
  delay.close();
});

test('of a thread that there is not nothing is known', () => {
  const delay = new RunDelay(0);
  delay.look();
  expect([delay.isKnown, delay.ran, delay.waited]).toEqual([false, 0, 0]);
  delay.close();
});
