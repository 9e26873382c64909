import { describe, expect, test } from 'vitest';
import type { HistoryEntry } from '../../src/history/entry.ts';
import { HistoryLevels } from '../../src/history/reference-level.ts';

const key = { suite: '', machine: 'm', name: 'parse', unit: 'ns' };
const entry = (at: number, value: number, more: Partial<HistoryEntry> = {}): HistoryEntry => {
  const time = new Date(Date.UTC(2026, 0, 1 + at)).toISOString();
  return {
    version: 1,
    time,
    suite: '',
    commit: { id: `c${at}`, time, subject: `change ${at}` },
    machine: 'm',
    tools: {},
    results: [{ name: 'parse', unit: 'ns', better: 'smaller', value }],
    ...more,
  };
};
const NOISE = [0, 1, -1, 2, -2, 1, 0, -1, 2, -2, 1, 0];
const flat = NOISE.map((wobble, i) => entry(i, 100 + wobble));
const now = { id: 'now' };

describe('what a history says of a value that is measured now', () => {
  test('a level, and how far the next value may be from it', () => {
    const base = new HistoryLevels(flat, now).level(key)!;
    expect(base.value).toBeCloseTo(100, 0);
    expect(base.low).toBeGreaterThan(90);
    expect(base.low).toBeLessThan(98);
    expect(base.high).toBeGreaterThan(102);
    expect(base.source).toBe('the last 12 runs');
  });

  test('only what came after the last change counts', () => {
    const stepped = [...flat, ...NOISE.map((wobble, i) => entry(12 + i, 150 + wobble))];
    const base = new HistoryLevels(stepped, now).level(key)!;
    expect(base.value).toBeCloseTo(150, 0);
    expect(base.source).toBe('the last 12 runs');
  });

  test('runs of the commit itself, of other machines and suites are no past of it', () => {
    const levels = new HistoryLevels([entry(0, 100), entry(1, 500), entry(2, 7, { machine: 'other' })], { id: 'c1' });
    expect(levels.previous(key)).toEqual({ value: 100, source: 'c0' });
    expect(levels.previous({ ...key, machine: 'other' })?.value).toBe(7);
    expect(levels.previous({ ...key, suite: 'nightly' })).toBeUndefined();
    expect(levels.level({ ...key, name: 'new' })).toBeUndefined();
  });

  test('since which commit it is as bad as it is: the change point', () => {
    const stepped = [...flat, ...NOISE.slice(0, 5).map((wobble, i) => entry(12 + i, 130 + wobble))];
    const since = new HistoryLevels(stepped, now).since(key, 131, 'smaller', 110)!;
    expect(since.commit.id).toBe('c12');
    expect(since.change).toBeCloseTo(0.3, 1);
  });

  test('too few values for a change point: the first of those in a row that are beyond the limit', () => {
    const levels = new HistoryLevels([entry(0, 100), entry(1, 101), entry(2, 130), entry(3, 131)], now);
    expect(levels.since(key, 132, 'smaller', 110)?.commit.id).toBe('c2');
    expect(levels.since(key, 132, 'smaller', 50)).toBeUndefined();
    const faster = new HistoryLevels([entry(0, 100), entry(1, 101)], now);
    expect(faster.since(key, 150, 'smaller', 110)?.commit.id).toBe('now');
  });
});
