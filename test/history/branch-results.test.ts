import { describe, expect, test } from 'vitest';
import { branchResults } from '../../src/history/branch-results.ts';
import type { HistoryEntry } from '../../src/history/entry.ts';
import { judged, seriesOf } from '../../src/history/series.ts';
import { SeededRandom } from '../../src/statistics/random.ts';

function entry(at: number, value: number, commit: Partial<HistoryEntry['commit']> = {}): HistoryEntry {
  const time = new Date(Date.UTC(2026, 0, 1) + at * 3.6e6).toISOString();
  const results = [{ name: 'parse', unit: 'ns', better: 'smaller' as const, value }];
  return { version: 1, time, suite: '', commit: { id: `${at}`, time, ...commit }, machine: 'm', tools: {}, results };
}

/** What one commit of a branch is told beside these values of the other one. */
function beside(
  main: readonly number[],
  runs: readonly number[],
  { least = 0, ...commit }: { least?: number; dirty?: true } = {},
) {
  const series = seriesOf(main.map((value, i) => entry(i, value))).map((one) => judged(one));
  const time = new Date(Date.UTC(2026, 1, 1)).toISOString();
  const entries = runs.map((value, i) => entry(1000 + i, value, { id: 'b', time, ...commit }));
  const [result] = branchResults(series, entries, least);
  return result!;
}

const noise = (length: number, seed: number, level = 100): number[] => {
  const random = new SeededRandom(seed);
  return Array.from({ length }, () => level * (1 + 0.02 * random.normal()));
};

describe('a branch beside the level that it goes into', () => {
  test('at noise of 2 % one more value of the level is told off it once in a thousand times, +12 % nearly always', () => {
    let [alarms, found] = [0, 0];
    for (let seed = 1; seed <= 400; seed++) {
      const values = noise(41, seed);
      const next = values.pop()!;
      if (beside(values, [next]).verdict !== 'same') alarms++;
      if (beside(values, [next * 1.12]).verdict === 'regressed') found++;
    }
    expect(alarms).toBeLessThanOrEqual(3);
    expect(found).toBeGreaterThanOrEqual(385);
  });

  test('the newest level counts, not those before, nor slow runs', () => {
    const values = [...noise(30, 1), ...noise(10, 2, 150)];
    values[5]! *= 2;
    values[35]! *= 2;
    expect(beside(values, [151])).toMatchObject({ verdict: 'same', level: { runs: 9 } });
    expect(beside(values, [100])).toMatchObject({ verdict: 'improved' });
  });

  test('another run mends a slow one; of changed sources the last run counts', () => {
    expect(beside(noise(30, 1), [150])).toMatchObject({ verdict: 'regressed', runs: 1 });
    expect(beside(noise(30, 1), [150, 101])).toMatchObject({ verdict: 'same', value: 101, runs: 2 });
    expect(beside(noise(30, 1), [150, 101, 149])).toMatchObject({ verdict: 'regressed', value: 149, runs: 3 });
    expect(beside(noise(30, 1), [101, 150], { dirty: true })).toMatchObject({ verdict: 'regressed', runs: 1 });
  });

  test('values that never vary: any other is off them, the same is not; zeros too', () => {
    for (const level of [5, 4096, 0.1, 1e12]) {
      expect(beside(Array(10).fill(level), [level]).verdict).toBe('same');
      expect(beside(Array(10).fill(level), [level * 1.001]).verdict).toBe('regressed');
    }
    expect(beside(Array(10).fill(0), [0])).toMatchObject({ verdict: 'same', change: 0 });
    expect(beside(Array(10).fill(0), [1])).toMatchObject({ verdict: 'regressed', change: Number.POSITIVE_INFINITY });
  });

  test('smaller changes than asked for are none; without a level nobody can tell', () => {
    expect(beside(noise(30, 1), [115], { least: 0.2 }).verdict).toBe('same');
    expect(beside([100, 101], [150])).toMatchObject({ verdict: 'unknown', value: 150 });
    expect(branchResults([], [], 0)).toEqual([]);
  });
});
