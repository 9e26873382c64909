import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type CliResult, runCli, workFolder } from './run-cli.ts';

const RECORDED = resolve(import.meta.dirname, '../../fixtures/criterion/tree');

let folder: string;
let home: string;
beforeEach(() => {
  folder = workFolder();
  home = join(folder, 'kept');
  cpSync(join(RECORDED, 'plain'), join(home, 'plain'), { recursive: true });
  mkdirSync(join(folder, 'bench'));
  // Called as the benchmark in Rust is whose runs are kept
  writeFileSync(
    join(folder, 'bench/plain.bench.mjs'),
    "import { bench } from 'pforge-prof/bench';\nbench('plain', () => Math.sqrt(2));\n",
  );
});

const bench = (...words: string[]): Promise<CliResult> =>
  runCli(['bench', ...words], { cwd: folder, env: { CRITERION_HOME: home } });

/** All files below the benchmark's folder and what they hold. */
function kept(): Map<string, string> {
  const files = new Map<string, string>();
  for (const run of readdirSync(join(home, 'plain')).sort()) {
    for (const name of readdirSync(join(home, 'plain', run)).sort()) {
      files.set(`${run}/${name}`, readFileSync(join(home, 'plain', run, name), 'utf8'));
    }
  }
  return files;
}

const runsOf = (files: ReadonlyMap<string, string>): string[] => [
  ...new Set([...files.keys()].map((name) => name.split('/')[0]!)),
];

describe('runs that Criterion has kept', () => {
  test('are loaded and compared without measuring; only the comparison is written', async () => {
    const before = kept();
    const { stdout, code } = await bench('--load-baseline', 'new', '--baseline', 'base');
    expect(code).toBe(0);
    // 4.6439 is the slope of a sample that Rust has taken
    expect(stdout).toMatch(/^plain {19}time: {3}\[3\.[\d.]+ µs 4\.6439 µs 5\.[\d.]+ µs\]\n/);
    expect(stdout).toMatch(/change: \[.*\+188\.30% .*\] \(p = 0\.00 < 0\.05\)\n {24}Performance has regressed\.\n/);
    const after = kept();
    expect(after.get('change/estimates.json')).toContain('"point_estimate":1.88');
    before.delete('change/estimates.json');
    after.delete('change/estimates.json');
    expect(after).toEqual(before);
  });

  test('fail the build where they regressed and that was asked for', async () => {
    const { code, stderr } = await bench('--load-baseline', 'new', '--baseline', 'base', '--fail-on-regression');
    expect(code).toBe(1);
    expect(stderr).toContain('regressed: plain');
  });

  test('are what new runs are compared with; a named one stays, and so does base', async () => {
    const before = kept();
    const { stdout, code } = await bench('--quick', '--baseline', 'base');
    expect(code).toBe(0);
    expect(stdout).toMatch(/change: \[/);
    const after = kept();
    expect(runsOf(after)).toEqual(['base', 'change', 'new']);
    expect(after.get('base/sample.json')).toBe(before.get('base/sample.json'));
    expect(after.get('new/sample.json')).not.toBe(before.get('new/sample.json'));
    expect(JSON.parse(after.get('new/sample.json')!).iters).toHaveLength(2);
  });

  test('are replaced when a run is saved under their name, and it is the same as new', async () => {
    await bench('--quick', '--save-baseline', 'mine');
    const files = kept();
    expect(runsOf(files)).toEqual(['base', 'change', 'mine', 'new']);
    for (const name of ['benchmark.json', 'estimates.json', 'raw.csv', 'sample.json', 'tukey.json']) {
      expect(files.get(`mine/${name}`), name).toBe(files.get(`new/${name}`));
    }
    expect(files.get('mine/benchmark.json')).toBe(readFileSync(join(RECORDED, 'plain/base/benchmark.json'), 'utf8'));
  });

  test('stay as they are with --discard-baseline', async () => {
    const before = kept();
    const { code } = await bench('--quick', '--discard-baseline');
    expect(code).toBe(0);
    expect(kept()).toEqual(before);
  });
});

describe('a baseline that is not there', () => {
  test('is told before anything is measured, unless that does not matter', async () => {
    const strict = await bench('--criterion', '--baseline', 'main');
    expect(strict.code).toBe(2);
    expect(strict.stdout).toBe('');
    expect(strict.stderr).toContain("baseline 'main' must exist before comparison is allowed: plain has none");
    const lenient = await bench('--quick', '--baseline-lenient', 'main');
    expect(lenient.code).toBe(0);
    expect(lenient.stdout).not.toContain('change:');
    expect(existsSync(join(home, 'plain/main'))).toBe(false);
  });

  test('cannot be loaded', async () => {
    const { code, stderr } = await bench('--load-baseline', 'v9', '--baseline', 'base');
    expect(code).toBe(2);
    expect(stderr).toContain("baseline 'v9' must exist before it can be loaded: plain has none");
  });
});
