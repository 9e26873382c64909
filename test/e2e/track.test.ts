import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli, workFolder } from './run-cli.ts';

/** A repository with a commit. */
function repository(): string {
  const cwd = workFolder();
  git(cwd, 'init', '-q', '-b', 'main');
  commit(cwd, 'first');
  return cwd;
}

const git = (cwd: string, ...words: string[]): string =>
  execFileSync('git', ['-C', cwd, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], {
    encoding: 'utf8',
  });

function commit(cwd: string, message: string, date = '2026-01-01T00:00:00Z'): string {
  writeFileSync(join(cwd, 'source.txt'), message);
  git(cwd, 'add', 'source.txt');
  execFileSync(
    'git',
    ['-C', cwd, '-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '-q', '-m', message],
    {
      env: { ...process.env, GIT_COMMITTER_DATE: date, GIT_AUTHOR_DATE: date },
    },
  );
  return git(cwd, 'rev-parse', 'HEAD').trim();
}

const results = (value: number): string => JSON.stringify([{ name: 'parse', unit: 'ns', value }]);
const track = (cwd: string, args: readonly string[], stdin = '') => runCli(['track', ...args], { cwd, stdin });
/** github-action-benchmark's own shape. */
const customSmaller = (value: number): string => JSON.stringify([{ name: 'parse', unit: 'ns', value }]);

describe('track', () => {
  test('keeps results with their commit, and tells the history', async () => {
    const cwd = repository();
    const id = git(cwd, 'rev-parse', 'HEAD').trim();
    const kept = await track(cwd, ['-'], customSmaller(100));
    expect(kept.stderr).toContain(`kept 1 result of ${id.slice(0, 9)} in `);
    expect(kept.code).toBe(0);
    const line = JSON.parse(readFileSync(join(cwd, '.pforge-prof/history.jsonl'), 'utf8'));
    expect(line).toMatchObject({
      version: 1,
      commit: { id, subject: 'first', branch: 'main', time: '2026-01-01T00:00:00.000Z' },
      results: [{ name: 'parse', unit: 'ns', better: 'smaller', value: 100 }],
    });
    writeFileSync(join(cwd, 'source.txt'), 'changed');
    const { stdout } = await track(cwd, ['-', '--json', '-q'], customSmaller(101));
    const { series } = JSON.parse(stdout);
    expect(series).toHaveLength(1);
    expect(series[0]).toMatchObject({
      name: 'parse',
      values: [{ value: 100 }, { value: 101, commit: { dirty: true } }],
    });
  });

  test('tells since which commit something is slower; the gate fails on it', async () => {
    const cwd = repository();
    const noise = [0, 1, -1, 2, 0, -2, 1, 0, -1, 1, 0, 2];
    let slow = '';
    const lines: string[] = [];
    for (const [i, wobble] of noise.entries()) {
      const id = commit(cwd, `change ${i}`, `2026-02-${String(i + 1).padStart(2, '0')}T00:00:00Z`);
      if (i === 8) slow = id;
      const value = (i < 8 ? 100 : 120) + wobble;
      lines.push(
        JSON.stringify({
          version: 1,
          time: `2026-02-${String(i + 1).padStart(2, '0')}T01:00:00Z`,
          suite: 'nightly',
          commit: { id, subject: `change ${i}`, time: `2026-02-${String(i + 1).padStart(2, '0')}T00:00:00Z` },
          machine: 'm',
          tools: {},
          results: [{ name: 'parse', unit: 'ns', better: 'smaller', value }],
        }),
      );
    }
    // As git merges two branches: in any order
    writeFileSync(join(cwd, 'history.jsonl'), `${lines.reverse().join('\n')}\n`);
    const told = await track(cwd, ['--store', 'history.jsonl']);
    expect(told.code).toBe(0);
    expect(told.stdout).toMatch(
      new RegExp(`${slow.slice(0, 9)}  regressed \\+\\d+\\.\\d %  100 ns -> 12[01] ns  change 8`),
    );
    const gate = await track(cwd, ['--store', 'history.jsonl', '--fail-on-regression']);
    expect(gate.code).toBe(1);
    expect(gate.stderr).toContain(`nightly: parse regressed by +`);
    expect((await track(cwd, ['--store', 'history.jsonl', '--fail-on-regression', '--recent', '3', '-q'])).code).toBe(
      0,
    );
    expect((await track(cwd, ['--store', 'history.jsonl', '--least', '50'])).stdout).not.toContain('regressed');
  });

  test('what a branch measured is held against the newest level of main; the gate heeds it alone', async () => {
    const cwd = repository();
    const id = git(cwd, 'rev-parse', 'HEAD').trim();
    const day = (i: number): string => `2025-03-${String(i + 1).padStart(2, '0')}T00:00:00Z`;
    // Main became slower itself: that is no fault of the branch
    const entries = Array.from({ length: 24 }, (_, i) => ({
      version: 1,
      time: day(i),
      suite: '',
      commit: { id: `${i}`, time: day(i), branch: 'main' },
      machine: 'm',
      tools: {},
      results: [{ name: 'parse', unit: 'ns', better: 'smaller', value: (i < 18 ? 100 : 120) + (i % 3) }],
    }));
    writeFileSync(join(cwd, 'history.jsonl'), entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    const words = ['--store', 'history.jsonl', '--machine', 'm', '--fail-on-regression'];
    expect((await track(cwd, words)).code).toBe(1);
    git(cwd, 'checkout', '-q', '-b', 'feature');
    const slow = await track(cwd, ['-', ...words, '--junit', 'junit.xml'], results(150));
    expect(slow.code).toBe(1);
    expect(slow.stdout).toMatch(
      /feature beside the newest level of main\n.*\nparse +150 ns +121 ns .* regressed \+24\.\d %/,
    );
    expect(slow.stderr).toMatch(/parse is \+24\.\d % off the level of main, 121 ns/);
    expect(readFileSync(join(cwd, 'junit.xml'), 'utf8')).toMatch(/name="parse: on the level of main">\n +<failure /);
    // Another run says that the first one was slow by chance
    const again = await track(cwd, ['-', ...words, '--json', '-q'], results(121));
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({
      series: [{ name: 'parse', changes: [{ verdict: 'regressed' }] }],
      branch: { name: 'feature', beside: 'main', results: [{ value: 121, runs: 2, verdict: 'same' }] },
    });
    // As workflows check it out: a pull request goes by its number
    git(cwd, 'checkout', '-q', '--detach', id);
    const env = { GITHUB_REF: 'refs/pull/7/merge', GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '' };
    const pull = await runCli(['track', '-', ...words], { cwd, stdin: results(90), env });
    expect(pull.stdout).toMatch(/pull\/7 beside the newest level of main\n.*\nparse +90 ns .* improved -2\d\.\d %/);
    expect(pull.code).toBe(0);
  });

  test('what was mended meanwhile does not fail the gate', async () => {
    const cwd = repository();
    const level = (i: number): number => (i < 8 || i > 13 ? 100 : 120) + (i % 3) / 2;
    const lines = Array.from({ length: 20 }, (_, i) =>
      JSON.stringify({
        version: 1,
        time: `2026-02-${String(i + 1).padStart(2, '0')}T01:00:00Z`,
        suite: '',
        commit: { id: `${i}` },
        machine: 'm',
        tools: {},
        results: [{ name: 'parse', unit: 'ns', better: 'smaller', value: level(i) }],
      }),
    );
    const gate = (count: number) => {
      writeFileSync(join(cwd, 'history.jsonl'), `${lines.slice(0, count).join('\n')}\n`);
      return track(cwd, ['--store', 'history.jsonl', '--fail-on-regression', '--recent', '15']);
    };
    expect((await gate(14)).code).toBe(1);
    const mended = await gate(20);
    expect(mended.stdout).toMatch(/ regressed .*\n.* improved /);
    expect(mended.code).toBe(0);
  });

  test('samples alone are kept as their median; the history itself is no source; machines are told apart', async () => {
    const cwd = repository();
    const go = 'BenchmarkA 9 10 ns/op\nBenchmarkA 9 11 ns/op\nBenchmarkA 9 30 ns/op\n';
    expect((await track(cwd, ['-', '--machine', 'one'], go)).stdout).toMatch(/BenchmarkA +11 ns/);
    git(cwd, 'add', '.pforge-prof');
    git(cwd, 'commit', '-q', '-m', 'history');
    await track(cwd, ['-', '--machine', 'one'], go);
    const { stdout, stderr } = await track(cwd, ['-', '--machine', 'two'], go);
    expect(stderr).not.toContain('+ in ');
    expect((await track(cwd, ['-', '--suite', 'x'], results(7.7919))).stdout).toMatch(/parse \(.*\) +7\.79 ns/);
    expect(stdout).toMatch(/BenchmarkA \(one\) +11 ns +2 .*\nBenchmarkA \(two\) +11 ns +1 /);
  });

  test('a broken line is said with its place, the others count', async () => {
    const cwd = repository();
    await track(cwd, ['-'], customSmaller(100));
    appendFileSync(join(cwd, '.pforge-prof/history.jsonl'), '{"version"');
    const { code, stderr, stdout } = await track(cwd, ['-'], customSmaller(100));
    expect(code).toBe(0);
    expect(stderr).toMatch(/warning: .*history\.jsonl:2: this is not JSON; left out/);
    expect(stdout).toMatch(/parse +100 ns +2/);
  });

  test('outside of a repository the history is in the folder', async () => {
    const cwd = workFolder();
    expect((await track(cwd, ['-', '--machine', 'ci'], results(5))).stderr).toContain('kept 1 result of (none)');
    expect(readFileSync(join(cwd, '.pforge-prof/history.jsonl'), 'utf8')).toContain('"machine":"ci"');
  });

  test.each<[string, readonly string[], string, RegExp]>([
    ['no history yet', [], '', /there is no history yet in .*history\.jsonl; keep results/],
    ['no results', ['-'], 'nothing here', /not results of a benchmark/],
    ['no such commit', ['-', '--commit', 'nope'], results(1), /there is no commit 'nope'/],
    ['a program', ['--', 'true'], '', /track runs no program/],
  ])('%s', async (_, args, stdin, pattern) => {
    const { code, stderr } = await track(repository(), args, stdin);
    expect(stderr).toMatch(pattern);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
  });
});
