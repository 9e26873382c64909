import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { ImportedJson } from '../../src/bench/import/imported-json.ts';
import { findTool } from '../../src/processes/executables.ts';
import { optionalTool } from '../require-tool.ts';
import { type CliOptions, runCli, workFolder } from './run-cli.ts';

const GO = 'BenchmarkA-8  100  10 ns/op\nBenchmarkA-8  100  12 ns/op\nBenchmarkA-8  100  14 ns/op\n';
const imported = async (args: readonly string[], options?: CliOptions) => {
  const run = await runCli(['bench', 'import', '--json', ...args], options);
  return { ...run, results: run.stdout === '' ? [] : (JSON.parse(run.stdout) as ImportedJson[]) };
};
const estimate = (point: number) => ({
  confidence_interval: { confidence_level: 0.95, lower_bound: point - 1, upper_bound: point + 1 },
  point_estimate: point,
  standard_error: 0.5,
});

/** A run in Criterion's tree. */
function criterionRun(folder: string, name: string): void {
  mkdirSync(folder, { recursive: true });
  const estimates = {
    mean: estimate(20),
    median: estimate(19),
    median_abs_dev: estimate(2),
    slope: estimate(21),
    std_dev: estimate(3),
  };
  writeFileSync(join(folder, 'estimates.json'), JSON.stringify(estimates));
  writeFileSync(
    join(folder, 'sample.json'),
    '{"sampling_mode":"Linear","iters":[1.0,2.0,3.0],"times":[20.0,42.0,63.0]}',
  );
  writeFileSync(join(folder, 'tukey.json'), '[1.0,2.0,30.0,40.0]');
  const id = {
    group_id: name,
    function_id: null,
    value_str: null,
    throughput: null,
    full_id: name,
    directory_name: name,
    title: name,
  };
  writeFileSync(join(folder, 'benchmark.json'), JSON.stringify(id));
}

