import { describe, expect, test } from 'vitest';
import type { AdjustedVerdict } from '../../../src/bench/pairs/adjust-verdicts.ts';
import type { BenchResult } from '../../../src/bench/runner/result.ts';
import { resultText } from '../../../src/render/bench-runs/run-text.ts';
import { verdictTable } from '../../../src/render/bench-runs/verdict-table.ts';
import { stringWidth } from '../../../src/terminal/string-width.ts';
import { foundBenchmark } from '../../bench/runner/found-benchmark.ts';

function result(name: string, verdict: AdjustedVerdict['verdict'], ratio: number): BenchResult {
  const found = foundBenchmark(name);
  const side = (time: number) => ({
    found,
    processes: [],
    medians: [time, time * 1.01],
    failure: undefined,
    printed: 0,
  });
  const more = verdict === 'inconclusive' ? { morePairs: 12 } : {};
  return {
    found,
    base: side(1000),
    head: side(1000 * ratio),
    verdict: { ratio, low: ratio * 0.99, high: ratio * 1.01, k: 8, p: 0.0002, adjusted: 0.0004, verdict, ...more },
    warnings: [],
  };
}

const results = [
  result('json/parse', 'regressed', 1.05),
  result('a/name/that/is/longer/than/others/and/says/more', 'improved', 0.5),
  result('漢字', 'inconclusive', 1.012),
];

describe('the table of verdicts', () => {
  test('has a line each, columns aligned', () => {
    expect(verdictTable(results, { width: 120, color: false })).toMatchInlineSnapshot(`
      "benchmark                                             base       head   change            interval  verdict
      json/parse                                       1.0050 µs  1.0552 µs  +5.00 %  +3.95 % .. +6.05 %  regressed
      a/name/that/is/longer/than/others/and/says/more  1.0050 µs  502.49 ns  -50.0 %  -50.5 % .. -49.5 %  improved
      漢字                                             1.0050 µs  1.0170 µs  +1.20 %  +0.19 % .. +2.21 %  inconclusive
      "
    `);
  });

  test.each([60, 80, 100, 200])('fits into %d columns', (width) => {
    const lines = verdictTable(results, { width, color: false }).trimEnd().split('\n');
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
    expect(lines[1]).toMatch(/json\/parse .*\+5\.00 %.* regressed$/);
  });

  test('one comparison needs none', () => {
    expect(verdictTable(results.slice(1, 2), { width: 80, color: false })).toBe('');
  });
});

test('a block tells both sides, the change with its interval, and what it would take to know more', () => {
  expect(resultText(results[2]!, { width: 100, color: false })).toMatchInlineSnapshot(`
    "漢字
      base    1.0050 µs  [943.42 ns .. 1.0706 µs]
      head    1.0170 µs  [954.74 ns .. 1.0834 µs]  2 processes, 0 samples
      change  +1.20 % [+0.19 % .. +2.21 %]  inconclusive (8 pairs, p 0.0004; 12 more pairs may tell)
    "
  `);
});
