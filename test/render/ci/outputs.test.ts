import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CheckReport, CheckRow } from '../../../src/history/check-report.ts';
import type { KeptResult } from '../../../src/history/entry.ts';
import { bencherMetrics, customBenchmarks } from '../../../src/history/result-files.ts';
import { checkJson, checkText } from '../../../src/render/ci/check-text.ts';
import { githubAnnotations } from '../../../src/render/ci/github-annotations.ts';
import { junitXml } from '../../../src/render/ci/junit.ts';
import { checkComment, checkMarkdown, commentMarker } from '../../../src/render/ci/markdown.ts';
import { openMetrics } from '../../../src/render/ci/open-metrics.ts';
import { stringWidth } from '../../../src/terminal/string-width.ts';
import { checkXml } from '../xml-check.ts';
import { parseOpenMetrics } from './open-metrics-parser.ts';

const row = (more: Partial<CheckRow> = {}): CheckRow => ({
  budget: 'bench.*.median < 1us',
  name: 'parse',
  metric: 'bench.median',
  unit: 'ns',
  better: 'smaller',
  value: 1200,
  low: 1150,
  high: 1250,
  limit: { operator: '<', value: 1000 },
  verdict: 'fail',
  excess: 0.2,
  ...more,
});
const passing = row({ verdict: 'pass', value: 500, low: 490, high: 510 });
const report = (rows: readonly CheckRow[], more: Partial<CheckReport> = {}): CheckReport => ({
  title: 'pforge-prof check',
  suite: '',
  commit: { id: '42207d1d1c0ffee', subject: 'Read options once more' },
  rows,
  results: [],
  notes: [],
  ...more,
});
const HOSTILE = [
  '</failure>]]><!-- --><script>alert(1)</script>',
  'a\n::error::stolen\r\n',
  '`|`\\|<b>@someone #1 [x](javascript:1)',
  '--> <!-- & "\' \u202e \u0000 \ud800',
  '%0A % :, %25',
  '__proto__',
];
const hostile = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 30 }));
const anyRow = fc
  .record({
    name: hostile,
    budget: hostile,
    why: hostile,
    file: hostile,
    subject: hostile,
    verdict: fc.constantFrom('pass', 'fail', 'inconclusive'),
  })
  .map(({ name, budget, why, file, subject, verdict }) =>
    row({
      name,
      budget,
      why,
      verdict: verdict as CheckRow['verdict'],
      place: { file, line: 3 },
      since: { commit: { id: 'abc', subject }, change: 0.2 },
    }),
  );
const anyReport = fc
  .record({ rows: fc.array(anyRow, { maxLength: 5 }), suite: hostile, note: hostile, title: hostile })
  .map(({ rows, suite, note, title }) => report(rows, { suite, title, notes: [note] }));

/** What each element may have: facts of the schema that Jenkins' xUnit plugin publishes (junit-10). */
const JUNIT: Readonly<
  Record<string, { readonly attributes: readonly string[]; readonly children: readonly string[] }>
