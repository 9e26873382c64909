import { createContext, runInContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alertRatio, inPreviousUnit, thresholdRows } from '../../src/history/alert-threshold.ts';
import {
  appendToDataJs,
  type DataJs,
  dataJsText,
  parseDataJs,
  previousEntry,
  previousIn,
} from '../../src/history/data-js.ts';
import type { KeptResult } from '../../src/history/entry.ts';

const person = { name: 'A', email: 'a@example.org', username: 'a' };
const commit = (id: string) => ({
  author: person,
  committer: person,
  id,
  message: `change ${id}`,
  timestamp: '2026-01-01T00:00:00Z',
  url: `https://example.org/commit/${id}`,
});
const result = (value: number, more: Partial<KeptResult> = {}): KeptResult => ({
  name: 'parse',
  unit: 'ns',
  better: 'smaller',
  value,
  ...more,
});
const add = (data: DataJs, id: string, results: readonly KeptResult[], maxItems?: number): DataJs =>
  appendToDataJs(data, results, {
    suite: '',
    commit: commit(id),
    date: 1_700_000_000_000,
    repoUrl: 'https://example.org',
    maxItems,
  });
const empty = parseDataJs(undefined, 'data.js');
const only = (data: DataJs) => data.entries.Benchmark!;

describe("github-action-benchmark's history", () => {
  test('is a script that sets window.BENCHMARK_DATA, in its shape', () => {
    const data = add(empty, 'c1', [result(100, { low: 95, high: 107 })]);
    const context = createContext({ window: {} });
    runInContext(dataJsText(data, 'dev/bench/data.js'), context);
    expect(JSON.parse(JSON.stringify((context as { window: unknown }).window))).toEqual({
      BENCHMARK_DATA: {
        lastUpdate: 1_700_000_000_000,
        repoUrl: 'https://example.org',
        entries: {
          Benchmark: [
            {
              commit: commit('c1'),
              date: 1_700_000_000_000,
              tool: 'customSmallerIsBetter',
              benches: [{ name: 'parse', value: 100, unit: 'ns', range: '± 6', extra: 'interval: 95 .. 107' }],
            },
          ],
        },
      },
    });
    // The action reads it back by cutting the prefix off
    const text = dataJsText(data, 'data.js');
    expect(text.startsWith('window.BENCHMARK_DATA = {')).toBe(true);
    expect(JSON.parse(text.slice('window.BENCHMARK_DATA = '.length))).toEqual(data);
    expect(JSON.parse(dataJsText(data, 'data.json'))).toEqual(data);
  });

  test('reads what it wrote, and what the action wrote, whatever is in it', () => {
    const data = add(add(empty, 'c1', [result(100)]), 'c2', [result(101)]);
    expect(parseDataJs(dataJsText(data, 'data.js'), 'data.js')).toEqual(data);
    const foreign = {
      ...data,
      entries: { ...data.entries, other: [{ commit: commit('x'), date: 1, tool: 'go', benches: [], odd: true }] },
      own: 1,
    };
    const kept = add(parseDataJs(`window.BENCHMARK_DATA = ${JSON.stringify(foreign)};\n`, 'data.js'), 'c3', [
      result(1),
    ]);
    expect(kept).toMatchObject({ own: 1, entries: { other: foreign.entries.other } });
  });

  test('names of any kind stay what they are', () => {
    fc.assert(
      fc.property(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), (name, value) => {
        const data = add(empty, 'c', [result(value, { name })]);
        const [back] = only(parseDataJs(dataJsText(data, 'data.js'), 'data.js'))[0]!.benches;
        expect(back).toMatchObject({ name, value: value === 0 ? 0 : value });
      }),
    );
  });

  test('of each suite so many stay, the oldest go', () => {
    let data = empty;
    for (let i = 0; i < 6; i++) data = add(data, `c${i}`, [result(i)], 4);
    expect(only(data).map((entry) => entry.commit.id)).toEqual(['c2', 'c3', 'c4', 'c5']);
  });

  test('what is better the bigger it is has a suite of its own, as the tools of the action have one way each', () => {
    const data = add(empty, 'c', [result(1), result(2, { name: 'rate', unit: 'ops/s', better: 'bigger' })]);
    expect(
      Object.entries(data.entries).map(([suite, [entry]]) => [suite, entry!.tool, entry!.benches[0]!.name]),
    ).toEqual([
      ['Benchmark', 'customSmallerIsBetter', 'parse'],
      ['Benchmark (bigger is better)', 'customBiggerIsBetter', 'rate'],
    ]);
  });

  test('is kept in the unit of the commit before', () => {
    const old = {
      lastUpdate: 0,
      repoUrl: '',
      entries: {
        Benchmark: [
          {
            commit: commit('c0'),
            date: 0,
            tool: 'customSmallerIsBetter',
            benches: [{ name: 'parse', value: 0.1, unit: 'us' }],
          },
        ],
      },
    };
    const [bench] = only(add(old, 'c1', [result(150, { low: 140, high: 160 })]))[1]!.benches;
    expect(bench).toMatchObject({ unit: 'us', range: '± 0.01' });
    expect(bench!.value).toBeCloseTo(0.15, 12);
  });

  test.each([
    ['window.BENCHMARK_DATA = {', 'this is no data.js'],
    ['[]', 'it has no entries'],
    ['{"entries":{"a":[{}]}}', 'entries["a"][0] is no result of a commit'],
    ['{"entries":{"a":5}}', 'is no result of a commit'],
  ])('%s is refused, as it would be lost', (text, what) => {
    expect(() => parseDataJs(text, 'data.js')).toThrow(/^data\.js: /);
    expect(() => parseDataJs(text, 'data.js')).toThrow(what);
  });
});

