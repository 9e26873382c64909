import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import type { CountersJson } from '../../src/render/counters/counters-json.ts';
import { requireTool } from '../require-tool.ts';
import { type CliOptions, runCli, workFolder } from './run-cli.ts';

const perf = requireTool('perf', findTool('perf') !== undefined);

/** Counts with --json -o; the program's output stays apart. */
async function stat(args: readonly string[], options: CliOptions = {}) {
  const cwd = options.cwd ?? workFolder();
  const TMPDIR = workFolder();
  const run = await runCli(['perf-stat', '-o', 'counts.json', ...args], {
    ...options,
    cwd,
    env: { TMPDIR, ...options.env },
  });
  const file = join(cwd, 'counts.json');
  const json = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as CountersJson) : undefined;
  const counter = (name: string) => json?.counters.find((one) => one.name === name);
  const derived = (name: string) => json?.derived.find((one) => one.name === name);
  return { ...run, json, counter, derived, temporary: readdirSync(TMPDIR), files: readdirSync(cwd) };
}

const BUSY = 'const until = process.cpuUsage().user + 3e5; while (process.cpuUsage().user < until);';

describe.skipIf(!perf)('perf-stat of a program', () => {
  test('counts what the program used, by perf and by the kernel, and they agree', async () => {
    const { code, json, counter, derived, temporary } = await stat(['--', 'node', '-e', BUSY]);
    expect(code).toBe(0);
    expect(json).toMatchObject({ version: 1, kind: 'perf-stat', command: ['node', '-e', BUSY], runs: 1 });
    const clock = counter('task-clock')!;
    expect(clock).toMatchObject({ unit: 'ns', supported: true, source: 'perf', runs: 1 });
    const used = counter('user-time')!.value! + counter('system-time')!.value!;
    expect(clock.value! / used).toBeGreaterThan(0.9);
    expect(clock.value! / used).toBeLessThan(1.1);
    expect(counter('page-faults')!.value! / counter('minor-faults')!.value!).toBeCloseTo(1, 1);
    expect(counter('max-rss')!.value).toBeGreaterThan(20 << 20);
    expect(derived('cpus-utilized')!.value).toBeCloseTo(clock.value! / counter('wall-time')!.value!, 6);
    expect(temporary).toEqual([]);
  });

  test('leaves the program its streams and its environment; text goes to standard error', async () => {
    const { code, stdout, stderr } = await runCli(
      ['perf-stat', '--', 'sh', '-c', 'cat; echo err >&2; echo "$LC_ALL"'],
      {
        stdin: 'in\n',
        env: { LC_ALL: 'C.UTF-8' },
      },
    );
    expect(stdout).toBe('in\nC.UTF-8\n');
    expect(stderr).toContain('err\n');
    expect(stderr).toContain(' Performance counter stats for \'sh -c cat; echo err >&2; echo "$LC_ALL"\':');
    expect(stderr).toMatch(/^ +[\d,.]+ msec task-clock +# +[\d.]+ CPUs utilized/m);
    expect(stderr).toMatch(/^ +[\d.]+ MiB +max-rss/m);
    expect(stderr).toMatch(/^ +\d+\.\d{9} seconds time elapsed$/m);
    expect(stderr).toMatch(/^ +\d+\.\d{6} seconds user$/m);
    expect(code).toBe(0);
  });

  test('--json alone prints to standard output, and nothing else does', async () => {
    const { stdout } = await runCli(['perf-stat', '--json', '--', 'true']);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'perf-stat',
      derived: expect.any(Array),
      verdicts: expect.any(Array),
    });
  });

  test.each([
    ['md', /^# Counters\n/],
    ['csv', /^kind,part,name,unit,value,/],
    ['txt', /Performance counter stats/],
  ])('-o x.%s', async (extension, pattern) => {
    const cwd = workFolder();
    await runCli(['perf-stat', '-o', `x.${extension}`, '--', 'true'], { cwd });
    expect(readFileSync(join(cwd, `x.${extension}`), 'utf8')).toMatch(pattern);
  });

  test.each([
    ['exit 3', 3, 'exited 3'],
    ['kill -SEGV $$', 139, 'was killed by SIGSEGV'],
    ['kill -KILL $$', 137, 'was killed by SIGKILL'],
  ])('passes on how it ended: %s', async (script, expected, words) => {
    const { code, stderr, counter } = await stat(['--', 'sh', '-c', script]);
    expect(code).toBe(expected);
    expect(stderr).toContain(`the program ${words}`);
    expect(counter('task-clock')!.value).toBeGreaterThan(0);
  });

  test.each([
    ['no-such-program-anywhere', 127],
    ['/etc/passwd', 126],
    ['/', 126],
  ])('cannot run %s: %i, and nothing is left', async (program, expected) => {
    const { code, files, temporary } = await stat(['--', program]);
    expect(code).toBe(expected);
    expect([...files, ...temporary]).toEqual([]);
  });

  test('what its children do is counted', async () => {
    const alone = await stat(['--', 'sh', '-c', 'true']);
    const parent = await stat(['--', 'sh', '-c', 'for i in 1 2 3 4 5 6 7 8 9 10; do /bin/true; done']);
    expect(parent.counter('page-faults')!.value).toBeGreaterThan(alone.counter('page-faults')!.value! + 300);
    expect(parent.counter('minor-faults')!.value).toBeGreaterThan(alone.counter('minor-faults')!.value! + 300);
  });

  test('a program that leaves a daemon behind ends when it ends', async () => {
    const { code, counter, survivors } = await stat(['--', 'sh', '-c', 'setsid sleep 5 >/dev/null 2>&1 & exit 0']);
    expect(code).toBe(0);
    expect(counter('wall-time')!.value).toBeLessThan(4e9);
    expect(survivors).toEqual([]);
  });

  test('-e counts what was asked for', async () => {
    const { json } = await stat(['-e', 'page-faults,minor-faults', '-e', 'cs', '--', 'true']);
    expect(json!.counters.filter(({ source }) => source === 'perf').map(({ name }) => name)).toEqual([
      'page-faults',
      'minor-faults',
      'cs',
    ]);
    // What perf has counted nobody else need tell
    expect(json!.counters.filter(({ name }) => name === 'minor-faults')).toHaveLength(1);
  });

  test('an event that perf does not know is said before the program runs', async () => {
    const { code, stdout, stderr } = await stat(['-e', 'no-such-event', '--', 'echo', 'ran']);
    expect(code).toBe(125);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/perf cannot count: this machine does not have that event; pforge-prof perf-stat --list/);
  });

  test('-I tells every interval, and they make the whole', async () => {
    const { json, counter } = await stat(['-I', '50', '--', 'node', '-e', BUSY]);
    const series = json!.series.find(({ name }) => name === 'task-clock')!;
    expect(series.time.length).toBeGreaterThan(2);
    expect(series.time).toEqual([...series.time].sort((a, b) => a - b));
    const sum = series.value.reduce((total, value) => total + value, 0);
    expect(sum).toBeCloseTo(counter('task-clock')!.value!, -3);
    const memory = json!.series.find(({ name }) => name === 'rss')!;
    expect(Math.max(...memory.value)).toBeGreaterThan(10 << 20);
    // What the kernel shows of a living process is some pages off
    expect(Math.max(...memory.value)).toBeLessThan(counter('max-rss')!.value! * 1.1);
  });

  test('--per-thread tells what each thread used, and how long it had no CPU', async () => {
    // Each rests before it ends: what it did since the last look at it nobody knows
    const work =
      'const end = Date.now() + 400; while (Date.now() < end); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)';
    const script = `
      const { Worker } = require('worker_threads');
      for (let i = 0; i < 2; i++) new Worker(${JSON.stringify(work)}, { eval: true });`;
    const { json, counter } = await stat(['--per-thread', '--', 'node', '-e', script]);
    const busy = json!.parts.filter(({ counters }) =>
      counters.some(({ name, value }) => name === 'cpu-time' && value! > 5e7),
    );
    expect(busy.length).toBeGreaterThanOrEqual(2);
    const total = json!.parts
      .flatMap(({ counters }) => counters)
      .filter(({ name }) => name === 'cpu-time')
      .reduce((sum, { value }) => sum + value!, 0);
    expect(total / counter('task-clock')!.value!).toBeGreaterThan(0.7);
    expect(total / counter('task-clock')!.value!).toBeLessThan(1.05);
    expect(json!.parts[0]!.counters.map(({ name }) => name)).toContain('run-delay');
  });
});

