import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { combineRuns } from '../../../src/profile/counters/combine-runs.ts';
import type { CounterRow } from '../../../src/profile/counters/counter-row.ts';
import { gatherRuns } from '../../../src/profile/counters/gather-runs.ts';
import { spreadOf } from '../../../src/profile/counters/spread.ts';

const row = (event: string, value: CounterRow['value'], more: Partial<CounterRow> = {}): CounterRow => ({
  event,
  unit: '',
  value,
  metrics: [],
  ...more,
});
const counted = (...rows: CounterRow[]) => ({ rows, measured: [], threads: [], series: [] });
const about = { command: ['x'], notes: [] };

describe('runs side by side', () => {
  test('times become nanoseconds, a run that did not count is NaN', () => {
    const { counters } = gatherRuns([
      [row('task-clock', 2.5, { unit: 'msec' }), row('cycles', 10)],
      [row('task-clock', 3.5, { unit: 'msec' }), row('cycles', 'not counted')],
    ]);
    expect(counters.map(({ name, unit, values }) => [name, unit, [...values]])).toEqual([
      ['task-clock', 'ns', [2.5e6, 3.5e6]],
      ['cycles', 'count', [10, Number.NaN]],
    ]);
    expect(counters[1]!.missing).toBeUndefined();
  });

  test('intervals are summed, and kept as a series', () => {
    const { counters, series } = gatherRuns([
      [row('faults', 5, { interval: 0.1 }), row('faults', 7, { interval: 0.2 })],
    ]);
    expect([...counters[0]!.values]).toEqual([12]);
    expect([...series[0]!.time]).toEqual([1e8, 2e8]);
    expect([...series[0]!.value]).toEqual([5, 7]);
  });

  test('an interval in which nothing was counted is one of sleep; a counter that others had is none', () => {
    const { series } = gatherRuns([
      [
        row('cycles', 5, { interval: 0.1 }),
        row('faults', 5, { interval: 0.1 }),
        row('cycles', 'not counted', { interval: 0.2 }),
        row('faults', 'not counted', { interval: 0.2 }),
        row('cycles', 'not counted', { interval: 0.3 }),
        row('faults', 1, { interval: 0.3 }),
        row('never', 'not counted', { interval: 0.2 }),
      ],
    ]);
    expect(series.map(({ name, time, value }) => [name, [...time], [...value]])).toEqual([
      ['cycles', [1e8, 2e8], [5, 0]],
      ['faults', [1e8, 2e8, 3e8], [5, 0, 1]],
    ]);
  });

  test('threads are kept apart, and summed where there is no whole', () => {
    const of = (name: string) => ({ of: { kind: 'thread' as const, name } });
    const { counters, parts } = gatherRuns([[row('faults', 5, of('a-1')), row('faults', 7, of('b-2'))]]);
    expect([...counters[0]!.values]).toEqual([12]);
    expect(parts.map(({ part, counters: [one] }) => [part.name, one!.values[0]])).toEqual([
      ['a-1', 5],
      ['b-2', 7],
    ]);
  });

  test('the share of the time that an event was counted, weighted by time', () => {
    const { counters } = gatherRuns([
      [
        row('cycles', 5, { running: 50, percentRunning: 50, interval: 0.1 }),
        row('cycles', 7, { running: 100, percentRunning: 100, interval: 0.2 }),
      ],
    ]);
    expect(counters[0]!.percentRunning![0]).toBeCloseTo(75);
  });

  test('names of threads and events are only names', () => {
    const names = ['__proto__', 'constructor', 'toString'];
    const { counters, parts } = gatherRuns([names.map((name) => row(name, 1, { of: { kind: 'thread', name } }))]);
    expect(counters.map(({ name }) => name)).toEqual(names);
    expect(parts.map(({ part }) => part.name)).toEqual(names);
  });
});

describe('perf and others together', () => {
  test('what perf may not see it has not counted, however often it says 0', () => {
    const { counters, notes } = combineRuns([counted(row('context-switches:u', 0), row('page-faults:u', 3))], about);
    expect(counters[0]).toMatchObject({ name: 'context-switches:u', missing: 'not counted' });
    expect(counters[1]!.values[0]).toBe(3);
    expect(notes[0]).toContain('perf_event_paranoid=1');
  });

  test('what both counted is perf’s; without perf’s clock there is CPU time of the kernel’s account', () => {
    const measured = [
      { name: 'minor-faults', unit: 'count', source: 'rusage' as const, value: 9 },
      { name: 'user-time', unit: 'ns', source: 'rusage' as const, value: 5 },
      { name: 'system-time', unit: 'ns', source: 'rusage' as const, value: 2 },
    ];
    const { counters } = combineRuns([{ ...counted(row('minor-faults', 8)), measured }], about);
    expect(counters.map(({ name, values }) => [name, values[0]])).toEqual([
      ['minor-faults', 8],
      ['cpu-time', 7],
      ['user-time', 5],
      ['system-time', 2],
    ]);
  });
});

describe('spread', () => {
  test('the standard error of the mean, as perf stat -r has it', () => {
    const { mean, deviation, errorPercent } = spreadOf(Float64Array.of(10, 12, 14));
    expect([mean, deviation]).toEqual([12, 2]);
    expect(errorPercent).toBeCloseTo((100 * 2) / Math.sqrt(3) / 12);
  });

  test('holds for any numbers, and leaves out what was not counted', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e15, noNaN: true }), { minLength: 1 }), (list) => {
        const spread = spreadOf(Float64Array.from([...list, Number.NaN]));
        const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
        expect(spread.count).toBe(list.length);
        expect(Math.abs(spread.mean - mean)).toBeLessThanOrEqual(1e-9 * Math.max(1, mean));
        expect(spread.min).toBe(Math.min(...list));
        expect(spread.max).toBe(Math.max(...list));
        expect(spread.deviation).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(spread.errorPercent)).toBe(true);
      }),
    );
    expect(spreadOf(Float64Array.of(Number.NaN)).count).toBe(0);
  });
});
