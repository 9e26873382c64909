import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type CliResult, runCli, workFolder } from './run-cli.ts';

/** As short as it can be: what is tested is not how exact it is. */
const SHORT = ['--processes', '2', '--warm-up-time', '0.01', '--measurement-time', '0.01'];

const WORDS = `import { bench, blackBox, group } from 'pforge-prof/bench';
import { strictEqual } from 'node:assert';
import { tokens } from './tokens';

const text: string = 'a b c d';

group('words', () => {
  bench('split', { throughput: { bytes: 7 } }, () => tokens(blackBox(text)));
  group('sorted', { sampleSize: 50 }, () => {
    bench('numbers', {
      params: [10, 1000],
      before: (n: number) => Array.from({ length: n }, (_, i) => n - i),
      setup: (made: readonly number[]) => [...made],
      teardown: (made: readonly number[], n: number) => strictEqual(made[0], n),
      throughput: (n: number) => ({ elements: n }),
    }, (copy: number[]) => {
      // Had an earlier iteration had this one, it would be sorted
      strictEqual(copy[0], copy.length);
      return copy.sort((a, b) => a - b);
    });
  });
});
bench('awaited', async () => {
  await null;
});
bench('knows its place', () => strictEqual(import.meta.url.endsWith('/bench/words.bench.ts'), true));
`;

let folder: string;
beforeAll(() => {
  folder = workFolder();
  mkdirSync(join(folder, 'bench/deep'), { recursive: true });
  writeFileSync(join(folder, 'bench/words.bench.ts'), WORDS);
  writeFileSync(
    join(folder, 'bench/tokens.ts'),
    "export const tokens = (text: string): string[] => text.split(' ');\n",
  );
  writeFileSync(
    join(folder, 'bench/deep/plain.bench.mjs'),
    "import { bench } from 'pforge-prof/bench';\nbench('plain', () => Math.sqrt(2));\n",
  );
});

const bench = (...words: string[]): Promise<CliResult> => runCli(['bench', ...words], { cwd: folder });

describe('benchmarks in files', () => {
  test('are found in bench/, TypeScript and JavaScript, and listed as Criterion lists them', async () => {
    const { code, stdout } = await bench('--list');
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'plain: benchmark',
      'words/split: benchmark',
      'words/sorted/numbers/10: benchmark',
      'words/sorted/numbers/1000: benchmark',
      'awaited: benchmark',
      'knows its place: benchmark',
      '',
    ]);
  });

  test('are measured, each in fresh processes: JSON as other harnesses are imported, with what each process said', async () => {
    const { code, stdout, stderr } = await bench('--json', ...SHORT);
    expect(stderr).not.toContain('error');
    expect(code).toBe(0);
    const results = JSON.parse(stdout);
    expect(results).toHaveLength(6);
    for (const { name, unit, estimates, processes, tukey, error, warnings } of results) {
      expect(error, name).toBeUndefined();
      expect(unit).toBe('ns');
      expect(processes).toHaveLength(2);
      expect(estimates.median.point_estimate).toBeGreaterThan(0);
      expect(estimates.mean.confidence_interval.lower_bound).toBeLessThanOrEqual(estimates.mean.point_estimate);
      expect(tukey).toHaveLength(4);
      for (const { text, advice } of warnings) expect([text, advice]).not.toContain('');
    }
    const median = (name: string): number =>
      results.find((each: { name: string }) => each.name === name).estimates.median.point_estimate;
    expect(median('words/sorted/numbers/1000')).toBeGreaterThan(10 * median('words/sorted/numbers/10'));
    expect(
      results.find((each: { name: string }) => each.name === 'words/sorted/numbers/10').processes[0].samples,
    ).toBeLessThanOrEqual(50);
  });

  test('text: a block each with its interval and its rate; --filter chooses', async () => {
    const { code, stdout } = await bench('-f', '^words/s(plit|orted/.*/10)$', ...SHORT);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^words\/split\n {2}time {4} *[\d.]+ .?s {2}\[[\d.]+ .?s \.\. [\d.]+ .?s\] {2}2 processes, \d+ samples\n {2}rate {4} *[\d.]+ .iB\/s/,
    );
    expect(stdout).toContain('words/sorted/numbers/10\n');
    expect(stdout).not.toContain('awaited');
  });

  test('an empty function is told to be one', async () => {
    writeFileSync(join(folder, 'nothing.bench.js'), "require('pforge-prof/bench').bench('nothing', () => {});\n");
    const { stdout } = await bench('nothing.bench.js', '--json', '--processes', '2');
    expect(JSON.parse(stdout)[0].warnings.map(({ kind }: { kind: string }) => kind)).toContain('dead-code');
  });

  test('code that V8 takes back while it is measured is told', async () => {
    writeFileSync(
      join(folder, 'deopt.bench.mjs'),
      `import { bench } from 'pforge-prof/bench';
let count = 0;
bench('deopt', () => {
  const add = new Function('a', 'b', 'return a + b + ' + (count++ % 1000));
  let sum = 0;
  for (let i = 0; i < 20000; i++) sum = add(i, i & 7);
  return add('text', sum);
});
`,
    );
    const { stdout } = await bench('deopt.bench.mjs', '--json', '--processes', '2');
    const found = JSON.parse(stdout)[0].warnings.find(({ kind }: { kind: string }) => kind === 'deoptimised');
    expect(found.text).toMatch(
      /^V8 took back compiled code \d+ times while it was measured, first of a function without a name \(not a Smi\)/,
    );
  });

  test("Criterion's way: its text, its tree, its comparison with the last run", async () => {
    const words = [
      'bench/deep',
      '--criterion',
      '--warm-up-time',
      '0.02',
      '--measurement-time',
      '0.05',
      '--sample-size',
      '10',
    ];
    const first = await bench(...words);
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/^plain {19}time: {3}\[ *[\d.]+ [pn]s *[\d.]+ [pn]s *[\d.]+ [pn]s\]\n/);
    expect(readdirSync(join(folder, 'target/criterion/plain/base')).sort()).toEqual([
      'benchmark.json',
      'estimates.json',
      'raw.csv',
      'sample.json',
      'tukey.json',
    ]);
    const sample = JSON.parse(readFileSync(join(folder, 'target/criterion/plain/base/sample.json'), 'utf8'));
    expect(sample.sampling_mode).toBe('Linear');
    expect(sample.iters.map((count: number) => count / sample.iters[0])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const second = await bench(...words);
    expect(second.stdout).toMatch(/change: \[.*\] \(p = \d\.\d\d [<>] 0\.05\)/);
    const bencher = await bench('bench/deep', '--output-format', 'bencher', '--quick');
    expect(bencher.stdout).toMatch(/^test plain \.\.\. bench: +\d+ ns\/iter \(\+\/- \d+\)\n$/);
  });
});