describe('the threshold of github-action-benchmark', () => {
  const rows = (now: KeptResult, old: { value: number; unit: string }, threshold = 1.1, failAt = threshold) =>
    thresholdRows([now], () => ({ name: 'parse', ...old }), threshold, failAt, 'c0');

  test('the commit before is the last entry of another commit', () => {
    const data = add(add(add(empty, 'c1', [result(1)]), 'c2', [result(2)]), 'c2', [result(3)]);
    expect(previousEntry(data, 'Benchmark', 'c2')?.commit.id).toBe('c1');
    expect(previousEntry(data, 'Benchmark', 'c3')?.benches[0]?.value).toBe(3);
    expect(previousEntry(data, 'other', 'c3')).toBeUndefined();
    expect(previousEntry(data, '__proto__', 'c3')).toBeUndefined();
    expect(previousIn(previousEntry(data, 'Benchmark', 'c3'))(result(0, { name: 'new' }))).toBeUndefined();
  });

  test('strictly more than the threshold is an alert, both ways', () => {
    // 1.5 is a number that floats hold exactly
    expect(rows(result(150), { value: 100, unit: 'ns' }, 1.5)[0]?.verdict).toBe('pass');
    expect(rows(result(150.1), { value: 100, unit: 'ns' }, 1.5)[0]?.verdict).toBe('fail');
    const bigger = { better: 'bigger', unit: 'ops/s' } as const;
    expect(rows(result(100, bigger), { value: 150, unit: 'ops/s' }, 1.5)[0]?.verdict).toBe('pass');
    expect(rows(result(99.9, bigger), { value: 150, unit: 'ops/s' }, 1.5)[0]?.verdict).toBe('fail');
    expect(rows(result(500, bigger), { value: 150, unit: 'ops/s' }, 1.5)[0]?.verdict).toBe('pass');
  });

  test('between the thresholds it is a warning', () => {
    expect(rows(result(130), { value: 100, unit: 'ns' }, 1.1, 1.5)[0]).toMatchObject({
      verdict: 'fail',
      isWarning: true,
    });
    expect(rows(result(160), { value: 100, unit: 'ns' }, 1.1, 1.5)[0]?.isWarning).toBeUndefined();
  });

  test('ratios, nothing included', () => {
    expect(alertRatio(0, 0, 'smaller')).toBe(1);
    expect(alertRatio(0, 0, 'bigger')).toBe(1);
    expect(alertRatio(5, 0, 'smaller')).toBe(Number.POSITIVE_INFINITY);
    expect(alertRatio(0, 5, 'bigger')).toBe(Number.POSITIVE_INFINITY);
    expect(rows(result(5), { value: 0, unit: 'ns' })[0]?.verdict).toBe('fail');
  });

  test.each([
    [1500, 'ns', 'us', 1.5],
    [2, 's', 'ns', 2e9],
    [3, 'ops/ms', 'ops/s', 3000],
    [4, 'ns/iter', 'us/iter', 0.004],
    [7, 'ns', 'bytes', 7],
    [7, 'ns', 'ns/iter', 7],
  ])('%d %s in %s', (value, unit, previous, expected) => {
    expect(inPreviousUnit(value, unit, previous).value).toBeCloseTo(expected, 9);
  });
});
