import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { machineName } from '../../src/commands/track/machine-name.ts';
import { parseOpenMetrics } from '../render/ci/open-metrics-parser.ts';
import { checkXml } from '../render/xml-check.ts';
import { root, runCli, workFolder } from './run-cli.ts';

const OFF = { GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '' };
const check = (cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, stdin = '') =>
  runCli(['check', ...args], { cwd, env: { ...OFF, ...env }, stdin });

/** What `bench --json` writes. */
const bench = (name: string, value: number, half = value / 100) => ({
  name,
  unit: 'ns',
  estimates: {
    median: {
      point_estimate: value,
      confidence_interval: { confidence_level: 0.95, lower_bound: value - half, upper_bound: value + half },
    },
  },
});
const write = (folder: string, name: string, value: unknown): string => {
  writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));
  return name;
};
const git = (cwd: string, ...words: string[]): string =>
  execFileSync('git', ['-C', cwd, '-c', 'user.name=T Ester', '-c', 'user.email=t@example.org', ...words], {
    encoding: 'utf8',
  }).trim();
function repository(): string {
  const cwd = workFolder();
  git(cwd, 'init', '-q', '-b', 'main');
  git(cwd, 'commit', '-q', '--allow-empty', '-m', 'first\n\nwith a body');
  return cwd;
}
const history = (values: readonly number[]): string =>
  values
    .map((value, i) => {
      const time = new Date(Date.UTC(2026, 0, 1 + i)).toISOString();
      const commit = { id: `c${i}`.padEnd(40, '0'), time, subject: `change ${i}` };
      const results = [{ name: 'parse', unit: 'ns', better: 'smaller', value }];
      return `${JSON.stringify({ version: 1, time, suite: '', commit, machine: machineName(), tools: {}, results })}\n`;
    })
    .join('');