describe.skipIf(!perf)('perf-stat -r', () => {
  test('keeps every run; --prepare comes before each, --warmup runs are not counted', async () => {
    const cwd = workFolder();
    const prepare = `sh -c 'echo "prepared here" >> log; echo out'`;
    const { code, json, stdout } = await stat(
      ['-r', '4', '--warmup', '2', '--prepare', prepare, '--', 'sh', '-c', 'echo ran | tee -a log'],
      { cwd },
    );
    expect(code).toBe(0);
    expect(json!.runs).toBe(4);
    for (const { values, missing, runs, source } of json!.counters) {
      // /proc is looked at now and then: short runs may not be seen there
      if (missing === undefined && source !== 'proc') expect([values.length, runs]).toEqual([4, 4]);
    }
    expect(readFileSync(join(cwd, 'log'), 'utf8')).toBe('prepared here\nran\n'.repeat(6));
    expect(stdout).toBe('ran\n'.repeat(6));
  });

  test('runs that fail are counted and told; the exit code is that of the first', async () => {
    const cwd = workFolder();
    const script = 'n=$(cat n 2>/dev/null || echo 0); echo $((n + 1)) > n; test $n -lt 1 || exit $((n + 3))';
    const { code, json, stderr } = await stat(['-r', '3', '--', 'sh', '-c', script], { cwd });
    expect(code).toBe(4);
    expect(json!.runs).toBe(3);
    expect(stderr).toContain('2 of 3 runs failed: the first of them exited 4');
  });

  test('a --prepare that fails ends it: 125, and says so', async () => {
    const { code, stderr, stdout, files } = await stat(['-r', '3', '--prepare', 'sh -c "exit 5"', '--', 'echo', 'ran']);
    expect(code).toBe(125);
    expect(stderr).toContain('the command of --prepare failed with exit code 5');
    expect([stdout, ...files]).toEqual(['']);
  });

  test.each([
    [['-r', '2', '-p', '1'], 'only a program can be run again'],
    [['-p', '1', '--', 'true'], 'give only one of'],
    [['--per-thread'], '--per-thread needs a program'],
    [['--prepare', "sh -c 'x", '--', 'true'], "A ' does not close"],
    [['-I', '1', '--', 'true'], 'from 10 to'],
    [['--', ''], 'the program name is empty'],
  ])('%j is refused', async (args, words) => {
    const { code, stderr } = await runCli(['perf-stat', ...args]);
    expect(stderr).toContain(words);
    expect([2, 127]).toContain(code);
  });
});

