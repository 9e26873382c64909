import { describe, expect, test } from 'vitest';
import { derive } from '../../../src/profile/counters/derive.ts';
import { eventName } from '../../../src/profile/counters/event-name.ts';
import { MANUAL, runsOf } from './hardware-runs.ts';

const derivedValue = (runs: Parameters<typeof derive>[0], name: string): number | undefined =>
  derive(runs).find((one) => one.name === name)?.value;

describe('derived numbers', () => {
  test('are those that perf prints itself, in the example of perf-stat(1)', () => {
    // task-clock over elapsed; perf's text: 1.004, 0.039 M/sec, 2.742 GHz, 1.36, 832.559 M/sec, 2.98 %
    expect(derivedValue(MANUAL, 'cpus-utilized')!.toFixed(3)).toBe('1.004');
    expect((derivedValue(MANUAL, 'page-fault-rate')! / 1e6).toFixed(3)).toBe('0.039');
    expect(derivedValue(MANUAL, 'ghz')!.toFixed(3)).toBe('2.742');
    expect(derivedValue(MANUAL, 'ipc')!.toFixed(2)).toBe('1.36');
    expect((derivedValue(MANUAL, 'branch-rate')! / 1e6).toFixed(3)).toBe('832.559');
    expect(derivedValue(MANUAL, 'branch-miss-rate')!.toFixed(2)).toBe('2.98');
  });

  test('are worked out run by run, and say how far runs differ', () => {
    const runs = runsOf({ instructions: [200, 300], cycles: [100, 100] });
    const ipc = derive(runs).find(({ name }) => name === 'ipc')!;
    expect([...ipc.values]).toEqual([2, 3]);
    expect(ipc.value).toBe(2.5);
    expect(ipc.spread.min).toBe(2);
  });

  test('are not there where a counter is missing, or divides by nothing', () => {
    expect(derivedValue(runsOf({ instructions: 5 }), 'ipc')).toBeUndefined();
    expect(derivedValue(runsOf({ instructions: 5, cycles: 0 }), 'ipc')).toBeUndefined();
    expect(derivedValue(runsOf({ instructions: 5, cycles: Number.NaN }), 'ipc')).toBeUndefined();
    const missing = {
      name: 'cycles',
      unit: 'count',
      source: 'perf',
      values: Float64Array.of(Number.NaN),
      missing: 'not supported',
    };
    const runs = runsOf({ instructions: 5 });
    expect(derivedValue({ counters: [...runs.counters, missing as never] }, 'ipc')).toBeUndefined();
  });

  test('caches and TLBs: rates of what was asked for, and of a thousand instructions', () => {
    const runs = runsOf({
      instructions: 1e6,
      'cache-references': 2e4,
      'cache-misses': 5e3,
      'dTLB-loads': 3e5,
      'dTLB-load-misses': 3e3,
      'L1-dcache-loads': 4e5,
      'L1-dcache-load-misses': 2e4,
    });
    expect(derivedValue(runs, 'cache-miss-rate')).toBe(25);
    expect(derivedValue(runs, 'cache-mpki')).toBe(5);
    expect(derivedValue(runs, 'dTLB-load-miss-rate')).toBe(1);
    expect(derivedValue(runs, 'dtlb-mpki')).toBe(3);
    expect(derivedValue(runs, 'L1-dcache-load-miss-rate')).toBe(5);
  });

  test('two kinds of cores have numbers of their own', () => {
    const runs = runsOf({
      'cpu_core/cycles/': 100,
      'cpu_core/instructions/': 300,
      'cpu_atom/cycles/': 100,
      'cpu_atom/instructions/': 150,
      'task-clock': 100,
      'wall-time': 100,
    });
    expect(derivedValue(runs, 'cpu_core/ipc')).toBe(3);
    expect(derivedValue(runs, 'cpu_atom/ipc')).toBe(1.5);
    expect(derive(runs).filter(({ name }) => name === 'cpus-utilized')).toHaveLength(1);
  });

  test('without perf, CPU time is the kernel’s account', () => {
    const runs = runsOf({ 'wall-time': 200, 'user-time': 80, 'system-time': 20 });
    expect(derivedValue(runs, 'cpus-utilized')).toBe(0.5);
    expect(derivedValue(runs, 'kernel-share')).toBe(20);
  });
});

test.each([
  ['cycles', 'cycles', '', false],
  ['cycles:u', 'cycles', '', true],
  ['cycles:uk', 'cycles', '', false],
  ['faults', 'page-faults', '', false],
  ['cpu_core/cycles/', 'cycles', 'cpu_core', false],
  ['cpu_atom/instructions/u', 'instructions', 'cpu_atom', true],
  ['cpu/cycles/', 'cycles', '', false],
  ['sched:sched_switch', 'sched:sched_switch', '', false],
  ['L1-dcache-load-misses:u', 'L1-dcache-load-misses', '', true],
])('%s', (name, event, pmu, userOnly) => {
  expect(eventName(name)).toEqual({ event, pmu, userOnly });
});