describe('check', () => {
  test('exit code 1, a table of what failed and by how much; what cannot be told is a warning, and fails with --strict', async () => {
    const cwd = workFolder();
    const file = write(cwd, 'b.json', [bench('parse', 1200), bench('print', 995, 10)]);
    const failed = await check(cwd, [file, '--budget', 'bench.*.median < 1us']);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(/^failed +parse: bench.median +1.2 µs +1.19 µs .. 1.21 µs +< 1 µs +\+20 %$/m);
    expect(failed.stdout).toMatch(/^inconclusive +print: bench.median +995 ns +985 ns .. 1 µs +< 1 µs$/m);
    expect(failed.stdout).toContain('1 failed, 1 inconclusive\n');
    const unclear = await check(cwd, [file, '--budget', 'bench.print.median < 1us']);
    expect(unclear.code).toBe(0);
    expect(unclear.stderr).toContain(
      'warning: print: bench.median: 995 ns [985 ns .. 1 µs], must be < 1 µs, the interval crosses the limit',
    );
    expect((await check(cwd, [file, '--strict', '--budget', 'bench.print.median < 1us'])).code).toBe(1);
  });

  test('a typo is one clear line; a budget about nothing fails', async () => {
    const cwd = workFolder();
    const file = write(cwd, 'b.json', [bench('parse', 1200)]);
    const typo = await check(cwd, [file, '--budget', 'bench.parse.median << 1us']);
    expect(typo.code).toBe(2);
    expect(typo.stderr).toBe(
      'pforge-prof: error: budget "bench.parse.median << 1us", column 21: a limit is missing; such as 5ms, 64KiB, 20%, +5% of baseline\n',
    );
    const nothing = await check(cwd, [file, '--budget', 'bench.parze.median < 1s']);
    expect(nothing.code).toBe(1);
    expect(nothing.stdout).toContain('bench.parze.median < 1s: no name matches; there are parse');
    const none = await check(cwd, [file]);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('there are no budgets');
  });

  test('growth against a baseline file, and against the history with the commit since which it is so', async () => {
    const cwd = repository();
    const old = write(cwd, 'old.json', [bench('parse', 100)]);
    const file = write(cwd, 'new.json', [bench('parse', 120)]);
    const grown = await check(cwd, [file, '--baseline', old, '--budget', 'bench.*.median < +5%', '--json']);
    expect(grown.code).toBe(1);
    expect(JSON.parse(grown.stdout).rows).toMatchObject([
      { name: 'parse', value: 120, verdict: 'fail', limit: { value: 105, base: { value: 100, source: 'old.json' } } },
    ]);
    mkdirSync(join(cwd, '.pforge-prof'));
    writeFileSync(
      join(cwd, '.pforge-prof/history.jsonl'),
      history([100, 101, 99, 100, 102, 98, 100, 119, 121, 120, 119]),
    );
    const since = await check(cwd, [file, '--budget', 'bench.*.median < 110ns', '--json']);
    expect(JSON.parse(since.stdout).rows[0].since).toMatchObject({
      commit: { subject: 'change 7' },
      change: expect.closeTo(0.2, 1),
    });
    // The level is 120 by now: that is no growth
    const level = await check(cwd, [file, '--budget', 'bench.*.median < +10% of history', '--json']);
    expect(JSON.parse(level.stdout).rows[0]).toMatchObject({
      verdict: 'pass',
      limit: { base: { source: 'the last 4 runs' } },
    });
    expect(level.code).toBe(0);
  });

  test('functions of one name are compared with the same one of the baseline', async () => {
    const cwd = workFolder();
    const profile = (first: number, second: number, moved: number) => ({
      format: 'cpuprofile',
      samples: 100_000,
      weight: { type: 'cpu', unit: 'nanoseconds', total: 1e9 },
      kinds: [],
      top: [
        { name: '(anonymous)', file: 'b.js', line: 1, self: 1e8, total: 1e8 },
        { name: '(anonymous)', file: 'a.js', line: 10 + moved, self: first, total: first },
        { name: '(anonymous)', file: 'a.js', line: 90 + moved, self: second, total: second },
      ],
    });
    const before = write(cwd, 'before.json', profile(5e8, 1e8, 0));
    const after = write(cwd, 'after.json', profile(5e8, 3e8, 3));
    const words = ['--baseline', before, '--budget', "frame('(anonymous)').self < +20%", '--json'];
    const { code, stdout } = await check(cwd, [after, ...words]);
    expect(code).toBe(1);
    const told = JSON.parse(stdout).rows.map(
      (row: { verdict: string; limit: { base: { value: number } } }) => `${row.verdict} ${row.limit.base.value}`,
    );
    expect(told).toEqual(['pass 100000000', 'pass 500000000', 'fail 100000000']);
  });

  test('--alert-threshold: the commit before, strictly more, in the history', async () => {
    const cwd = repository();
    mkdirSync(join(cwd, '.pforge-prof'));
    writeFileSync(join(cwd, '.pforge-prof/history.jsonl'), history([500, 100]));
    const exactly = await check(cwd, [write(cwd, 'a.json', [bench('parse', 150)]), '--alert-threshold', '150%']);
    expect(exactly.code).toBe(0);
    const more = await check(cwd, [
      write(cwd, 'b.json', [bench('parse', 151), bench('new', 1)]),
      '--alert-threshold',
      '1.5',
    ]);
    expect(more.code).toBe(1);
    expect(more.stdout).toMatch(/^failed +parse: previous commit +151 ns/m);
    expect(more.stderr).toContain('note: 1 of 2 results have no commit before to be compared with');
    const between = await check(cwd, ['b.json', '--alert-threshold', '110%', '--fail-threshold', '200%']);
    expect(between.code).toBe(0);
    expect(between.stderr).toContain('warning: parse: previous commit: 151 ns');
  });
});

describe('where budgets are written', () => {
  test('JSON, TypeScript and ES modules; results and files are found from there', async () => {
    const cwd = workFolder();
    write(cwd, 'b.json', [bench('parse', 1200)]);
    write(cwd, 'app.js', 'x'.repeat(3000));
    write(
      cwd,
      'pforge-prof.config.ts',
      [
        'interface Budgets { budgets: (string | object)[]; results: string[] }',
        'const limit: string = "1us";',
        'const config: Budgets = {',
        '  results: ["b.json"],',
        '  budgets: [',
        '    "files(\'*.js\').size < 2KiB",',
        '    { budget: "bench.parse.median < " + limit, warning: true, place: "src/parse.js:7" },',
        '    { budget: "bench.gone.median < 1us", optional: true },',
        '  ],',
        '};',
        'export default config;',
      ].join('\n'),
    );
    mkdirSync(join(cwd, 'sub'));
    const { code, stdout, stderr } = await check(join(cwd, 'sub'), ['--config', '../pforge-prof.config.ts', '--json']);
    expect(stderr).toContain('warning: parse: bench.median');
    expect(code).toBe(1);
    const { rows, failed, warnings, passed } = JSON.parse(stdout);
    expect({ failed, warnings, passed }).toEqual({ failed: 1, warnings: 1, passed: 1 });
    expect(rows[0]).toMatchObject({ name: '*.js', value: 3000, unit: 'bytes', limit: { value: 2048 } });
    expect(rows[1]).toMatchObject({ isWarning: true, place: { line: 7 } });
  });

  test.each([
    [
      'pforge-prof.config.json',
      '{"budgets": ["bench.a.median <"]}',
      'budgets[0]: budget "bench.a.median <", column 17: a limit is missing',
    ],
    ['pforge-prof.config.mjs', 'throw new TypeError("no luck")', 'TypeError: no luck'],
  ])('%s %s is one clear line', async (name, text, what) => {
    const cwd = workFolder();
    write(cwd, name, text);
    const { code, stderr } = await check(cwd, []);
    expect(code).toBe(2);
    expect(stderr.split('\n')).toHaveLength(2);
    expect(stderr).toContain(`pforge-prof: error: ${name}`);
    expect(stderr).toContain(what);
  });
});

