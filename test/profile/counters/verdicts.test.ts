import { describe, expect, test } from 'vitest';
import type { CounterRuns } from '../../../src/profile/counters/counter-runs.ts';
import { verdicts, WHOLE_SYSTEM } from '../../../src/profile/counters/verdicts.ts';
import { runsOf } from './hardware-runs.ts';

const ids = (runs: CounterRuns): string[] => verdicts(runs).map(({ id }) => id);
const SECOND = 1e9;
/** One CPU, busy for a second. */
const busy = { 'wall-time': SECOND, 'task-clock': SECOND, 'user-time': SECOND, 'system-time': 0 };

describe('what stands out', () => {
  test('nothing, in a program that just computes', () => {
    expect(
      ids(
        runsOf({ ...busy, cycles: 3e9, instructions: 6e9, 'cache-misses': 1e5, branches: 1e9, 'branch-misses': 1e6 }),
      ),
    ).toEqual([]);
  });

  test.each<[string, Record<string, number>, Record<string, number>]>([
    // id, what meets the rule, what just does not
    [
      'waiting',
      { 'wall-time': 4 * SECOND, 'voluntary-switches': 500, 'involuntary-switches': 3 },
      { 'wall-time': 4 * SECOND, 'voluntary-switches': 3, 'involuntary-switches': 90 },
    ],
    [
      'memory-bound',
      { cycles: 3e9, instructions: 2e9, 'cache-misses': 2e7 },
      { cycles: 3e9, instructions: 2e9, 'cache-misses': 1e7 },
    ],
    [
      'branchy',
      { instructions: 1e9, branches: 1e8, 'branch-misses': 6e6 },
      { instructions: 1e9, branches: 1e8, 'branch-misses': 2e6 },
    ],
    ['page-walks', { instructions: 1e9, 'dTLB-load-misses': 3e6 }, { instructions: 1e9, 'dTLB-load-misses': 1e6 }],
    ['page-fault-heavy', { 'page-faults': 130_000 }, { 'page-faults': 60_000 }],
    ['page-fault-heavy', { 'major-faults': 200 }, { 'major-faults': 20 }],
    ['kernel-heavy', { 'user-time': 4e8, 'system-time': 6e8 }, { 'user-time': 6e8, 'system-time': 4e8 }],
    ['switching', { 'voluntary-switches': 12_000 }, { 'voluntary-switches': 8000 }],
    ['crowded', { 'involuntary-switches': 200 }, { 'involuntary-switches': 50 }],
    ['crowded', { 'run-delay': 3e8 }, { 'run-delay': 1e8 }],
    ['migrating', { 'cpu-migrations': 200 }, { 'cpu-migrations': 50 }],
    ['throttled', { 'throttled-time': 1e8 }, { 'throttled-time': 1e7 }],
    ['stolen', { 'steal-time': 1e8 }, { 'steal-time': 1e7 }],
    ['short', { 'wall-time': 5e6 }, { 'wall-time': 50e6 }],
  ])('%s', (id, meets, misses) => {
    expect(ids(runsOf({ ...busy, ...meets }))).toContain(id);
    expect(ids(runsOf({ ...busy, ...misses }))).not.toContain(id);
  });

  test('a program that has no CPU does not wait', () => {
    const found = ids(
      runsOf({
        ...busy,
        'wall-time': 4 * SECOND,
        'voluntary-switches': 5,
        'involuntary-switches': 3,
        'run-delay': 3 * SECOND,
      }),
    );
    expect(found).toEqual(['crowded']);
  });

  test('events that took turns, and runs that differ', () => {
    const runs = runsOf({ ...busy, cycles: 1 });
    const counters = runs.counters.map((one) =>
      one.name === 'cycles' ? { ...one, percentRunning: Float64Array.of(60) } : one,
    );
    expect(ids({ ...runs, counters })).toContain('multiplexed');
    expect(ids(runsOf({ 'wall-time': [1e9, 1.2e9, 0.9e9] }))).toContain('noisy');
    expect(ids(runsOf({ 'wall-time': [1e9, 1.2e9] }))).not.toContain('noisy');
  });

  test.each([WHOLE_SYSTEM, 'system wide', 'CPU(s) 0-3'])(
    'of %s nothing is said that only a program does',
    (subject) => {
      const idle = {
        'wall-time': SECOND,
        'cpu-clock': 2e8,
        'cpu-migrations': 5000,
        'user-time': 0,
        'system-time': 1e8,
      };
      expect(ids(runsOf(idle, { subject }))).toEqual([]);
    },
  );

  test('each has the numbers that meet it, the rule, and what to do next', () => {
    for (const verdict of verdicts(
      runsOf({ ...busy, cycles: 3e9, instructions: 2e9, 'cache-misses': 2e7, 'cpu-migrations': 200 }),
    )) {
      expect(verdict.because).toMatch(/\d/);
      expect(verdict.rule).toMatch(/\d/);
      expect(verdict.next ?? verdict.advice).toMatch(/\w/);
    }
  });
});
