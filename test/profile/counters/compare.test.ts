import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CompareCountersOptions, compareCounters, regressions } from '../../../src/profile/counters/compare.ts';
import { SESSION_DRIFT } from '../../../src/profile/counters/compare-columns.ts';
import type { CounterRuns } from '../../../src/profile/counters/counter-runs.ts';
import { SeededRandom } from '../../../src/statistics/random.ts';
import { counterRuns } from './counter-runs-of.ts';

const TURNS: CompareCountersOptions = { pairing: 'interleaved' };
const APART: CompareCountersOptions = { pairing: 'apart' };
const verdicts = (before: CounterRuns, after: CounterRuns, options = APART) =>
  Object.fromEntries(compareCounters(before, after, options).changes.map(({ name, verdict }) => [name, verdict]));

const LOW = [100, 101, 99, 100.5, 99.5];
const HIGH = [110, 111, 109, 110.5, 109.5];

describe('verdicts', () => {
  test('more of a cost is worse, less is better, of what is neither it has changed', () => {
    const before = counterRuns({ 'task-clock': LOW, 'cache-misses': HIGH, branches: LOW, 'cpu_core/branches/': LOW });
    const after = counterRuns({ 'task-clock': HIGH, 'cache-misses': LOW, branches: HIGH, 'cpu_core/branches/': HIGH });
    expect(verdicts(before, after)).toEqual({
      'task-clock': 'regressed',
      'cache-misses': 'improved',
      branches: 'changed',
      'cpu_core/branches/': 'changed',
    });
  });

  test('what only one side counted is said, what neither did is left out', () => {
    const before = counterRuns({ a: LOW, b: LOW, c: [] });
    const after = counterRuns({ a: LOW, d: LOW, c: [] });
    expect(verdicts(before, after)).toEqual({ a: 'unclear', b: 'only before', d: 'only after' });
  });

  test('one run a side is not tested, and the person is told what to do', () => {
    const { changes, notes } = compareCounters(counterRuns({ a: [1] }), counterRuns({ a: [2] }), APART);
    expect(changes[0]).toMatchObject({ verdict: 'untested', change: 1, p: Number.NaN });
    expect(notes).toEqual([
      'one run a side does not tell how much runs differ: repeat with -r 10, or let --vs repeat both in turns',
    ]);
  });

  test('means of perf stat -r are tested where it is known of how many runs they are', () => {
    const of = (value: number, runs?: number) =>
      counterRuns({ a: [value] }, { summary: { variancePercent: 0.5, ...(runs === undefined ? {} : { runs }) } });
    expect(verdicts(of(100, 10), of(120, 10))).toEqual({ a: 'regressed' });
    expect(verdicts(of(100), of(120))).toEqual({ a: 'untested' });
    expect(compareCounters(of(100), of(120), APART).notes[0]).toContain('--runs N says it');
    expect(verdicts(of(100), of(120), { ...APART, assumedRuns: 10 })).toEqual({ a: 'regressed' });
  });

  test('a change below the threshold does not count, however sure it is', () => {
    const before = counterRuns({ a: [1000, 1000.1, 999.9] });
    const after = counterRuns({ a: [1005, 1005.1, 1004.9] });
    expect(verdicts(before, after)).toEqual({ a: 'same' });
    expect(verdicts(before, after, { ...APART, threshold: 0.001 })).toEqual({ a: 'regressed' });
  });

  test('counts of callgrind are exact: a thousandth counts', () => {
    const of = (value: number) =>
      counterRuns({ 'callgrind-instructions': [value, value, value] }, { unit: 'count', source: 'callgrind' });
    expect(verdicts(of(7_128_705), of(7_136_705))).toEqual({ 'callgrind-instructions': 'regressed' });
    expect(verdicts(of(7_128_705), of(7_128_905))).toEqual({ 'callgrind-instructions': 'same' });
    expect(verdicts(of(7_128_705), of(7_128_705))).toEqual({ 'callgrind-instructions': 'same' });
  });

  test('rare events vary as chance has it: none in ten runs, then one, is no change', () => {
    const of = (...values: number[]) => counterRuns({ 'cpu-migrations': values }, { unit: 'count' });
    expect(verdicts(of(0, 0, 0, 0, 0, 0), of(1, 1, 1, 1, 1, 1), TURNS)).toEqual({ 'cpu-migrations': 'unclear' });
    expect(verdicts(of(0, 0, 0), of(0, 0, 0))).toEqual({ 'cpu-migrations': 'same' });
    expect(verdicts(of(0, 0, 0, 0, 0), of(40, 41, 39, 40, 40), TURNS)).toEqual({ 'cpu-migrations': 'regressed' });
  });

  test('the gate takes what got worse by more than its limit', () => {
    const before = counterRuns({ a: LOW, b: LOW, c: HIGH });
    const after = counterRuns({ a: HIGH, b: LOW, c: LOW });
    const comparison = compareCounters(before, after, APART);
    expect(regressions(comparison, 0).map(({ name }) => name)).toEqual(['a']);
    expect(regressions(comparison, 0.2)).toEqual([]);
  });

  test('names of --only, and names that are keys of objects', () => {
    const runs = counterRuns({ ['__proto__']: LOW, constructor: LOW, a: LOW });
    expect(compareCounters(runs, runs, APART).changes.length).toBeGreaterThan(1);
    expect(compareCounters(runs, runs, { ...APART, only: ['a'] }).changes.map(({ name }) => name)).toEqual(['a']);
  });
});