describe('what is measured here', () => {
  test('a program: time, memory and instructions', async () => {
    const cwd = workFolder();
    const budgets = ['run.median < 20s', 'run.memory < 10kB', 'run.instructions > 1k', 'bench.true.max < 20s'];
    const words = budgets.flatMap((budget) => ['--budget', budget]);
    const { code, stdout, stderr } = await check(cwd, [...words, '--runs', '3', '--json', '--', 'true']);
    const { rows } = JSON.parse(stdout);
    expect(rows.map((row: { verdict: string }) => row.verdict)).toEqual(['pass', 'fail', 'pass', 'pass']);
    expect(rows[2].unit).toBe('instructions');
    expect(code, stderr).toBe(1);
  });

  test('a program that fails, at once or after a while, keeps no budget', async () => {
    const cwd = workFolder();
    write(cwd, 'later.sh', 'echo >> runs; test $(wc -l < runs) -lt 3');
    for (const program of [['false'], ['sh', 'later.sh']]) {
      const words = ['--budget', 'run.median < 20s', '--runs', '5', '--warmup', '0', '--', ...program];
      const { code, stdout, stderr } = await check(cwd, words);
      expect(stderr).toMatch(/: exited with 1 in run [13]\n/);
      expect(stderr).toContain(`error: ${program.join(' ')} failed, so that no budget of it can be kept`);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    }
  });
});