describe.skipIf(!perf)('perf-stat of what runs already', () => {
  test('a process, for a while, thread by thread; it is left alone', async () => {
    const busy = spawn(process.execPath, ['-e', 'for (;;);']);
    try {
      const { code, json, counter } = await stat(['-d', '0.5', '--per-thread', '-p', String(busy.pid)]);
      expect(code).toBe(0);
      expect(busy.exitCode).toBe(null);
      expect(json!.subject).toBe(`process id ${busy.pid}`);
      expect(counter('task-clock')!.value).toBeGreaterThan(1e7);
      expect(counter('wall-time')!.value).toBeGreaterThan(4.5e8);
      expect(counter('max-rss')!.value).toBeGreaterThan(20 << 20);
      const main = json!.parts.find(({ name }) => name === `node-${busy.pid}`)!;
      // Both by perf and by /proc
      expect(main.counters.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['task-clock', 'cpu-time', 'run-delay']),
      );
    } finally {
      busy.kill('SIGKILL');
    }
  });

  test('a process that ends is the end', async () => {
    const short = spawn('sleep', ['0.7']);
    const { code, json } = await stat(['-p', String(short.pid)]);
    expect(code).toBe(0);
    expect(json!.counters.find(({ name }) => name === 'wall-time')!.value).toBeLessThan(5e9);
  });

  test('a process that is not there is a usage error', async () => {
    const { code, stderr } = await runCli(['perf-stat', '-p', '999999999']);
    expect(stderr).toContain('there is no process 999999999');
    expect(code).toBe(2);
  });

  test.skipIf(process.getuid?.() !== 0)('the whole system, for a while', async () => {
    const { code, json, counter, derived } = await stat(['-d', '0.5']);
    expect(code).toBe(0);
    expect(json!.subject).toBe('the whole system');
    expect(counter('cpu-clock')!.value).toBeGreaterThan(4e8);
    expect(counter('context-switches')).toMatchObject({ source: 'perf' });
    expect(counter('idle-time')!.source).toBe('proc');
    expect(derived('idle-cpus')).toBeDefined();
  });
});

describe.skipIf(!perf)('perf-stat --list', () => {
  test('tells which events can be counted here, and what they mean', async () => {
    const { code, stdout } = await runCli(['perf-stat', '--list', '--json']);
    expect(code).toBe(0);
    const { events } = JSON.parse(stdout) as { events: { event: string; works: boolean; meaning: string }[] };
    expect(events.find(({ event }) => event === 'page-faults')).toMatchObject({ works: true });
    expect(events.every(({ meaning }) => meaning.length > 5)).toBe(true);
    const text = (await runCli(['perf-stat', '--list'])).stdout;
    expect(text).toMatch(/^software events/);
    expect(text).toMatch(/^ {2}page-faults +memory was touched/m);
    expect(text).toMatch(/^hardware events/m);
  });
});
