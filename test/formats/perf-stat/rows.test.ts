import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { machineRows } from '../../../src/formats/perf-stat/rows.ts';

const csv = (text: string, separator = ';') => machineRows(text, { kind: 'csv', separator });
const json = (text: string) => machineRows(text, { kind: 'json' });

describe('perf stat -x', () => {
  test('a plain row', () => {
    const { rows, strange } = csv(
      '# started on Thu Nov 26 10:19:41 2026\n\n0.39;msec;task-clock;389430;100.00;0.181;CPUs utilized\n',
    );
    expect(strange).toEqual([]);
    expect(rows).toEqual([
      {
        event: 'task-clock',
        unit: 'msec',
        value: 0.39,
        running: 389430,
        percentRunning: 100,
        metrics: [{ value: 0.181, unit: 'CPUs utilized' }],
      },
    ]);
  });

  test('-r has the variance, -I the time, --per-thread and --per-core the part', () => {
    expect(csv('48;;page-faults;0.69%;389430;100.00;115.069;K/sec').rows[0]).toMatchObject({ variancePercent: 0.69 });
    expect(csv('     1.001072297;48;;page-faults;389430;100.00;;').rows[0]).toMatchObject({
      interval: 1.001072297,
      event: 'page-faults',
      metrics: [],
    });
    expect(csv('node-4711;48;;page-faults;389430;100.00;;').rows[0]).toMatchObject({
      of: { kind: 'thread', name: 'node-4711' },
    });
    expect(csv('S0-D0-C1;2;48;;page-faults;389430;100.00;;').rows[0]).toMatchObject({
      of: { kind: 'core', name: 'S0-D0-C1', processors: 2 },
      value: 48,
    });
    expect(csv('CPU1,7,,cycles,389430,83.33,,', ',').rows[0]).toMatchObject({
      of: { kind: 'cpu', name: 'CPU1' },
      percentRunning: 83.33,
    });
  });

  test('an event with several metrics takes several lines', () => {
    const { rows } = csv('100;;instructions;50;100.00;0.50;insn per cycle\n;;;;;0.20;stalled cycles per insn\n');
    expect(rows).toHaveLength(1);
    expect(rows[0]!.metrics.map(({ unit }) => unit)).toEqual(['insn per cycle', 'stalled cycles per insn']);
  });

  test('what cannot be counted has a word, never a number', () => {
    const { rows } = csv('<not supported>;;cycles;0;100.00;;\n<not counted>;;faults;0;0.00;;\n');
    expect(rows.map(({ value }) => value)).toEqual(['not supported', 'not counted']);
  });

  test('what is no row is told by its line', () => {
    expect(csv('hello\n1;;cycles;1;100.00;;\n1;2\n').strange).toEqual([1, 3]);
  });
});

describe('perf stat -j', () => {
  test('a plain row', () => {
    const { rows } = json(
      '{"counter-value" : "114.463188", "unit" : "msec", "event" : "task-clock", "event-runtime" : 114463188, "pcnt-running" : 100.00, "metric-value" : 0.250710, "metric-unit" : "CPUs utilized"}\n',
    );
    expect(rows).toEqual([
      {
        event: 'task-clock',
        unit: 'msec',
        value: 114.463188,
        running: 114463188,
        percentRunning: 100,
        metrics: [{ value: 0.25071, unit: 'CPUs utilized' }],
      },
    ]);
  });

  test('a name of a thread may hold anything: perf does not escape it', () => {
    const { rows, strange } = json(
      '{"thread" : "a"b\\", "unit" : "x-4959", "counter-value" : "<not counted>", "unit" : "", "event" : "faults", "event-runtime" : 0, "pcnt-running" : 100.00}',
    );
    expect(strange).toEqual([]);
    expect(rows[0]).toMatchObject({ of: { kind: 'thread', name: 'a"b\\", "unit" : "x-4959' }, event: 'faults' });
  });

  test('decimals of another locale', () => {
    const { rows } = json(
      '{"counter-value" : "32,5", "unit" : "msec", "event" : "task-clock", "event-runtime" : 32, "pcnt-running" : 99,50}',
    );
    expect(rows[0]).toMatchObject({ value: 32.5, percentRunning: 99.5 });
  });
});

test('whatever comes, it is a row or a strange line; never an exception, never a number that is none', () => {
  const words = [
    '"',
    ';',
    ',',
    '{',
    '}',
    ' : ',
    '"thread"',
    '"event"',
    '"counter-value"',
    '1',
    '-1e9',
    '<not counted>',
    '1e999',
    '__proto__',
    '%',
    '\u0000',
    '-7',
    'S0-D0-C0',
    '0.100000000',
  ];
  const line = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom(...words), { maxLength: 20 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(fc.array(line), fc.constantFrom(';', ',', '|', '\t'), (lines, separator) => {
      for (const read of [csv(lines.join('\n'), separator), json(lines.join('\n'))]) {
        for (const { value, event, metrics } of read.rows) {
          expect(event).not.toBe('');
          if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
          for (const metric of metrics) expect(Number.isFinite(metric.value)).toBe(true);
        }
      }
    }),
    { numRuns: 2000 },
  );
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
