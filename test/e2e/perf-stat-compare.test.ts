import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import type { ComparisonJson } from '../../src/render/counters/comparison-files.ts';
import { FIXTURES } from '../formats/harness.ts';
import { requireTool } from '../require-tool.ts';
import { type CliOptions, runCli, workFolder } from './run-cli.ts';

const perf = requireTool('perf', findTool('perf') !== undefined);
const saved = (name: string): string => join(FIXTURES, 'perf-stat', name);

const comparison = async (args: readonly string[], options: CliOptions = {}) => {
  const run = await runCli(['perf-stat', '--json', '-o', 'out.json', ...args], options);
  const file = join(options.cwd ?? '', 'out.json');
  return { ...run, json: existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ComparisonJson) : undefined };
};

/** A saved output with one counter of so many runs. */
function output(name: string, values: readonly number[]): string {
  const run = (value: number) =>
    `# started on Thu Nov 26 10:16:29 2026\n\n\n Performance counter stats for './app':\n\n ${value}      ${name}\n\n 0.5 seconds time elapsed\n`;
  return values.map(run).join('\n');
}

describe('saved outputs', () => {
  test('of any layout are shown with their meaning; - is standard input', async () => {
    const text = await runCli(['perf-stat', saved('perf-3.12-repeats.txt')]);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/4,012,345,678 +cycles +# +3.250 GHz/);
    expect(text.stdout).toMatch(/6,012,345,678 +instructions +# +1.498 insn per cycle/);
    expect(text.stdout).toContain('(5 runs)');
    const stdin = readFileSync(saved('perf-6.8-detailed.csv'));
    const piped = await runCli(['perf-stat', '-', '--json'], { stdin });
    const json = JSON.parse(piped.stdout);
    expect(json.counters[4]).toMatchObject({ name: 'cycles', value: 4193816512, percentRunning: 75.01 });
    expect(json.derived.find(({ unit }: { unit: string }) => unit === 'insn per cycle').value).toBeCloseTo(0.91, 2);
  });

  test('with intervals make a chart and sparklines', async () => {
    const cwd = workFolder();
    const { code, stdout } = await runCli(['perf-stat', saved('real-cores.txt')], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/task-clock +[\d.]+ CPUs to [\d.]+ CPUs +[▁▂▃▄▅▆▇█]+/);
    const chart = await runCli(['perf-stat', '-o', 'chart.svg', saved('real-cores.txt')], { cwd });
    expect(chart.code).toBe(0);
    expect(readFileSync(join(cwd, 'chart.svg'), 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    const none = await runCli(['perf-stat', '-o', 'none.svg', saved('real-default.txt')], { cwd });
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('there is nothing over time to draw; give -I MS to count in intervals');
    expect(readdirSync(cwd)).toEqual(['chart.svg']);
  });

  test('of callgrind are its totals', async () => {
    const { stdout } = await runCli(['perf-stat', join(FIXTURES, 'callgrind/threads.out'), '--json']);
    const { counters } = JSON.parse(stdout);
    const totals = [...readFileSync(join(FIXTURES, 'callgrind/threads.out'), 'utf8').matchAll(/^totals: (\d+)/gm)];
    const sum = totals.reduce((all, [, count]) => all + Number(count), 0);
    expect(counters[0]).toMatchObject({ name: 'callgrind-instructions', source: 'callgrind', value: sum });
  });

  test('other files are refused with where to go', async () => {
    const { code, stderr } = await runCli(['perf-stat', join(FIXTURES, 'folded/threads.folded')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/holds no counters: it is folded; perf-stat reads what perf stat -o, -x, -j/);
  });
});

describe('diff', () => {
  const write = (cwd: string, before: readonly number[], after: readonly number[]) => {
    writeFileSync(join(cwd, 'a.txt'), output('instructions', before));
    writeFileSync(join(cwd, 'b.txt'), output('instructions', after));
  };
  const NEAR = [1000, 1010, 990, 1005, 995];

  test('tells what changed, in every format', async () => {
    const cwd = workFolder();
    write(
      cwd,
      NEAR,
      NEAR.map((value) => value * 1.2),
    );
    const { code, stdout } = await runCli(['perf-stat', 'diff', 'a.txt', 'b.txt'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/instructions +1,000 +1,200 +\+20\.0% +\+\d.* \.\. \+\d.* +regressed/);
    expect(stdout).toContain("before './app' (5 runs)");
    const { json } = await comparison(['diff', 'a.txt', 'b.txt'], { cwd });
    expect(json).toMatchObject({ kind: 'perf-stat-diff', pairing: 'apart', before: { runs: 5 }, after: { runs: 5 } });
    expect(json!.changes[0]).toMatchObject({ name: 'instructions', verdict: 'regressed' });
    expect(json!.changes[0]!.change).toBeCloseTo(0.2);
    for (const [format, start] of [
      ['md', '# Counters compared'],
      ['csv', 'name,unit,before'],
    ] as const) {
      const other = await runCli(['perf-stat', 'diff', 'a.txt', 'b.txt', '--format', format], { cwd });
      expect(other.stdout.startsWith(start)).toBe(true);
    }
  });

  test('--fail-on-regression: 1 where it got worse, 0 where it did not or by less', async () => {
    const cwd = workFolder();
    write(
      cwd,
      NEAR,
      NEAR.map((value) => value * 1.2),
    );
    const gate = async (...args: string[]) => runCli(['perf-stat', 'diff', ...args, '--fail-on-regression'], { cwd });
    const worse = await gate('a.txt', 'b.txt');
    expect(worse.code).toBe(1);
    expect(worse.stderr).toContain('regressed: instructions +20.0%');
    expect((await gate('b.txt', 'a.txt')).code).toBe(0);
    expect((await gate('a.txt', 'a.txt')).code).toBe(0);
    expect((await runCli(['perf-stat', 'diff', 'a.txt', 'b.txt', '--fail-on-regression', '25'], { cwd })).code).toBe(0);
    expect((await runCli(['perf-stat', 'diff', 'a.txt', 'b.txt', '--fail-on-regression=15'], { cwd })).code).toBe(1);
  });

  test.each([
    [['diff', 'a'], 'diff compares two files, not 1; pforge-prof perf-stat diff before.txt after.txt'],
    [['a', 'b'], 'give one saved output; perf-stat diff A B compares two'],
    [['--vs', 'true'], '--vs needs a program after -- to compare with'],
    [['a', '--', 'true'], 'give only one of: a saved output, a program after --, --pid'],
    [['--threshold', '3', 'a'], '--threshold needs something to compare with; give --vs, --baseline, or diff A B'],
    [['--baseline', 'a', '--vs', 'true', '--', 'true'], 'give only one of: diff, --vs, --baseline'],
    [['--baseline', '../x', '--', 'true'], "a baseline cannot be named '../x'"],
    [['--baseline', 'none', '--', 'true'], "there is no baseline 'none' in .pforge-prof/perf-stat"],
    [['--cache-sim', '--', 'true'], '--cache-sim needs --counter callgrind'],
    [['--counter', 'callgrind', '-I', '100', '--', 'true'], '--interval is for perf: callgrind cannot do that'],
    [['diff', saved('perf-6.6-topdown.txt'), saved('perf-6.8-detailed.csv')], 'both sides have no counter in common'],
    [
      ['diff', saved('real-table.txt'), saved('real-table.txt'), '--only', 'x'],
      "no counter is named 'x'; there are task",
    ],
    [['diff', saved('real-table.txt'), saved('real-table.txt'), '-o', 'x.svg'], 'a comparison has no picture'],
  ])('%j is refused: %s', async (args, message) => {
    const cwd = workFolder();
    const { code, stderr } = await runCli(['perf-stat', ...args], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(`pforge-prof: error: ${message}`);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe.skipIf(!perf)('measured here', () => {
  const ONLY = ['-e', 'task-clock,page-faults,context-switches'];
  /** Twice the pages, so that there is something to find. */
  const pages = (count: number) => ['node', '-e', `Buffer.alloc(${count} * 4096, 1)`];

  test('two programs in turns: what differs is found, standard output stays the program’s', async () => {
    const cwd = workFolder();
    const [old, now] = [pages(2000), pages(6000)];
    const vs = `${old.slice(0, 2).join(' ')} '${old[2]}'`;
    const { code, json } = await comparison(['-r', '4', ...ONLY, '--vs', vs, '--', ...now], { cwd });
    expect(code).toBe(0);
    expect(json).toMatchObject({ pairing: 'interleaved', before: { command: old, runs: 4 }, after: { command: now } });
    const faults = json!.changes.find(({ name }) => name === 'page-faults')!;
    expect(faults.verdict).toBe('regressed');
    expect(faults.after!.mean - faults.before!.mean).toBeGreaterThan(3500);
    expect(faults.after!.mean - faults.before!.mean).toBeLessThan(4500);
    const text = await runCli(['perf-stat', '-r', '2', ...ONLY, '--vs', 'echo old', '--', 'echo', 'new'], { cwd });
    expect(text.stdout.split('\n').sort()).toEqual(['', 'new', 'new', 'old', 'old']);
    expect(text.stderr).toMatch(/ before 'echo old' \(2 runs, in turns\)/);
  });

  test('a baseline is kept, compared with, and replaced; nothing is left beside it', async () => {
    const cwd = workFolder();
    const run = (...args: string[]) => runCli(['perf-stat', '-r', '3', ...ONLY, ...args], { cwd });
    const kept = await run('--save-baseline', 'main', '--', ...pages(2000));
    expect(kept.code).toBe(0);
    expect(kept.stderr).toContain('kept .pforge-prof/perf-stat/main.json');
    expect(readdirSync(join(cwd, '.pforge-prof/perf-stat'))).toEqual(['main.json']);
    const gate = await run(
      '--baseline',
      'main',
      '--only',
      'page-faults',
      '--fail-on-regression',
      '50',
      '--',
      ...pages(6000),
    );
    expect(gate.code).toBe(1);
    // Of node itself there are some two thousand, more or less by what its environment has it load
    const [before, after] = /page-faults +([\d,]+) +([\d,]+) +\+\d/
      .exec(gate.stderr)!
      .slice(1)
      .map((count) => Number(count.replace(',', ''))) as [number, number];
    expect(before).toBeGreaterThan(3000);
    expect(Math.abs(after - before - 4000)).toBeLessThan(100);
    expect(gate.stderr).toContain('regressed by more than 50%: page-faults');
    expect(
      (await run('--baseline', 'main', '--only', 'page-faults', '--fail-on-regression', '--', ...pages(2000))).code,
    ).toBe(0);
    const unknown = await run('--baseline', 'mian', '--', 'true');
    expect(unknown.stderr).toContain("there is no baseline 'mian' in .pforge-prof/perf-stat; known are main");
    const file = join(cwd, '.pforge-prof/perf-stat/main.json');
    const shown = await runCli(['perf-stat', file, '--json']);
    expect(JSON.parse(shown.stdout)).toEqual(JSON.parse(readFileSync(file, 'utf8')));
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, 200));
    const broken = await run('--baseline', 'main', '--', 'true');
    expect(broken.code).toBe(2);
    expect(broken.stderr).toContain('main.json: line ');
  });

  test('a baseline that cannot be kept says so', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, '.pforge-prof'), '');
    const { code, stderr } = await runCli(['perf-stat', '-r', '2', '--save-baseline', 'x', '--', 'true'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('cannot make the folder .pforge-prof/perf-stat: ENOTDIR');
    mkdirSync(join(cwd, 'other'));
  });

  test('the exit code of a program that fails comes first', async () => {
    const cwd = workFolder();
    const { code } = await comparison(['-r', '2', ...ONLY, '--vs', 'true', '--', 'sh', '-c', 'exit 7'], { cwd });
    expect(code).toBe(7);
  });

  test('Ctrl-C between turns: whole turns are compared', async () => {
    const cwd = workFolder();
    const { code, json } = await comparison(['-r', '50', ...ONLY, '--vs', 'sleep 0.2', '--', 'sleep', '0.2'], {
      cwd,
      signals: [{ after: 4_000, signal: 'SIGINT', to: 'group' }],
    });
    expect(code === 0 || code === 130).toBe(true);
    if (json === undefined) return;
    expect(json.before.runs).toBe(json.after.runs);
    expect(json.notes.join()).toMatch(/interrupted: \d+ of 50 runs were counted/);
  });

  test('of a program compared with itself at most 5 % of the counters are called changed', async () => {
    const cwd = workFolder();
    let [tested, flagged] = [0, 0];
    for (let i = 0; i < 4; i++) {
      const { json } = await comparison(['-r', '6', '--vs', 'true', '--', 'true'], { cwd });
      for (const { verdict, adjusted } of json!.changes) {
        if (adjusted === null) continue;
        tested++;
        if (/regressed|improved|changed/.test(verdict)) flagged++;
      }
    }
    console.log(`${flagged} of ${tested} counters flagged; scripts/stat-aa.mjs makes 40 comparisons`);
    expect(tested).toBeGreaterThan(20);
    expect(flagged).toBeLessThanOrEqual(tested * 0.05);
  });
});
