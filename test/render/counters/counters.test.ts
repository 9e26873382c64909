import { describe, expect, test } from 'vitest';
import type { CounterRuns } from '../../../src/profile/counters/counter-runs.ts';
import { countersCsv } from '../../../src/render/counters/counters-csv.ts';
import { countersJson } from '../../../src/render/counters/counters-json.ts';
import { countersMarkdown } from '../../../src/render/counters/counters-md.ts';
import { countersText } from '../../../src/render/counters/counters-text.ts';
import { stringWidth } from '../../../src/terminal/string-width.ts';
import { MANUAL, runsOf } from '../../profile/counters/hardware-runs.ts';

const text = (runs: CounterRuns, width: number): string =>
  countersText(runs, { width, color: false, program: '-- ./app' });

const FIVE = runsOf(
  {
    'task-clock': [983e6, 991e6, 987e6, 1002e6, 979e6],
    'context-switches': [12, 9, 14, 11, 10],
    'cpu-migrations': [0, 1, 0, 0, 0],
    'page-faults': [5123, 5123, 5124, 5123, 5123],
    cycles: [2.9e9, 2.93e9, 2.91e9, 2.96e9, 2.89e9],
    instructions: [1.71e9, 1.71e9, 1.71e9, 1.71e9, 1.71e9],
    branches: [2.1e8, 2.1e8, 2.1e8, 2.1e8, 2.1e8],
    'branch-misses': [1.2e6, 1.21e6, 1.19e6, 1.2e6, 1.2e6],
    'cache-references': [9e7, 9e7, 9.1e7, 9e7, 9e7],
    'cache-misses': [4.1e7, 4.2e7, 4.1e7, 4.15e7, 4.1e7],
    'wall-time': [1.01e9, 1.02e9, 1.015e9, 1.03e9, 1.005e9],
    'user-time': [9.5e8, 9.6e8, 9.55e8, 9.7e8, 9.5e8],
    'system-time': [3e7, 3e7, 3.1e7, 3e7, 2.9e7],
    'max-rss': [2.5e8, 2.5e8, 2.5e8, 2.5e8, 2.5e8],
  },
  { command: ['./app', 'big file'] },
);

describe('text', () => {
  test.each([80, 120, 200])('%i columns', async (width) => {
    const shown = text(FIVE, width);
    await expect(shown).toMatchFileSnapshot(`__snapshots__/five-runs-${width}.txt`);
    for (const line of shown.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(width);
  });

  test('the example of perf-stat(1)', async () => {
    await expect(text(MANUAL, 80)).toMatchFileSnapshot('__snapshots__/manual-80.txt');
    for (const line of text(MANUAL, 80).split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(80);
    await expect(text(MANUAL, 120)).toMatchFileSnapshot('__snapshots__/manual.txt');
  });

  test('what has no number has a word, events that took turns their share', () => {
    const runs = runsOf({ 'task-clock': 5e6, 'wall-time': 20e6, cycles: 5 });
    const counters = runs.counters.map((one) =>
      one.name === 'cycles' ? { ...one, percentRunning: Float64Array.of(83.33) } : one,
    );
    const shown = text({ ...runs, counters: [...counters, missing('instructions'), missing('branches')] }, 100);
    expect(shown).toMatch(/<not supported> +instructions, branches$/m);
    expect(shown).toMatch(/ cycles .*\(83\.33%\)/);
  });

  test('elapsed times of a saved perf stat -r have their error', () => {
    const runs = runsOf({ 'page-faults': 5, 'wall-time': 95.6e6 });
    const counters = runs.counters.map((one) => ({ ...one, summary: { variancePercent: 29.78, runs: 3 } }));
    const shown = text({ ...runs, counters, runs: 3 }, 100);
    expect(shown).toMatch(/0\.0956\d* \+- 0\.02847\d seconds time elapsed {2}\( \+- 29\.78% \)\n/);
    expect(shown).not.toContain('\n\n\n');
    expect(text(runsOf({ 'page-faults': 5e6, 'cpu-clock': 1e9 }), 100)).not.toContain('\n\n\n');
  });

  test('names cannot drive a terminal', () => {
    const runs = runsOf({ 'evil\u001b[2J': 1 }, { command: ['a\nb\u001b]0;x\u0007'] });
    const part = { part: { kind: 'thread' as const, name: '\u001b[31mred' }, counters: runs.counters };
    const counters = runs.counters.map((counter) => ({ ...counter, unit: 'x\u001b[2J' }));
    const two = Float64Array.of(1e9, 2e9);
    const series = [{ name: '\u001b[1m', unit: '\u001b[2J', time: two, value: two }];
    expect(text({ ...runs, counters, series, parts: [part] }, 100)).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});

function missing(name: string) {
  return {
    name,
    unit: 'count',
    source: 'perf' as const,
    values: Float64Array.of(Number.NaN),
    missing: 'not supported' as const,
  };
}

test('JSON has every run, null where there is no number, and is what the contract says', () => {
  const json = countersJson({ ...FIVE, counters: [...FIVE.counters, missing('stalled-cycles-backend')] });
  const plain = JSON.parse(JSON.stringify(json)) as typeof json;
  expect(plain).toEqual(json);
  expect(plain.counters[0]).toMatchObject({ name: 'task-clock', unit: 'ns', runs: 5, supported: true, source: 'perf' });
  expect(plain.counters[0]!.values).toEqual([983e6, 991e6, 987e6, 1002e6, 979e6]);
  expect(plain.counters.at(-1)).toMatchObject({
    value: null,
    supported: false,
    missing: 'not supported',
    values: [null],
  });
  expect(plain.derived).toContainEqual(expect.objectContaining({ name: 'ipc', unit: 'insn per cycle' }));
  expect(plain.verdicts.map(({ id }) => id)).toEqual(['memory-bound']);
});

test('CSV has one row a counter and a derived number; nothing is run as a formula', () => {
  const lines = [...countersCsv(FIVE)].join('').trimEnd().split('\r\n');
  expect(lines[0]).toBe('kind,part,name,unit,value,runs,min,max,error_percent,percent_running,source');
  expect(lines[2]).toBe('counter,,context-switches,count,11.2,5,9,14,7.6806,100,perf');
  expect(lines.filter((line) => line.startsWith('derived,')).length).toBeGreaterThan(5);
  expect([...countersCsv(runsOf({ '=1+1': 1 }))].join('')).toContain(`"'=1+1"`);
});

test('Markdown', async () => {
  const shown = [...countersMarkdown(FIVE, "-- ./app 'big file'")].join('');
  await expect(shown).toMatchFileSnapshot('__snapshots__/five-runs.md');
  const evil = [...countersMarkdown(runsOf({ 'a|b<script>': 1 }, { notes: ['<b>@me'] }), 'x')].join('');
  expect(evil).toContain('| `a\\|b<script>` |');
  expect(evil).toContain('- &lt;b&gt;@<!-- -->me');
});