describe('continuous integration', () => {
  test('all files at once, annotations at the line of the budget, and the summary', async () => {
    const cwd = repository();
    write(cwd, 'pforge-prof.config.json', '{\n  "budgets": [\n    "bench.parse.median < 1us"\n  ]\n}\n');
    write(cwd, 'summary.md', 'before\n');
    const file = write(cwd, 'b.json', [bench('parse', 1200)]);
    const outputs = [
      '--junit',
      'j.xml',
      '--comment',
      'c.md',
      '--gitlab',
      'm.txt',
      '--bmf',
      'bmf.json',
      '--data-js',
      'data.js',
    ];
    const { code, stderr } = await check(cwd, [file, ...outputs], {
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: 'summary.md',
    });
    expect(code).toBe(1);
    expect(stderr).toContain(
      '::error file=pforge-prof.config.json,line=3,title=pforge-prof check%3A bench.parse.median < 1us::parse: bench.median: 1.2 µs',
    );
    expect(stderr).toContain('wrote j.xml, c.md, m.txt, bmf.json, data.js');
    const read = (name: string): string => readFileSync(join(cwd, name), 'utf8');
    checkXml(read('j.xml'));
    expect(read('j.xml')).toContain('file="pforge-prof.config.json" line="3"');
    expect(read('c.md')).toMatch(/^<!-- pforge-prof check -->\n### pforge-prof check: 1 failed\n/);
    expect(parseOpenMetrics(read('m.txt'))[0]).toMatchObject({ labels: { name: 'parse' }, value: 1.2e-6 });
    expect(JSON.parse(read('bmf.json'))).toEqual({
      parse: { latency: { value: 1200, lower_value: 1188, upper_value: 1212 } },
    });
    expect(read('summary.md')).toMatch(/^before\n### pforge-prof check: 1 failed\n/);
    const [entry] = JSON.parse(read('data.js').slice('window.BENCHMARK_DATA = '.length)).entries.Benchmark;
    expect(entry).toMatchObject({
      commit: {
        id: git(cwd, 'rev-parse', 'HEAD'),
        message: 'first\n\nwith a body',
        author: { name: 'T Ester', email: 't@example.org' },
      },
      tool: 'customSmallerIsBetter',
      benches: [{ name: 'parse', value: 1200, unit: 'ns', range: '± 12' }],
    });
  });

  test('annotations name files from the top folder, wherever results were read', async () => {
    const cwd = repository();
    mkdirSync(join(cwd, 'packages/a'), { recursive: true });
    const file = write(join(cwd, 'packages/a'), 'b.json', [{ ...bench('parse', 1200), file: 'bench/a.bench.js' }]);
    const { stderr } = await check(join(cwd, 'packages/a'), [file, '--budget', 'bench.*.median < 1us'], {
      GITHUB_ACTIONS: 'true',
    });
    expect(stderr).toContain('::error file=packages/a/bench/a.bench.js,title=');
  });

  test('data.js is added to, kept short, compared with, and never lost', async () => {
    const cwd = repository();
    const step = async (value: number, ...more: string[]) => {
      git(cwd, 'commit', '-q', '--allow-empty', '-m', `to ${value}`);
      return check(cwd, [
        write(cwd, 'b.json', [bench('parse', value)]),
        '--alert-threshold',
        '110%',
        '--data-js',
        'data.js',
        '--max-items',
        '2',
        ...more,
      ]);
    };
    expect((await step(100)).code).toBe(0);
    expect((await step(105)).code).toBe(0);
    const worse = await step(130);
    expect(worse.code).toBe(1);
    const values = JSON.parse(readFileSync(join(cwd, 'data.js'), 'utf8').slice(24)).entries.Benchmark.map(
      (entry: { benches: { value: number }[] }) => entry.benches[0]!.value,
    );
    expect(values).toEqual([105, 130]);
    write(cwd, 'data.js', 'window.BENCHMARK_DATA = {"entries"');
    const broken = await step(100);
    expect(broken.code).toBe(2);
    expect(broken.stderr).toContain('data.js: this is no data.js');
    expect(readFileSync(join(cwd, 'data.js'), 'utf8')).toBe('window.BENCHMARK_DATA = {"entries"');
  });

  test('several jobs at once add to data.js: nothing is lost', async () => {
    const cwd = workFolder();
    const jobs = Array.from({ length: 6 }, (_, i) => {
      const file = write(cwd, `b${i}.json`, [bench(`benchmark ${i}`, 100)]);
      return check(cwd, [file, '--data-js', 'data.js']);
    });
    expect((await Promise.all(jobs)).map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0]);
    const { Benchmark } = JSON.parse(readFileSync(join(cwd, 'data.js'), 'utf8').slice(24)).entries;
    const names = Benchmark.map((entry: { benches: { name: string }[] }) => entry.benches[0]!.name);
    expect(names.sort()).toEqual(Array.from({ length: 6 }, (_, i) => `benchmark ${i}`));
    expect(existsSync(join(cwd, 'data.js.lock'))).toBe(false);
  });

  test('results for github-action-benchmark, which bench import reads back', async () => {
    const cwd = workFolder();
    const file = write(cwd, 'b.json', [bench('parse', 1200)]);
    const words = ['--format', 'customSmallerIsBetter', '-o', 'customSmaller.json'];
    expect((await check(cwd, [file, ...words])).code).toBe(0);
    expect(JSON.parse(readFileSync(join(cwd, 'customSmaller.json'), 'utf8'))).toEqual([
      { name: 'parse', unit: 'ns', value: 1200, range: '± 12', extra: 'interval: 1188 .. 1212' },
    ]);
    const { stdout } = await runCli(['bench', 'import', 'customSmaller.json', '--json'], { cwd });
    expect(JSON.parse(stdout)[0].estimates.mean.confidence_interval).toMatchObject({
      lower_bound: 1188,
      upper_bound: 1212,
    });
  });

  test('a summary that is full is left as it is', async () => {
    const cwd = workFolder();
    const full = 'x'.repeat(1024 * 1024 - 100);
    write(cwd, 'summary.md', full);
    const file = write(cwd, 'b.json', [bench('parse', 1200)]);
    await check(cwd, [file, '--budget', 'bench.*.median < 1s'], { GITHUB_STEP_SUMMARY: 'summary.md' });
    expect(readFileSync(join(cwd, 'summary.md'), 'utf8')).toBe(full);
  });

  test('track has the same files: a series that became worse is a failure', async () => {
    const cwd = repository();
    mkdirSync(join(cwd, '.pforge-prof'));
    writeFileSync(
      join(cwd, '.pforge-prof/history.jsonl'),
      history([100, 101, 99, 100, 102, 98, 100, 119, 121, 120, 119]),
    );
    const { code, stderr } = await runCli(['track', '--junit', 'j.xml', '-q'], {
      cwd,
      env: { ...OFF, GITHUB_ACTIONS: 'true' },
    });
    expect(code).toBe(0);
    const xml = readFileSync(join(cwd, 'j.xml'), 'utf8');
    expect(xml).toContain('tests="1" failures="1"');
    expect(xml).toContain('since c70000000 change 7');
    expect(stderr).toContain('::error title=');
  });
});

describe('pforge-prof/expect in an installed package', () => {
  /** A project with this package among its dependencies. */
  function project(): string {
    const cwd = workFolder();
    mkdirSync(join(cwd, 'node_modules'));
    symlinkSync(root, join(cwd, 'node_modules/pforge-prof'));
    write(cwd, 'package.json', { type: 'module' });
    return cwd;
  }
  const body = `
    test('fast', () => { expectLatency(() => JSON.parse('[1]')).toBeUnder('1ms'); });
    test('awaited', async () => { await expectLatency(async () => JSON.parse('[1]'), { percentile: 90 }).toBeUnder('100ms'); });
    test('much', () => { expectThroughput(() => JSON.parse('[1]')).toBeOver('100/s'); });
    test('small', () => { expectMemoryPer(1000, (i) => ({ i })).toBeUnder('1KiB'); });
    test('too large', () => { expectMemoryPer(1000, () => new Array(1000).fill(0.5)).toBeUnder('1KiB'); });
  `;

  test('node:test', async () => {
    const cwd = project();
    const imports = `import { test } from 'node:test'; import { expectLatency, expectMemoryPer, expectThroughput } from 'pforge-prof/expect';`;
    write(cwd, 'a.test.mjs', imports + body);
    let told = '';
    try {
      execFileSync(process.execPath, ['--test', '--test-reporter=tap'], {
        cwd,
        encoding: 'utf8',
        stdio: 'pipe',
      });
    } catch (error) {
      told = (error as { stdout: string }).stdout;
    }
    expect(told).toContain('# pass 4');
    expect(told).toContain('# fail 1');
    expect(told).toMatch(
      /expectMemoryPer: 7\.\d+ KiB \[.*\] is not under 1 KiB: \d+ % over it, in all of 5 rounds of 1000 calls/,
    );
    expect(told).toContain("code: 'ERR_ASSERTION'");
  });

  test('vitest', async () => {
    const cwd = project();
    const imports = `import { test } from 'vitest'; import { expectLatency, expectMemoryPer, expectThroughput } from 'pforge-prof/expect';`;
    write(cwd, 'a.test.mjs', imports + body);
    symlinkSync(join(root, 'node_modules/vitest'), join(cwd, 'node_modules/vitest'));
    let told = '';
    try {
      execFileSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=json'], {
        cwd,
        encoding: 'utf8',
        stdio: 'pipe',
      });
    } catch (error) {
      told = (error as { stdout: string }).stdout;
    }
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(told);
    expect({ numPassedTests, numFailedTests }).toEqual({ numPassedTests: 4, numFailedTests: 1 });
    expect(JSON.stringify(testResults)).toContain('is not under 1 KiB');
  });

  test('types, for both kinds of modules', () => {
    const cwd = project();
    write(
      cwd,
      'a.ts',
      `import { expectLatency, expectMemoryPer, expectThroughput, type Judged } from 'pforge-prof/expect';
const now: Judged = expectLatency(() => 1, { percentile: 99 }).toBeUnder('1us');
const later: Promise<Judged> = expectLatency(async () => 1).toBeUnder(1000);
expectMemoryPer(10, (i) => String(i)).toBeUnder('1KB').value.toFixed();
expectThroughput(() => 1, { bytes: 100 }).toBeOver('1MB/s');
// @ts-expect-error no such option
expectLatency(() => 1, { percent: 99 });
// @ts-expect-error memory is under something
expectMemoryPer(10, () => 1).toBeOver('1KB');
export { later, now };
`,
    );
    execFileSync(
      process.execPath,
      [
        join(root, 'node_modules/typescript/bin/tsc'),
        '--noEmit',
        '--strict',
        '--module',
        'nodenext',
        '--target',
        'es2022',
        '--types',
        '',
        'a.ts',
      ],
      { cwd, stdio: 'pipe' },
    );
    const script = `const { expectLatency } = require('pforge-prof/expect'); console.log(expectLatency(() => 1).toBeUnder('1s').verdict);`;
    expect(execFileSync(process.execPath, ['-e', script], { cwd, encoding: 'utf8' })).toBe('pass\n');
    expect(existsSync(join(root, 'dist/types/expect-api.d.ts'))).toBe(true);
  });
});
