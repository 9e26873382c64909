import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBudget } from '../../src/history/budget-expression.ts';
import { judgeBudget, type Past } from '../../src/history/judge-budget.ts';
import { type Quantity, subjectOf } from '../../src/history/measurements.ts';

const nothing: Past = { base: () => 'none', isGiven: () => false, since: () => undefined };
const earlier = (value: number, low?: number, high?: number): Past => ({
  ...nothing,
  base: () => ({
    value,
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    source: 'old.json',
  }),
});
const time = (value: number, low?: number, high?: number): Quantity => ({
  value,
  ...(low === undefined ? {} : { low }),
  ...(high === undefined ? {} : { high }),
  unit: 'ns',
  better: 'smaller',
});
const bench = (quantity: Quantity, name = 'parse') => subjectOf('bench', name, new Map([['median', quantity]]));
const verdictOf = (text: string, quantity: Quantity, past = nothing) =>
  judgeBudget(parseBudget(text), [bench(quantity)], past)[0]!;

describe('a budget is judged with the interval of what was measured', () => {
  test.each([
    ['< 100ns', time(90, 85, 95), 'pass'],
    ['< 100ns', time(98, 94, 102), 'inconclusive'],
    ['< 100ns', time(102, 98, 106), 'inconclusive'],
    ['< 100ns', time(110, 105, 115), 'fail'],
    ['< 100ns', time(100), 'fail'],
    ['<= 100ns', time(100), 'pass'],
    ['> 100ns', time(110, 105, 115), 'pass'],
    ['> 100ns', time(90, 85, 95), 'fail'],
    ['== 100ns', time(100, 90, 110), 'pass'],
    ['!= 100ns', time(100, 90, 110), 'fail'],
  ])('%s of %j: %s', (limit, quantity, verdict) => {
    expect(verdictOf(`bench.parse.median ${limit}`, quantity).verdict).toBe(verdict);
  });

  test('how far it is beyond the limit', () => {
    expect(verdictOf('bench.parse.median < 100ns', time(125, 120, 130)).excess).toBeCloseTo(0.25, 12);
    expect(verdictOf('bench.parse.median > 100ns', time(75, 70, 80)).excess).toBeCloseTo(0.25, 12);
    expect(verdictOf('bench.parse.median < 100ns', time(98, 94, 102)).excess).toBeUndefined();
  });

  test('growth: the uncertainty of both sides counts', () => {
    const budget = 'bench.parse.median < +5% of baseline';
    expect(verdictOf(budget, time(110), earlier(100)).verdict).toBe('fail');
    expect(verdictOf(budget, time(104), earlier(100)).verdict).toBe('pass');
    expect(verdictOf(budget, time(110), earlier(100, 94, 106)).verdict).toBe('inconclusive');
    // 10 % each are 14 % together
    const row = verdictOf(budget, time(100, 90, 110), earlier(100, 90, 110));
    expect(row.high).toBeCloseTo(100 * (1 + Math.SQRT2 / 10), 9);
    expect(row.low).toBeCloseTo(100 * (1 - Math.SQRT2 / 10), 9);
    expect(verdictOf('bench.parse.median < +50ns of baseline', time(140), earlier(100)).limit?.value).toBe(150);
    expect(verdictOf('bench.parse.median < 105% of baseline', time(104), earlier(100)).limit?.value).toBe(105);
  });

  test('a verdict other than inconclusive never depends on where in the interval the value is', () => {
    const amount = fc.double({ min: 0.1, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(amount, amount, amount, amount, (a, b, c, limit) => {
        const [low, value, high] = [a, b, c].sort((x, y) => x - y) as [number, number, number];
        const { verdict } = verdictOf(`bench.parse.median < ${limit}`, time(value, low, high));
        expect(verdict).toBe(high < limit ? 'pass' : low >= limit ? 'fail' : 'inconclusive');
      }),
    );
  });
});

describe('a budget that guards nothing fails', () => {
  test.each([
    ['load.p(99) < 5ms', 'no results of this kind were given'],
    ['bench.parze.median < 5ms', 'no name matches; there are parse'],
    ["file('dist/*.js').size < 1MB", 'there is no such file'],
    ['bench.parse.medain < 5ms', "'medain' was not measured; known are median"],
  ])('%s', (text, why) => {
    const [row, ...more] = judgeBudget(parseBudget(text), [bench(time(1))], nothing);
    expect(more).toEqual([]);
    expect(row).toMatchObject({ verdict: 'fail', value: undefined, why: expect.stringContaining(why) });
  });

  test('what is new has nothing to be compared with: that is told, and is no failure', () => {
    const row = verdictOf('bench.*.median < +5%', time(1));
    expect(row).toMatchObject({ verdict: 'inconclusive', value: 1, why: 'none' });
  });

  test('but a baseline that was given and has none of it is a mistake', () => {
    const row = verdictOf('bench.*.median < +5%', time(1), { ...nothing, isGiven: () => true });
    expect(row.verdict).toBe('fail');
  });

  test('units that do not fit are told', () => {
    expect(() => verdictOf('bench.parse.median < 5MB', time(1))).toThrow("'MB' does not fit");
    expect(() => verdictOf('bench.parse.median < 5%', time(1))).toThrow('a part of what?');
  });

  test('each subject is a row of its own', () => {
    const rows = judgeBudget(
      parseBudget('bench.*.median < 10ns'),
      [bench(time(5), 'a'), bench(time(15), 'b'), subjectOf('load', '', new Map())],
      nothing,
    );
    expect(rows.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['a', 'pass'],
      ['b', 'fail'],
    ]);
  });
});