describe('what cannot be measured is said in one line', () => {
  test.each([
    [['nowhere.bench.ts'], 'there is no file or folder nowhere.bench.ts'],
    [['-f', 'nothing matches'], 'no benchmark matches nothing matches; there are plain, words/split'],
    [['--fail-on-regression'], '--fail-on-regression needs something to compare with'],
    [['--against', 'main', '--baseline', 'x'], 'give only one of: --against, --baseline'],
    [['--baseline', 'never'], "baseline 'never' must exist"],
    [['--flame'], '--flame draws what regressed'],
    [['--node', './bench/tokens.ts'], 'not executable'],
    [['--node', 'true'], 'true does not tell its version; give --node the path of a node'],
  ])('%j', async (words, message) => {
    const { code, stderr } = await bench(...words);
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('a mistake in TypeScript has its line', async () => {
    writeFileSync(join(folder, 'broken.bench.ts'), "import { bench } from 'pforge-prof/bench';\nbench('x', () => ;\n");
    const { code, stderr } = await bench('broken.bench.ts');
    expect(code).toBe(2);
    expect(stderr).toMatch(/broken\.bench\.ts:2:18: Unexpected ";"/);
  });
});

test('a file that cannot be compiled does not keep the others from being measured', async () => {
  const cwd = workFolder();
  writeFileSync(join(cwd, 'a.bench.ts'), "import { bench } from 'pforge-prof/bench';\nbench('x', () => ;\n");
  writeFileSync(
    join(cwd, 'b.bench.mjs'),
    "import { bench } from 'pforge-prof/bench';\nbench('b', () => [1].concat(2));\n",
  );
  const { code, stdout } = await runCli(['bench', '.', '--json', ...SHORT], { cwd });
  expect(code).toBe(1);
  const [b, a] = JSON.parse(stdout);
  expect(b).toMatchObject({ name: 'b', processes: [{}, {}] });
  expect(a).toMatchObject({ name: 'a.bench.ts', error: { message: 'a.bench.ts:2:18: Unexpected ";"' } });
});

describe('a stored baseline', () => {
  test('is kept, compared with, and refused where it comes from another machine', async () => {
    const cwd = workFolder();
    const write = (size: number): void =>
      writeFileSync(
        join(cwd, 'sum.bench.mjs'),
        `import { bench } from 'pforge-prof/bench';\nbench('sum', () => { let sum = 0; for (let i = 0; i < ${size}; i++) sum += i % 7; return sum; });\n`,
      );
    const run = (...words: string[]) =>
      runCli(['bench', 'sum.bench.mjs', ...SHORT, ...words, '--processes', '4'], { cwd });
    write(1000);
    const saved = await run('--save-baseline', 'v1');
    expect(saved.stderr).toContain("kept as 'v1'");
    expect(existsSync(join(cwd, 'target/criterion/sum/v1/sample.json'))).toBe(true);
    write(4000);
    const slower = await run('--baseline', 'v1', '--fail-on-regression', '--json');
    expect(slower.code).toBe(1);
    expect(JSON.parse(slower.stdout)[0].comparison).toMatchObject({ verdict: 'regressed', apart: true });
    expect(slower.stderr).toContain('was measured at another time');
    const surroundings = join(cwd, 'target/criterion/.pforge-prof-v1.json');
    writeFileSync(surroundings, readFileSync(surroundings, 'utf8').replace(/"processor":"[^"]*"/, '"processor":"Z80"'));
    const refused = await run('--baseline', 'v1');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("baseline 'v1' was measured elsewhere: processor Z80");
    const forced = await run('--baseline', 'v1', '--force');
    expect(forced.code).toBe(0);
    expect(forced.stdout).toContain('regressed');
  });
});
