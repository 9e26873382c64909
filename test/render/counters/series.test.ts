import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seriesRates } from '../../../src/profile/counters/series-rates.ts';
import type { Series } from '../../../src/profile/profile.ts';
import { rateText } from '../../../src/render/counters/rate-text.ts';
import { seriesChartSvg } from '../../../src/render/counters/series-chart-svg.ts';
import { sparklines } from '../../../src/render/counters/sparklines-text.ts';
import { stringWidth } from '../../../src/terminal/string-width.ts';
import { counterRuns } from '../../profile/counters/counter-runs-of.ts';
import { HOSTILE_NAMES } from '../hostile-names.ts';
import { checkXml } from '../xml-check.ts';

const series = (name: string, unit: string, times: readonly number[], values: readonly number[]): Series => ({
  name,
  unit,
  time: Float64Array.from(times, (time) => time * 1e9),
  value: Float64Array.from(values),
});
const draw = (...list: Series[]) =>
  [...seriesChartSvg(counterRuns({}, { series: list, command: ['./app', '<1>'] }))].join('');

describe('rates', () => {
  test('counts are divided by how long the interval was, the last one is shorter', () => {
    expect([...seriesRates(series('cs', 'count', [1, 2, 2.5], [10, 20, 10])).value]).toEqual([10, 20, 20]);
  });

  test('time in time is processors, levels stay as they are', () => {
    expect(seriesRates(series('task-clock', 'ns', [1, 2], [1e9, 5e8]))).toMatchObject({ unit: 'CPUs' });
    expect([...seriesRates(series('task-clock', 'ns', [1, 2], [1e9, 5e8])).value]).toEqual([1, 0.5]);
    expect([...seriesRates(series('rss', 'bytes', [1, 2], [4096, 8192])).value]).toEqual([4096, 8192]);
  });

  test.each([
    [0, '/s', '0 /s'],
    [1234, '/s', '1.23 k/s'],
    [2.5e9, '/s', '2.50 G/s'],
    [1.984, 'CPUs', '1.98 CPUs'],
    [3 << 20, 'bytes', '3 MiB'],
    [12.34, 'Joules/s', '12.3 Joules/s'],
  ])('%d %s is %s', (value, unit, text) => {
    expect(rateText(value, unit)).toBe(text);
  });
});

describe('the chart', () => {
  test('is a picture of its numbers, without scripts', () => {
    const svg = draw(
      series('task-clock', 'ns', [0.1, 0.2, 0.3], [5e7, 1e8, 2e7]),
      series('rss', 'bytes', [0.1, 0.2], [1 << 20, 2 << 20]),
    );
    checkXml(svg);
    expect(svg).not.toMatch(/<script|on\w+=|https?:\/\/(?!www\.w3\.org)/);
    expect(svg).toContain('<title id="title">Counters over time: &#39;./app &lt;1&gt;&#39;</title>');
    expect(svg).toContain('task-clock: 0.20 CPUs to 1.00 CPUs, mean 0.57 CPUs; rss: 1 MiB to 2 MiB');
    expect(svg).toContain('<title>task-clock, 0.10 to 0.20 s: 1.00 CPUs</title>');
    expect(svg).toContain('prefers-color-scheme:dark');
    // 0 to 1 CPU over 96 pixels from y 88: half a CPU in the first third of 850
    expect(svg).toContain('M86.0 136.0V136.0H369.3V88.0H652.7V164.8H936.0');
  });

  test('of any names and any numbers it is well-formed, and no number is lost to NaN', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e15, noNaN: true }), { minLength: 1, maxLength: 30 }),
        fc.constantFrom(...HOSTILE_NAMES),
        fc.constantFrom('count', 'ns', 'bytes', '%', '<b>'),
        (values, name, unit) => {
          const svg = draw(
            series(
              name,
              unit,
              values.map((_value, i) => (i + 1) / 7),
              values,
            ),
          );
          checkXml(svg);
          expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('of 100,000 intervals it stays small, and keeps the one that sticks out', () => {
    const values = Array.from({ length: 100_000 }, (_none, i) => (i === 77_777 ? 100 : 1));
    const svg = draw(
      series(
        'cs',
        'count',
        values.map((_value, i) => i + 1),
        values,
      ),
    );
    checkXml(svg);
    expect(svg.length).toBeLessThan(40_000);
    expect(svg).toMatch(/L\d+ 88\.0/);
  });
});

describe('sparklines', () => {
  const list = [series('cs', 'count', [1, 2, 3, 4], [0, 5, 10, 2]), series('rss', 'bytes', [1, 2], [1024, 2048])];

  test('a bar an interval', () => {
    expect(sparklines(list, { width: 60, ascii: false })).toEqual([
      '',
      ' over 4.0 s, per second, from 0 to the largest:',
      '  cs   0 /s to 10.0 /s  ▁▅█▂',
      '  rss  1 KiB to 2 KiB   ▅█',
    ]);
  });

  test('in ASCII where the terminal has nothing else', () => {
    expect(sparklines(list, { width: 60, ascii: true }).join('\n')).toMatch(/^[\x20-\x7e\n]*$/);
  });

  test('a bar of several intervals is the largest of them; no line is too wide', () => {
    const values = Array.from({ length: 1000 }, (_none, i) => (i === 500 ? 9 : 1));
    const long = series(
      'x'.repeat(200),
      'count',
      values.map((_value, i) => i + 1),
      values,
    );
    for (const width of [60, 80, 200]) {
      const lines = sparklines([long], { width, ascii: false });
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      expect(lines.at(-1)).toContain('█');
    }
  });

  test('whatever a saved file says', () => {
    for (const unit of ['count', 'ns', 'bytes']) {
      const odd = series('x', unit, [1e-9, 1, 1, 2], [1e308, Number.NaN, -5, 3]);
      expect(sparklines([odd], { width: 80 }).join('\n')).not.toMatch(/undefined|NaN|Infinity/);
    }
  });

  test('none without intervals', () => {
    expect(sparklines([series('cs', 'count', [1], [1])], { width: 80, ascii: false })).toEqual([]);
  });
});