describe('bench import', () => {
  test('the shape of every benchmark: samples are analysed where the harness says no mean', async () => {
    const { code, results } = await imported(['-'], { stdin: GO });
    expect(code).toBe(0);
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({ name: 'BenchmarkA', unit: 'ns', better: 'smaller' });
    expect(results[0]!.estimates.mean!.point_estimate).toBe(12);
    expect(results[0]!.estimates.median_abs_dev!.confidence_interval.lower_bound).toBeGreaterThanOrEqual(0);
    expect(results[0]!.tukey).toHaveLength(4);
  });

  test('several files, compressed ones too; --reanalyze; a table', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'go.txt.gz'), gzipSync(GO));
    writeFileSync(join(cwd, 'hf.json'), JSON.stringify({ results: [{ command: 'sort', mean: 7, times: [1, 2, 3] }] }));
    const plain = await imported(['go.txt.gz', 'hf.json'], { cwd });
    expect(plain.results.map(({ estimates }) => estimates.mean!.point_estimate)).toEqual([12, 7e9]);
    const anew = await imported(['--reanalyze', 'hf.json'], { cwd });
    expect(anew.results[0]!.estimates.mean!.point_estimate).toBe(2e9);
    const table = await runCli(['bench', 'import', 'go.txt.gz', 'hf.json'], { cwd });
    expect(table.stdout).toMatch(/^2 benchmarks \(go, hyperfine\)\n\nbenchmark +mean/);
    expect(table.stdout).toMatch(/BenchmarkA +12\.000 ns +10\.\d+ ns … /);
    expect(Math.max(...table.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  test("Criterion's folder, without Rust", async () => {
    const cwd = workFolder();
    criterionRun(join(cwd, 'target/criterion/fib/new'), 'fib');
    criterionRun(join(cwd, 'target/criterion/fib/base'), 'fib');
    mkdirSync(join(cwd, 'target/criterion/fib/change'));
    writeFileSync(
      join(cwd, 'target/criterion/fib/change/estimates.json'),
      JSON.stringify({ mean: estimate(0.1), median: estimate(0.2) }),
    );
    const { code, results } = await imported(['target/criterion'], { cwd });
    expect(code).toBe(0);
    expect(results).toMatchObject([
      {
        name: 'fib',
        estimates: { mean: estimate(20), median: estimate(19), slope: estimate(21), std_dev: estimate(3) },
        tukey: [1, 2, 30, 40],
        change: { mean: { point_estimate: 0.1 }, median: { point_estimate: 0.2 } },
      },
    ]);
    const anew = await imported(['--reanalyze', 'target/criterion'], { cwd });
    expect(anew.results[0]!.estimates.slope!.point_estimate).toBeCloseTo((20 + 84 + 189) / 14, 12);
  });

  test.each([
    [['nothing.json'], 'cannot read nothing.json: no such file'],
    [['.'], '.: no results of Criterion are in this folder'],
    [[], 'nothing to import'],
    [['--input-format', 'nope', '-'], 'unknown format nope; known are criterion (a folder), pforge-prof, hyperfine'],
    [['-'], 'standard input: not results of a benchmark'],
  ])('%j is refused in one line', async (args, message) => {
    const { code, stderr } = await imported(args, { stdin: 'hello' });
    expect([code, stderr.trimEnd().split('\n').length]).toEqual([2, 1]);
    expect(stderr).toContain(message);
  });

  test('names are shown, never obeyed', async () => {
    const name = '\u001b[31mred';
    const { stdout } = await runCli(['bench', 'import', '-'], {
      stdin: JSON.stringify([{ name, unit: 'x', value: 1 }]),
    });
    expect(stdout).toContain('\\x1b[31mred');
  });
});

describe('bench -- cargo bench', () => {
  const folder = (script: string): string => {
    const cwd = workFolder();
    mkdirSync(join(cwd, 'bin'));
    writeFileSync(
      join(cwd, 'bin/cargo'),
      `#!/bin/sh\n[ "$1" = metadata ] && echo '{"target_directory":"${cwd}/shared-target"}' && exit\n${script}\n`,
    );
    chmodSync(join(cwd, 'bin/cargo'), 0o755);
    return cwd;
  };
  const env = (cwd: string): NodeJS.ProcessEnv => ({ PATH: `${join(cwd, 'bin')}:${process.env.PATH}` });

  test('what Criterion wrote meanwhile and what others printed is told; what it prints goes to standard error', async () => {
    const cwd = folder(
      "cp -r made/. shared-target\necho 'test other ... bench:         135 ns/iter (+/- 24)'\necho 'test fib ... bench:   1 ns/iter (+/- 2)'",
    );
    criterionRun(join(cwd, 'shared-target/criterion/old/new'), 'old');
    criterionRun(join(cwd, 'made/criterion/fib/new'), 'fib');
    // What was there before is of another run
    const { utimesSync } = await import('node:fs');
    for (const file of ['sample.json', 'estimates.json'])
      utimesSync(join(cwd, 'shared-target/criterion/old/new', file), 1, 1);
    const run = await runCli(['bench', '--json', '--', 'cargo', '+nightly', 'bench'], { cwd, env: env(cwd) });
    const results = JSON.parse(run.stdout) as ImportedJson[];
    expect(results.map(({ name, estimates }) => [name, estimates.mean!.point_estimate])).toEqual([
      ['fib', 20],
      ['other', 135],
    ]);
    expect([run.code, run.stderr]).toEqual([0, expect.stringContaining('test other ... bench')]);
  });

  test("cargo's exit code is ours; nothing measured is said", async () => {
    const failing = folder('echo no such crate >&2; exit 101');
    const failed = await runCli(['bench', '--', 'cargo', 'bench'], { cwd: failing, env: env(failing) });
    expect([failed.code, failed.stderr]).toEqual([101, expect.stringContaining('cargo ended with 101')]);
    const silent = folder('exit 0');
    const nothing = await runCli(['bench', '--', 'cargo', 'bench'], { cwd: silent, env: env(silent) });
    expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining('no results are known of it')]);
  });

  const cargo = optionalTool('cargo', findTool('cargo') !== undefined);
  test.runIf(cargo)('the real cargo', async () => {
    const cwd = workFolder();
    mkdirSync(join(cwd, 'src'));
    mkdirSync(join(cwd, 'benches'));
    writeFileSync(
      join(cwd, 'Cargo.toml'),
      '[package]\nname = "tiny"\nversion = "0.1.0"\nedition = "2021"\n[[bench]]\nname = "b"\nharness = false\n',
    );
    writeFileSync(join(cwd, 'src/lib.rs'), '');
    writeFileSync(
      join(cwd, 'benches/b.rs'),
      'fn main() { println!("test sum ... bench:         135 ns/iter (+/- 24)"); }\n',
    );
    const run = await runCli(['bench', '--json', '--', 'cargo', 'bench', '--offline'], { cwd });
    expect(run.code, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject([
      { name: 'sum', unit: 'ns', estimates: { mean: { point_estimate: 135 } } },
    ]);
    expect(existsSync(resolve(cwd, 'target'))).toBe(true);
  });
});
