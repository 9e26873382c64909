import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root, runCli, workFolder } from './run-cli.ts';

const tree = join(root, 'fixtures/criterion/tree');
const quickly = ['--nresamples', '1000'];

describe('bench --html, --md, --plots', () => {
  test('a tree of Criterion: a page, Markdown, and its plots where Criterion has them', async () => {
    const cwd = workFolder();
    const args = ['bench', 'import', tree, ...quickly, '--html', 'r.html', '--md', 'r.md', '--plots', 'plots'];
    const { code, stdout, stderr } = await runCli([...args, '--title', 'Last night'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toMatch(/wrote r\.html\n.*wrote \d+ plots below plots\n.*wrote r\.md\n/);
    expect(stdout).toContain('hash_bytes');
    const page = readFileSync(join(cwd, 'r.html'), 'utf8');
    expect(page).toContain('<title>Last night</title>');
    expect(page.match(/<details id/g)).toHaveLength(10);
    const markdown = readFileSync(join(cwd, 'r.md'), 'utf8');
    expect(markdown).toMatch(/^# Last night\n/);
    await runCli(['bench', 'import', tree, ...quickly, '--title', 'Last night', '--md', 'alone.md'], { cwd });
    expect(readFileSync(join(cwd, 'alone.md'), 'utf8')).toBe(markdown);
    for (const name of ['violin', 'lines']) {
      expect(readFileSync(join(cwd, `plots/hash_bytes/report/${name}.svg`), 'utf8')).toContain('<title>hash_bytes: ');
    }
    const folders = readdirSync(join(cwd, 'plots/hash_bytes'));
    expect(existsSync(join(cwd, 'plots/hash_bytes', folders[0]!, 'report/pdf.svg'))).toBe(true);
  });

  test('--md - takes the place of the text', async () => {
    const { stdout, code } = await runCli(['bench', 'import', tree, ...quickly, '--md', '-'], { cwd: workFolder() });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# Benchmarks\n/);
    expect(stdout).not.toMatch(/^hash_bytes/m);
  });

  test('changes that other harnesses tell, with a verdict; more is better where it is', async () => {
    const interval = (point: number) => ({
      point_estimate: point,
      confidence_interval: { lower_bound: point - 0.01, upper_bound: point + 0.01 },
    });
    const result = (name: string, more: object) => ({
      name,
      unit: 'ns',
      estimates: { mean: interval(5) },
      change: { mean: interval(0.25) },
      ...more,
    });
    const stdin = JSON.stringify([
      result('slower', {}),
      result('faster', { unit: 'ops/s', better: 'bigger' }),
      result('open', { verdict: 'inconclusive' }),
    ]);
    const { stdout, stderr } = await runCli(['bench', 'import', '-', '--md', '-', '--plots', 'p'], {
      stdin,
      cwd: workFolder(),
    });
    expect(stderr).toContain('no plots below p: these results hold no samples to draw');
    expect(stdout).toMatch(/`slower` .* \| \+25\.00% \(\+24\.00% … \+26\.00%\) \| \*\*regressed\*\*/);
    expect(stdout).toMatch(/`faster` .* \*\*improved\*\*/);
    expect(stdout).toMatch(/`open` .* inconclusive/);
  });

  test('whole commands', async () => {
    const cwd = workFolder();
    const args = [
      'bench',
      '--cmd',
      'true',
      '--cmd',
      'sleep 0.01',
      '--runs',
      '5',
      '-q',
      '--md',
      'r.md',
      '--html',
      'r.html',
    ];
    expect((await runCli(args, { cwd })).code).toBe(0);
    const markdown = readFileSync(join(cwd, 'r.md'), 'utf8');
    expect(markdown).toMatch(/\| `sleep 0\.01` \| .* turns, (?:wall|cpu) time\) \|/);
    expect(markdown).toMatch(/\| `true` \| .*not compared/);
    expect(readFileSync(join(cwd, 'r.html'), 'utf8')).toContain('sleep 0.01: times of an iteration');
  });

  test.each<[string, readonly string[], RegExp]>([
    ['--html -', ['--html', '-'], /--html needs a file/],
    ['--json with --md -', ['--json', '--md', '-'], /both want standard output/],
    ['a folder that is not there', ['--html', 'no/such/r.html'], /no\/such does not exist/],
  ])('%s: refused before anything is read', async (_, args, pattern) => {
    const cwd = workFolder();
    const { code, stdout, stderr } = await runCli(['bench', 'import', tree, ...args], { cwd });
    expect(stderr).toMatch(pattern);
    expect([code, stdout, readdirSync(cwd)]).toEqual([2, '', []]);
  });
});
