import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import type { CommandJson } from '../../src/render/command-runs/commands-json.ts';
import { optionalTool, requireTool } from '../require-tool.ts';
import { type CliOptions, runCli, workFolder } from './run-cli.ts';

const bench = (args: readonly string[], options?: CliOptions) => runCli(['bench', ...args], options);
const json = async (args: readonly string[], options?: CliOptions) => {
  const run = await bench(['--json', ...args], options);
  return { ...run, results: JSON.parse(run.stdout) as CommandJson[] };
};
const lines = (file: string): string[] => readFileSync(file, 'utf8').replace(/\n$/, '').split('\n');

describe('whole commands', () => {
  test("one command: times, CPU time, memory, faults, in hyperfine's layout", async () => {
    const { code, stdout } = await bench(['--runs', '3', '--', 'sleep', '0.02']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Benchmark 1: sleep 0\.02\n {2}Time \(mean ± σ\): +\d+\.\d ms ± +\d+\.\d ms {4}\[User: \d/);
    expect(stdout).toMatch(/Range \(min … max\):.*3 runs\n {2}CPU {2}\(mean/);
    expect(stdout).toMatch(/Peak memory: .*KiB|Peak memory: .*MiB/);
    expect(stdout).toMatch(/Warning: only 3 runs/);
  });

  test('a locale without UTF-8 gets ASCII', async () => {
    const { stdout } = await bench(['-r', '2', '--', 'sleep', '0.01'], { env: { LC_ALL: 'C' } });
    expect(stdout).toMatch(/Time \(mean \+ s\): +\d+\.\d ms \+ /);
    expect(stdout).toMatch(/^[\x20-\x7e\n]*$/);
  });

  test('JSON is the shape of every benchmark, in nanoseconds', async () => {
    const { code, results } = await json(['--runs', '4', '--', 'sleep', '0.01']);
    expect(code).toBe(0);
    const [result] = results;
    expect(result).toMatchObject({ name: 'sleep 0.01', unit: 'ns', runs: 4, exitCodes: [0, 0, 0, 0] });
    expect(result!.estimates.mean!.point_estimate).toBeGreaterThan(10e6);
    expect(result!.estimates.median!.confidence_interval.lower_bound).toBeGreaterThan(10e6);
    expect(result!.tukey).toHaveLength(4);
    expect(result!.times).toHaveLength(4);
    expect(result!.taskClock.every((time) => time > 0 && time < 10e6)).toBe(true);
  });

  test("peak memory is the command's own, whatever ran before it and however large we are", async () => {
    const cwd = workFolder();
    const large = `node -e 'Buffer.alloc(300e6, 1);console.log(fs.readFileSync("/proc/self/status","utf8"))'`;
    const small = 'grep VmHWM /proc/self/status';
    const outputs = ['--output', 'large.txt', '--output', 'small.txt'];
    const { results } = await json(['--runs', '2', ...outputs, '--cmd', large, '--cmd', small], { cwd });
    // What they said of themselves a moment before they ended
    const told = (name: string): number => {
      const text = readFileSync(join(cwd, name), 'utf8');
      return Number(/VmHWM:\s*(\d+)/.exec(text)![1]) * 1024;
    };
    const [big, little] = results.map(({ peakMemory }) => peakMemory.at(-1)!);
    expect(Math.abs(big! / told('large.txt') - 1)).toBeLessThan(0.01);
    expect(big).toBeGreaterThan(300e6);
    // A page or two more of a megabyte and a half are some percent
    expect(Math.abs(little! - told('small.txt'))).toBeLessThan(300e3);
    expect(little).toBeLessThan(20e6);
  });

  test('several run in turns and are judged against the first, or the reference', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'log.sh'), '#!/bin/sh\necho "$1" >> order.txt\n', { mode: 0o755 });
    const { code, results, stderr } = await json(
      [
        '--runs',
        '6',
        '--cmd',
        './log.sh a',
        '--cmd',
        './log.sh b',
        '--reference',
        './log.sh r',
        '--reference-name',
        'ref',
      ],
      { cwd },
    );
    expect(code, stderr).toBe(0);
    expect(results.map(({ name }) => name)).toEqual(['ref', './log.sh a', './log.sh b']);
    expect(results[1]!.comparison).toMatchObject({ reference: 'ref', wall: { k: 6 } });
    const order = lines(join(cwd, 'order.txt'));
    const turns = Array.from({ length: 6 }, (_, turn) => order.slice(3 * turn, 3 * turn + 3));
    for (const turn of turns) expect([...turn].sort()).toEqual(['a', 'b', 'r']);
    for (let turn = 0; turn < 6; turn += 2) expect(turns[turn + 1]).toEqual([...turns[turn]!].reverse());
  });

  test('twice the work is slower, with --fail-on-regression exit code 1', async () => {
    const loop = (n: number): string => `node -e 'for(let i=0;i<${n};i++)Math.sqrt(i)'`;
    const { code, stdout, stderr } = await bench([
      '--runs',
      '8',
      '--metric',
      'cpu',
      '--fail-on-regression',
      '10',
      '--cmd',
      loop(1),
      '--cmd',
      loop(1e8),
    ]);
    expect(stdout).toMatch(/Summary\n {2}by CPU time, 8 turns, against node -e/);
    expect(stdout).toMatch(/slower: \d+\.\d\d × \(\+\d+ %, between/);
    expect(stderr).toContain('slower than node -e');
    expect(code).toBe(1);
  });

  test('parameters, names, setup, prepare, conclude and cleanup', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'log.sh'), '#!/bin/sh\necho "$@" "$HYPERFINE_ITERATION" >> log.txt\n', { mode: 0o755 });
    const steps = [
      '--setup',
      './log.sh setup {n}',
      '--prepare',
      './log.sh prepare',
      '--conclude',
      './log.sh conclude',
      '--cleanup',
      './log.sh cleanup {n}',
    ];
    const { code, results, stderr } = await json(
      ['-w', '1', '-r', '2', ...steps, '-n', 'run with {n}', '-P', 'n', '1', '2', '--', './log.sh', 'run-{n}'],
      { cwd },
    );
    expect(code, stderr).toBe(0);
    expect(results.map(({ name, parameters }) => [name, parameters.n])).toEqual([
      ['run with 1', '1'],
      ['run with 2', '2'],
    ]);
    const one = (n: string): string[] => [
      `setup ${n} `,
      ...['warmup-0', '0', '1'].flatMap((run) => [`prepare ${run}`, `run-${n} ${run}`, `conclude ${run}`]),
      `cleanup ${n} `,
    ];
    // Setups differ, so that one command is measured after the other, and not judged
    expect(lines(join(cwd, 'log.txt'))).toEqual([...one('1'), ...one('2')]);
    expect(results[1]!.comparison).toBeUndefined();
    expect(stderr).toContain('one after another');
  });

  test('a list of values, the environment of another size each run', async () => {
    const cwd = workFolder();
    writeFileSync(
      join(cwd, 'env.sh'),
      '#!/bin/sh\nlength=$(printf %s "$HYPERFINE_RANDOMIZED_ENVIRONMENT_OFFSET" | wc -c)\necho "$1 $length" >> sizes.txt\n',
      { mode: 0o755 },
    );
    await bench(['-r', '3', '-L', 'word', 'x,y', '--cmd', './env.sh {word}'], { cwd });
    const seen = lines(join(cwd, 'sizes.txt'));
    expect(seen.map((line) => line[0]).sort()).toEqual(['x', 'x', 'x', 'y', 'y', 'y']);
    expect(new Set(seen.map((line) => line.slice(2))).size).toBeGreaterThan(2);
  });

  test('a shell only where it is asked for, and its own start is taken off', async () => {
    const cwd = workFolder();
    const plain = await json(['-r', '2', '--output', 'out.txt', '--cmd', 'echo $HOME && true'], { cwd });
    expect(plain.code).toBe(0);
    expect(readFileSync(join(cwd, 'out.txt'), 'utf8')).toBe('$HOME && true\n');
    const shell = await json(['-r', '5', '--shell', '--output', 'out.txt', '--cmd', 'sleep 0.02; echo $((1 + 1))'], {
      cwd,
    });
    expect(readFileSync(join(cwd, 'out.txt'), 'utf8')).toBe('2\n');
    expect(shell.results[0]!.estimates.median!.point_estimate).toBeGreaterThan(15e6);
    const empty = await json(['-r', '6', '-S', 'sh', '--cmd', ':'], { cwd });
    // What an empty shell takes is all that this one takes
    expect(empty.results[0]!.cpu.median).toBeLessThan(3e6);
  });

  test('standard input comes from a file, anew for each run', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'in.txt'), 'hello\n');
    await bench(['-r', '3', '--input', 'in.txt', '--output', 'out.txt', '--', 'cat'], { cwd });
    expect(readFileSync(join(cwd, 'out.txt'), 'utf8')).toBe('hello\n');
    const missing = await bench(['--input', 'nothing.txt', '--', 'cat'], { cwd });
    expect([missing.code, missing.stderr]).toEqual([
      2,
      expect.stringContaining('--input nothing.txt: it cannot be opened (ENOENT)'),
    ]);
  });

  test.each([['--base-setup', 'true'], ['--against', 'HEAD'], ['--list'], ['--filter', 'x']])(
    '%s is for benchmarks in files',
    async (...words) => {
      const { code, stderr } = await bench([...words, '-r', '2', '--', 'true']);
      expect([code, stderr]).toEqual([
        2,
        `pforge-prof: error: ${words[0]} is for benchmarks in files, not for commands\n`,
      ]);
    },
  );

  test('every export is written', async () => {
    const cwd = workFolder();
    const kinds = ['json', 'csv', 'markdown', 'asciidoc', 'orgmode'];
    const exports = kinds.flatMap((kind) => [`--export-${kind}`, `out.${kind}`]);
    const { code } = await bench(['-r', '2', ...exports, '-u', 'second', '--cmd', 'true', '--cmd', 'sleep 0.01'], {
      cwd,
    });
    expect(code).toBe(0);
    for (const kind of kinds) expect(existsSync(join(cwd, `out.${kind}`)), kind).toBe(true);
    expect(readFileSync(join(cwd, 'out.markdown'), 'utf8')).toContain('| Command | Mean [s] |');
    const { results } = JSON.parse(readFileSync(join(cwd, 'out.json'), 'utf8'));
    expect(results[1]).toMatchObject({ command: 'sleep 0.01', exit_codes: [0, 0] });
    const imported = await runCli(['bench', 'import', '--json', 'out.json'], { cwd });
    expect(JSON.parse(imported.stdout)[1]).toMatchObject({ name: 'sleep 0.01', unit: 'ns' });
  });
});