const sample = fc.array(fc.double({ min: 1, max: 1e12, noNaN: true }), { minLength: 2, maxLength: 12 });

describe('properties', () => {
  test.each([TURNS, APART])('compared with itself nothing changes: %o', (options) => {
    fc.assert(
      fc.property(sample, (values) => {
        const runs = counterRuns({ a: values });
        const [change] = compareCounters(runs, runs, options).changes;
        expect(change).toMatchObject({ change: 0, p: 1 });
        expect(['same', 'unclear']).toContain(change!.verdict);
      }),
    );
  });

  test.each([TURNS, APART])(
    'the other way round the difference has the other sign, and p is the same: %o',
    (options) => {
      fc.assert(
        fc.property(sample, sample, (one, other) => {
          const n = Math.min(one.length, other.length);
          const [before, after] = [counterRuns({ a: one.slice(0, n) }), counterRuns({ a: other.slice(0, n) })];
          const [forth] = compareCounters(before, after, options).changes;
          const [back] = compareCounters(after, before, options).changes;
          expect(Math.sign(back!.change)).toBe(-Math.sign(forth!.change) + 0);
          expect(back!.p).toBeCloseTo(forth!.p, 6);
          expect(forth!.low).toBeLessThanOrEqual(forth!.change + 1e-9);
          expect(forth!.high).toBeGreaterThanOrEqual(forth!.change - 1e-9);
        }),
      );
    },
  );
});

/** Twelve counters, as a run gives them: some follow a common disturbance, some are rare. */
function session(random: SeededRandom, runs: number, level: number, common: readonly number[]): CounterRuns {
  const columns: Record<string, number[]> = {};
  for (let counter = 0; counter < 12; counter++) {
    const rare = counter % 4 === 3;
    columns[`c${counter}`] = common.slice(0, runs).map((shared) => {
      if (rare)
        return Array.from({ length: 5 }, () => (random.uniform() < 0.3 ? 1 : 0) as number).reduce((a, b) => a + b);
      return 1000 * (1 + 0.02 * (random.normal() + shared + level));
    });
  }
  return counterRuns(columns, { unit: 'count' });
}

/** @returns how many of the counters of 300 comparisons of equal programs are called changed */
function falseAlarms(options: CompareCountersOptions, drift: number): { counters: number; comparisons: number } {
  const random = new SeededRandom(7);
  let [counters, comparisons] = [0, 0];
  for (let i = 0; i < 300; i++) {
    const noise = () => Array.from({ length: 10 }, () => random.normal());
    const shared = noise();
    // In turns both sides feel the same; apart each has a level of its own
    const sides = [0, 1].map(() =>
      session(random, 10, drift === 0 ? 0 : Math.sqrt(2 * drift) * random.normal(), drift === 0 ? shared : noise()),
    );
    const flagged = compareCounters(sides[0]!, sides[1]!, options).changes.filter(({ verdict }) =>
      /regressed|improved|changed/.test(verdict),
    ).length;
    counters += flagged;
    if (flagged > 0) comparisons++;
  }
  return { counters: counters / (300 * 12), comparisons: comparisons / 300 };
}

describe('calibration on simulated runs', () => {
  test('of equal programs at most 5 % of the comparisons call anything changed, in turns', () => {
    const { counters, comparisons } = falseAlarms(TURNS, 0);
    expect(counters).toBeLessThan(0.02);
    expect(comparisons).toBeLessThan(0.06);
  });

  test('nor apart, where the level of the machine moves between the two', () => {
    const { counters } = falseAlarms(APART, SESSION_DRIFT);
    expect(counters).toBeLessThan(0.05);
  });

  test('5 % more are found, where runs differ by 2 %', () => {
    const random = new SeededRandom(3);
    let found = 0;
    for (let i = 0; i < 100; i++) {
      const runs = () => Array.from({ length: 10 }, () => 1000 * (1 + 0.02 * random.normal()));
      const before = counterRuns({ a: runs(), b: runs(), c: runs() });
      const after = counterRuns({ a: runs().map((value) => value * 1.05), b: runs(), c: runs() });
      if (compareCounters(before, after, TURNS).changes[0]!.verdict === 'regressed') found++;
    }
    expect(found).toBeGreaterThanOrEqual(95);
  });
});
