import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { matchesName, parseBudget } from '../../src/history/budget-expression.ts';
import { limitIn } from '../../src/history/limit-units.ts';

const absolute = (amount: number, unit: string) => ({ kind: 'absolute', amount, unit });

describe('budgets', () => {
  test.each([
    ['bench.parse.median < 1us', 'bench', 'parse', 'median', '<', absolute(1, 'us')],
    ['  bench . parse.mean<=1_000 ns ', 'bench', 'parse', 'mean', '<=', absolute(1000, 'ns')],
    ["bench['a b.c'].mean < 5ms", 'bench', 'a b.c', 'mean', '<', absolute(5, 'ms')],
    ['bench["it\\"s"].mean < 5ms', 'bench', 'it"s', 'mean', '<', absolute(5, 'ms')],
    ['load.p(99.9) < 50ms', 'load', undefined, 'p(99.9)', '<', absolute(50, 'ms')],
    ['load.p99.9 < 50ms', 'load', undefined, 'p(99.9)', '<', absolute(50, 'ms')],
    ['load.p99<50ms', 'load', undefined, 'p(99)', '<', absolute(50, 'ms')],
    ['load.errors == 0', 'load', undefined, 'errors', '==', absolute(0, '')],
    ["frame('JSON.parse').total < 20%", 'frame', 'JSON.parse', 'total', '<', absolute(20, '%')],
    ["stat['page-faults'] < 3k", 'stat', undefined, 'page-faults', '<', absolute(3, 'k')],
    ['stat.page-faults < 3k', 'stat', undefined, 'page-faults', '<', absolute(3, 'k')],
    ['bench.parse.rate > 1.5M/s', 'bench', 'parse', 'rate', '>', absolute(1.5, 'M/s')],
    ['bench.p50.median < 1us', 'bench', 'p50', 'median', '<', absolute(1, 'us')],
    ['bench.a.median < 1e3', 'bench', 'a', 'median', '<', absolute(1000, '')],
  ])('%s', (text, subject, name, stat, operator, limit) => {
    const budget = parseBudget(text);
    expect(budget).toMatchObject({ subject, stat, operator, limit });
    expect(budget.name === undefined ? undefined : 'text' in budget.name ? budget.name.text : '').toBe(name);
  });

  test.each([
    ['< +5% of baseline', { kind: 'relative', share: 0.05, reference: 'baseline' }],
    ['< +5%', { kind: 'relative', share: 0.05, reference: 'baseline' }],
    ['< -3% of previous', { kind: 'relative', share: -0.03, reference: 'previous' }],
    ['< 105% of history', { kind: 'relative', share: expect.closeTo(0.05, 12), reference: 'history' }],
    ['< +100us of baseline', { kind: 'more', amount: 100, unit: 'us', reference: 'baseline' }],
    ['<+2of baseline', { kind: 'more', amount: 2, unit: '', reference: 'baseline' }],
  ])('growth: %s', (text, limit) => {
    expect(parseBudget(`bench.parse.median ${text}`).limit).toEqual(limit);
  });

  test.each([
    ['', 1, 'it must begin with what is measured'],
    ['bnech.parse.median < 1us', 1, "'bnech' is nothing that is measured"],
    ['bench < 1us', 7, "which number of 'bench'?"],
    ['bench.parse.median', 19, 'a comparison is missing'],
    ['bench.parse.median = 1us', 20, "'=' compares nothing"],
    ['bench.parse.median < ', 22, 'a limit is missing'],
    ['bench.parse.median < 1e999ns', 22, 'that is no number'],
    ['bench.parse.median < 1 parsec', 22, "'parsec' is no unit"],
    ['bench.parse.median < 5% of yesterday', 28, "of what? 'yesterday' is not known"],
    ['bench.parse.median < 1us, 2us', 25, "', 2us' is too much"],
    ["bench['parse.median < 1us", 7, 'has no end'],
    ["frame('x'.total < 1%", 10, "here ')' is missing"],
    ['bench..median < 1us', 7, "a name is missing after '.'"],
    ['frame(/[/).self < 1%', 7, ''],
    ['frame(parse).self < 1%', 7, 'a name in quotes or a /regexp/ is missing'],
    ['bench.a.median < 5us of baseline', 18, 'how much of baseline?'],
    ['bench.a.median == +5%', 19, '== compares no growth'],
  ])('%s: one line that says where', (text, column, what) => {
    let told: unknown;
    try {
      parseBudget(text);
    } catch (error) {
      told = error;
    }
    expect(told).toBeInstanceOf(UserError);
    expect((told as UserError).message).toContain(`column ${column}: `);
    expect((told as UserError).message).toContain(what);
    expect((told as UserError).message).not.toContain('\n');
  });

  test('whatever is written is a budget, or one clear line', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'bench',
        'load',
        '.',
        '*',
        '(',
        ')',
        "'",
        '/',
        '[',
        ']',
        '<',
        '>',
        '=',
        '%',
        '+',
        '5',
        'us',
        ' of ',
        'baseline',
        'p99',
      ),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        try {
          parseBudget(pieces.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          expect((error as Error).message).toMatch(/^budget .*, column \d+: /s);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('names: in quotes any, * anything, regular expressions, and paths', () => {
    const meant = (text: string, name: string): boolean => {
      const { name: pattern, subject } = parseBudget(text);
      return matchesName(pattern, name, subject);
    };
    expect(meant('bench.*.median < 1us', 'json/parse (1000)')).toBe(true);
    expect(meant('bench.median < 1us', 'anything')).toBe(true);
    expect(meant('bench.json.parse.median < 1us', 'json.parse')).toBe(true);
    expect(meant('bench.json/*.median < 1us', 'json/parse')).toBe(true);
    expect(meant('bench.json/*.median < 1us', 'xml/parse')).toBe(false);
    expect(meant('bench(/^JSON/i).median < 1us', 'json/parse')).toBe(true);
    expect(meant('bench(/^json/g).median < 1us', 'json/parse')).toBe(true);
    expect(meant("file('dist/*.js').size < 1kB", 'dist/a.js')).toBe(true);
    expect(meant("file('dist/*.js').size < 1kB", 'dist/deep/a.js')).toBe(false);
    expect(meant("file('dist/**/*.js').size < 1kB", 'dist/deep/er/a.js')).toBe(true);
    expect(meant("file('dist/**/*.js').size < 1kB", 'dist/a.js')).toBe(true);
    expect(meant("file('dist/*.js').size < 1kB", 'dist/axjs')).toBe(false);
  });
});

describe('limits in the unit of what was measured', () => {
  test.each([
    [5, 'us', 'ns', 5000],
    [2, 'µs', 'ns', 2000],
    [3, '', 'ns', 3],
    [2, 's', 'ms', 2000],
    [64, 'KiB', 'bytes', 65_536],
    [1, 'MB', 'bytes', 1_048_576],
    [1.5, 'M/s', 'ops/s', 1.5e6],
    [5, 'k', 'requests/s', 5000],
    [20, '%', 'ratio', 0.2],
    [20, '%', '%', 20],
    [3, 'k', 'instructions', 3000],
    [5, 'ms', 'count', undefined],
    [5, 'MB', 'ns', undefined],
    [5, '%', 'ns', undefined],
    [5, '/s', 'count', undefined],
  ])('%d%s of %s', (amount, unit, measured, expected) => {
    expect(limitIn(amount, unit, measured)).toBe(expected);
  });
});