> = {
  testsuites: { attributes: ['name', 'tests', 'failures', 'errors', 'time'], children: ['testsuite'] },
  testsuite: {
    attributes: ['name', 'tests', 'failures', 'errors', 'skipped', 'time', 'timestamp', 'hostname', 'id', 'package'],
    children: ['properties', 'testcase', 'system-out', 'system-err'],
  },
  testcase: {
    attributes: ['name', 'classname', 'time', 'status', 'file', 'line', 'assertions'],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  failure: { attributes: ['message', 'type'], children: [] },
  skipped: { attributes: ['message', 'type'], children: [] },
  'system-out': { attributes: [], children: [] },
  'system-err': { attributes: [], children: [] },
};

function junitFaults(xml: string): string[] {
  checkXml(xml);
  const faults: string[] = [];
  const open: string[] = [];
  const counts = new Map<string, number>();
  let told: Record<string, string> = {};
  for (const [, close, tag, words, alone] of xml.matchAll(/<(\/?)([\w-]+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>/g)) {
    if (close) {
      open.pop();
      continue;
    }
    const rule = JUNIT[tag!];
    const parent = open.at(-1);
    if (rule === undefined) faults.push(`unknown ${tag}`);
    if (parent !== undefined && !JUNIT[parent]!.children.includes(tag!)) faults.push(`${tag} in ${parent}`);
    const attributes = Object.fromEntries(
      [...words!.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, value!]),
    );
    for (const key of Object.keys(attributes)) if (!rule?.attributes.includes(key)) faults.push(`${tag} ${key}`);
    for (const value of Object.values(attributes)) if (/[\n\t]/.test(value)) faults.push(`bare white space in ${tag}`);
    if (tag === 'testcase' && !('name' in attributes)) faults.push('testcase without a name');
    if (tag === 'testsuite') told = attributes;
    counts.set(tag!, (counts.get(tag!) ?? 0) + 1);
    if (!alone) open.push(tag!);
  }
  for (const [key, tag] of [
    ['tests', 'testcase'],
    ['failures', 'failure'],
    ['skipped', 'skipped'],
  ] as const) {
    if (Number(told[key]) !== (counts.get(tag) ?? 0)) faults.push(`${key}="${told[key]}" but ${counts.get(tag)}`);
  }
  return faults;
}

describe('JUnit XML', () => {
  test('failures, what cannot be told, warnings and what passed', () => {
    const rows = [row(), passing, row({ verdict: 'inconclusive' }), row({ isWarning: true })];
    const xml = [...junitXml(report(rows, { notes: ['a note'] }))].join('');
    expect(junitFaults(xml)).toEqual([]);
    expect(xml).toContain('<testsuite name="pforge-prof check" tests="4" failures="1" errors="0" skipped="1">');
    expect(xml).toContain('<testcase classname="bench.median" name="parse: bench.*.median &lt; 1us">');
    expect(xml).toContain(
      '<failure message="parse: bench.median: 1.2 µs [1.15 µs .. 1.25 µs], must be &lt; 1 µs, +20 % beyond it"',
    );
  });

  test('whatever names are, it stays what its readers know', () => {
    fc.assert(
      fc.property(anyReport, (any) => {
        expect(junitFaults([...junitXml(any)].join(''))).toEqual([]);
      }),
    );
  });
});

describe("GitHub's annotations", () => {
  test('stand at their line', () => {
    expect(githubAnnotations(report([row({ place: { file: 'src/a,b:c.ts', line: 3 } })]))).toEqual([
      '::error file=src/a%2Cb%3Ac.ts,line=3,title=pforge-prof check%3A bench.*.median < 1us::parse: bench.median: 1.2 µs [1.15 µs .. 1.25 µs], must be < 1 µs, +20 %25 beyond it',
    ]);
  });

  test('no text becomes another command, or leaves its field', () => {
    fc.assert(
      fc.property(anyReport, (any) => {
        const lines = githubAnnotations(any);
        expect(lines).toHaveLength(any.rows.filter(({ verdict }) => verdict !== 'pass').length);
        for (const line of lines) {
          expect(line).not.toMatch(/[\r\n]/);
          // As the runner takes it apart
          const [, level, properties] = /^::(\w+) ([^:]*)::/.exec(line) ?? [];
          expect(['error', 'warning', 'notice']).toContain(level);
          expect(properties!.split(',').map((one) => one.slice(0, one.indexOf('=')))).toEqual([
            'file',
            'line',
            'title',
          ]);
        }
      }),
    );
  });

  test('GitHub shows ten of each level: the last one says how many more there are', () => {
    const lines = githubAnnotations(report(Array.from({ length: 25 }, () => row())));
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe('::error title=pforge-prof check::16 more: see the summary of the job');
  });
});

describe('Markdown', () => {
  test('what failed stands first, with its commit', () => {
    const since = { commit: { id: '1234567890ab', subject: 'Sort *twice*' }, change: 0.204 };
    const text = checkMarkdown(report([passing, row({ since })]));
    expect(text.split('\n').slice(0, 9)).toEqual([
      '### pforge-prof check: 1 failed, 1 passed',
      '',
      'Commit `42207d1d1` Read options once more',
      '',
      '| | measured | value | limit | beyond | since |',
      '| --- | --- | ---: | --- | ---: | --- |',
      '| :x: failed | `parse` bench.median | 1.2 µs<br>1.15 µs .. 1.25 µs | &lt; 1 µs | +20 % | 123456789 Sort \\*twice\\* (+20.4 %) |',
      '',
      '| | measured | value | limit | beyond | since |',
    ]);
  });

  test('the first line of a comment is the same for a title and suite, and cannot be ended by a name', () => {
    expect(checkComment(report([row()])).split('\n')[0]).toBe('<!-- pforge-prof check -->');
    fc.assert(
      fc.property(hostile, hostile, (title, suite) => {
        const marker = commentMarker({ title, suite });
        expect(marker).toMatch(/^<!--(?: (?!.*--.*-->)[^\n<>]*)? -->$/);
      }),
    );
  });

  test('every row is one line of six cells', () => {
    fc.assert(
      fc.property(anyReport, (any) => {
        const lines = checkMarkdown(any)
          .split('\n')
          .filter((line) => line.startsWith('| :'));
        expect(lines).toHaveLength(any.rows.length);
        for (const line of lines) expect(line.replaceAll(/\\\|/g, '').split('|')).toHaveLength(8);
      }),
    );
  });

  test('a comment has no more characters than GitHub takes, and says what it leaves out', () => {
    const text = checkComment(report(Array.from({ length: 3000 }, (_, i) => row({ name: `benchmark ${i}` }))));
    expect(text.length).toBeLessThan(65_536);
    const shown = text.match(/^\| :x:/gm)!.length;
    expect(text).toContain(`${3000 - shown} more of these have no room here.`);
  });
});

describe('text', () => {
  test.each([40, 80, 200])('no line is wider than %d columns', (width) => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 4 }), (rows) => {
        const plain = rows.map(({ why: _why, ...rest }) => rest);
        for (const line of checkText(report(plain), { width, color: false, ascii: false }).split('\n')) {
          expect(stringWidth(line)).toBeLessThanOrEqual(width);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('shares are beyond their limit by points, not by a share of a share', () => {
    const share = row({
      unit: 'ratio',
      value: 0.957,
      low: 0.9,
      high: 0.99,
      limit: { operator: '<', value: 0.05 },
      excess: 18.1,
    });
    expect(checkText(report([share]), { width: 120, color: false, ascii: false })).toContain('+90.7 points');
  });

  test('JSON has counts and rows', () => {
    expect(checkJson(report([row(), passing, row({ isWarning: true })]))).toMatchObject({
      kind: 'check',
      failed: 1,
      warnings: 1,
      passed: 1,
      rows: [{ value: 1200, limit: { operator: '<', value: 1000 } }, {}, {}],
    });
  });
});

describe('results for other tools', () => {
  const results: KeptResult[] = [
    { name: 'parse', unit: 'ns', better: 'smaller', value: 1500, low: 1400, high: 1600 },
    { name: 'parse', unit: 'bytes', better: 'smaller', value: 64 },
    { name: 'rate "q"\\\n', unit: 'ops/s', better: 'bigger', value: 5e6 },
    { name: 'count', unit: 'count', better: 'smaller', value: 3 },
  ];

  test('OpenMetrics text, as its specification has it', () => {
    const text = [...openMetrics(report([], { results, suite: 'a "b"' }))].join('');
    const samples = parseOpenMetrics(text);
    expect(samples).toContainEqual({
      name: 'pforge_prof_result_seconds',
      labels: { suite: 'a "b"', name: 'parse' },
      value: 1.5e-6,
    });
    expect(samples).toContainEqual({
      name: 'pforge_prof_result_low_seconds',
      labels: { suite: 'a "b"', name: 'parse' },
      value: 1.4e-6,
    });
    expect(samples).toContainEqual({
      name: 'pforge_prof_result_ops_per_second',
      labels: { suite: 'a "b"', name: 'rate "q"\\\n' },
      value: 5e6,
    });
    expect(samples).toHaveLength(6);
  });

  test('OpenMetrics text holds names and units of any kind', () => {
    const any = fc.array(
      fc.record({ name: hostile, unit: hostile, value: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(any, (list) => {
        const all = list.map((one): KeptResult => ({ better: 'smaller', ...one }));
        parseOpenMetrics([...openMetrics(report([], { results: all }))].join(''));
      }),
    );
  });

  test('github-action-benchmark: one way each', () => {
    expect(customBenchmarks(results, 'bigger')).toEqual([{ name: 'rate "q"\\\n', unit: 'ops/s', value: 5e6 }]);
    expect(customBenchmarks(results, 'smaller')[0]).toEqual({
      name: 'parse',
      unit: 'ns',
      value: 1500,
      range: '± 100',
      extra: 'interval: 1400 .. 1600',
    });
  });

  test('Bencher: measures by benchmark', () => {
    expect(bencherMetrics(results)).toEqual({
      parse: { latency: { value: 1500, lower_value: 1400, upper_value: 1600 }, bytes: { value: 64 } },
      'rate "q"\\\n': { throughput: { value: 5e6 } },
      count: { count: { value: 3 } },
    });
  });
});