describe('what goes wrong', () => {
  test('a command that fails is named, the others go on, exit code 1; -i counts it', async () => {
    const args = ['-r', '2', '--cmd', 'false', '--cmd', 'true'];
    const { code, stdout, stderr } = await bench(args);
    expect(code).toBe(1);
    expect(stdout).toMatch(/Benchmark 1: false\n {2}Failed: exited with 1 in run 1/);
    expect(stdout).toMatch(/Benchmark 2: true\n {2}Time/);
    expect(stderr).toContain('false: exited with 1 in run 1');
    const ignored = await bench(['-i', ...args]);
    expect([ignored.code, ignored.stdout]).toEqual([0, expect.stringContaining('2 of 2 runs failed (exit code 1)')]);
    const other = await bench(['-i', '2,3', ...args]);
    expect(other.code).toBe(1);
  });

  test('a missing program is 127 before anything runs', async () => {
    const cwd = workFolder();
    const { code, stderr } = await bench(['--setup', 'touch ran', '--cmd', 'true', '--', 'no-such-program'], { cwd });
    expect([code, stderr]).toEqual([127, expect.stringContaining('cannot run no-such-program: not found on PATH')]);
    expect(existsSync(join(cwd, 'ran'))).toBe(false);
  });

  test('a command that hangs is killed when its time is over', async () => {
    const { code, stdout, survivors } = await bench(['--timeout', '0.3', '--cmd', "sh -c 'sleep 60'", '-r', '1']);
    expect(code).toBe(1);
    expect(stdout).toContain('did not end within 0.3 s in run 1: killed');
    expect(survivors).toEqual([]);
  });

  test('Ctrl-C ends the run that runs; what was measured until then is told', async () => {
    const args = ['-r', '50', '--show-output', '--', 'sh', '-c', 'echo run; sleep 0.2'];
    const { code, stdout, stderr, survivors } = await bench(args, {
      signals: [{ after: 'run\nrun\nrun\n', signal: 'SIGINT', to: 'group' }],
    });
    expect(code).toBe(0);
    expect(stdout).toContain('Time (');
    expect(stderr).toMatch(/interrupted: \d+ runs? of at most 50/);
    expect(survivors).toEqual([]);
  });

  test('cleanup is done also after a failure', async () => {
    const cwd = workFolder();
    const { code, stderr } = await bench(
      ['-r', '2', '--prepare', 'false', '--cleanup', 'touch cleaned', '--', 'true'],
      { cwd },
    );
    expect([code, stderr]).toEqual([125, expect.stringContaining('the command of --prepare failed with exit code 1')]);
    expect(existsSync(join(cwd, 'cleaned'))).toBe(true);
  });

  test.each([
    [['-r', '3', '-m', '2', '--', 'true'], '--runs and --min-runs or --max-runs contradict each other'],
    [['-P', 'n', '1', '--', 'true'], '--parameter-scan takes a name and two numbers'],
    [['-D', '2', '--', 'true'], '--parameter-step-size needs --parameter-scan'],
    [['-p', 'a', '-p', 'b', '-p', 'c', '--cmd', 'true', '--cmd', 'true'], '--prepare is given 3 times for 2 commands'],
    [['--cmd', 'echo "x'], '--cmd "echo \\"x": A " does not close'],
    [['--order', 'interleaved', '--setup', 'true {n}', '-L', 'n', '1,2', '--', 'true'], '--setup or --cleanup differ'],
    [['-i', '999', '--', 'true'], 'It must be exit codes'],
    [['--'], 'no program follows --'],
  ])('%j', async (args, message) => {
    const { code, stderr } = await bench(args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

const valgrind = requireTool('valgrind', findTool('valgrind') !== undefined);
describe.runIf(valgrind)('--metric instructions', () => {
  test('counts repeat, and more work is told', async () => {
    const work = (n: number): string => `awk 'BEGIN{for(i=0;i<${n};i++)s+=i}'`;
    const { code, stdout } = await bench([
      '--metric',
      'instructions',
      '--cmd',
      work(10_000),
      '--cmd',
      work(20_000),
      '--cmd',
      work(10_000),
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Instructions \((callgrind|perf)\)/);
    expect(stdout).toMatch(/20000.*more: \d\.\d\d × \(\+\d+/);
    expect(stdout.split('\n')[3]).toMatch(/as many: 1\.00 ×/);
  });
});

const hyperfine = optionalTool('hyperfine', findTool('hyperfine') !== undefined);
describe.runIf(hyperfine)('beside hyperfine', () => {
  test('its file and ours say the same things in the same places, and neither is shorter than the sleep', async () => {
    const cwd = workFolder();
    await bench(['-r', '4', '--export-json', 'ours.json', '--', 'sleep', '0.05'], { cwd });
    spawnSync(findTool('hyperfine')!, ['-N', '-r', '4', '--export-json', 'theirs.json', 'sleep 0.05'], { cwd });
    const [ours, theirs] = ['ours.json', 'theirs.json'].map((name) => {
      const [result] = JSON.parse(readFileSync(join(cwd, name), 'utf8')).results as Record<string, unknown>[];
      return result!;
    });
    expect(Object.keys(ours!)).toEqual(expect.arrayContaining(Object.keys(theirs!)));
    expect([ours!.command, ours!.exit_codes]).toEqual([theirs!.command, theirs!.exit_codes]);
    const imported = await runCli(['bench', 'import', '--json', 'ours.json', 'theirs.json'], { cwd });
    for (const { estimates } of JSON.parse(imported.stdout) as CommandJson[]) {
      expect(estimates.median!.point_estimate).toBeGreaterThan(50e6);
    }
  });
});
