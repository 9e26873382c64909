import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bin, root, runCli, workFolder } from './run-cli.ts';

const git = (cwd: string, ...words: string[]): string =>
  execFileSync('git', ['-C', cwd, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], {
    encoding: 'utf8',
  });

/** Of valgrind: two snapshots. */
const MASSIF = `desc: (none)
cmd: ./app
time_unit: i
#-----------
snapshot=0
#-----------
time=0
mem_heap_B=0
mem_heap_extra_B=0
mem_stacks_B=0
heap_tree=empty
#-----------
snapshot=1
#-----------
time=100
mem_heap_B=1000
mem_heap_extra_B=16
mem_stacks_B=0
heap_tree=empty
`;

/** A repository, of whose commits each was measured with a flame graph. */
async function measured(levels: readonly number[]): Promise<string> {
  const cwd = workFolder();
  git(cwd, 'init', '-q', '-b', 'main');
  for (const [i, level] of levels.entries()) {
    const date = `2026-02-${String(i + 1).padStart(2, '0')}T00:00:00Z`;
    const env = { ...process.env, GIT_COMMITTER_DATE: date, GIT_AUTHOR_DATE: date };
    const words = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '-q', '--allow-empty', '-m'];
    execFileSync('git', ['-C', cwd, ...words, `change ${i}`], { env });
    writeFileSync(join(cwd, 'x.folded'), `main;parse ${level}\nmain;rest 100\n`);
    await runCli(['flame', 'x.folded', '-o', 'flame.svg', '-q'], { cwd });
    const stdin = JSON.stringify([{ name: 'parse', unit: 'ns', value: level + (i % 3) / 2 }]);
    const { code, stderr } = await runCli(['track', '-', '--attach', 'flame.svg', '-q'], { cwd, stdin });
    expect([code, stderr]).toEqual([0, '']);
  }
  return cwd;
}

describe('dashboard', () => {
  test('a site with its data, the pictures of the runs and what changed between two', async () => {
    const cwd = await measured([100, 100, 100, 100, 130, 130, 130, 130]);
    expect(readdirSync(join(cwd, '.pforge-prof/attachments'))).toHaveLength(2);
    const { code, stderr } = await runCli(['dashboard'], { cwd });
    expect(stderr).toMatch(/wrote dev\/bench\/index\.html and history-data\.js/);
    expect(code).toBe(0);
    const pictures = readdirSync(join(cwd, 'dev/bench/attachments'));
    const diffs = pictures.filter((name) => name.includes('-'));
    expect(pictures).toHaveLength(3);
    expect(diffs).toHaveLength(1);
    const diff = readFileSync(join(cwd, 'dev/bench/attachments', diffs[0]!), 'utf8');
    expect(diff).toMatch(/^<\?xml/);
    expect(diff).toContain('flame.svg (before)');
    expect(diff).not.toContain(cwd);
    const page = readFileSync(join(cwd, 'dev/bench/index.html'), 'utf8');
    expect(page).toMatch(/default-src 'none'; script-src 'sha256-[^']+' 'self'; style-src 'sha256-/);
    expect(page).not.toMatch(/https?:\/\//);
  });

  test('what a branch measured is no part of the series of main', async () => {
    const cwd = await measured([100, 100]);
    git(cwd, 'checkout', '-q', '-b', 'feature');
    const stdin = JSON.stringify([{ name: 'parse', unit: 'ns', value: 900 }]);
    const kept = await runCli(['track', '-'], { cwd, stdin });
    expect(kept.stderr).toContain('note: 1 of other branches than main is not told; --branch chooses');
    expect(kept.stdout).toMatch(/parse +101 ns +2/);
    expect((await runCli(['track', '--branch', 'feature'], { cwd })).stdout).toMatch(/parse +900 ns +1/);
    expect((await runCli(['track', '--branch', 'none'], { cwd })).code).toBe(2);
    const one = await runCli(['dashboard', '-o', 'x.html'], { cwd });
    expect(one.stderr).toContain('note: 1 run of other branches than main is not shown');
    expect(existsSync(join(cwd, 'x.html'))).toBe(true);
  });

  test('--serve answers who knows the address alone', async () => {
    const cwd = await measured([100]);
    const tmp = workFolder();
    const env = { ...process.env, TMPDIR: tmp };
    const server = spawn(process.execPath, [bin, 'dashboard', '--serve', '--no-open', '-q'], { cwd, env });
    try {
      const url = await new Promise<string>((done) => {
        server.stdout.once('data', (chunk: Buffer) => done(chunk.toString().trim()));
      });
      expect(await (await fetch(`${url}picture`)).text()).toContain('pforgeProfHistory=');
      const [picture] = readdirSync(join(cwd, '.pforge-prof/attachments'));
      const linked = await fetch(`${url}attachments/${picture}`);
      expect([linked.status, linked.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
      expect(await linked.text()).toContain('parse');
      for (const path of ['attachments/', 'attachments/none.svg', '../package.json', 'attachments/..%2f..%2fx.svg']) {
        expect((await fetch(`${url}${path}`)).status).toBeGreaterThanOrEqual(403);
      }
      expect((await fetch(new URL('/', url))).status).toBe(403);
      const [site] = readdirSync(tmp);
      rmSync(join(tmp, site!, 'attachments'), { recursive: true });
      expect((await fetch(`${url}attachments/${picture}`)).status).toBe(404);
      expect((await fetch(`${url}picture`)).status).toBe(200);
      const ended = new Promise((done) => server.once('exit', done));
      server.kill('SIGINT');
      expect(await ended).toBe(0);
      expect(readdirSync(tmp)).toEqual([]);
    } finally {
      server.kill('SIGKILL');
    }
  });

  test('bench --track keeps what was measured', async () => {
    const cwd = workFolder();
    const { code, stderr } = await runCli(['bench', '--track', '--runs', '3', '-q', '--', 'true'], { cwd });
    expect(stderr).toMatch(/^$|kept 1 result of \(none\) in /);
    expect(code).toBe(0);
    const entry = JSON.parse(readFileSync(join(cwd, '.pforge-prof/history.jsonl'), 'utf8'));
    expect(entry.results[0]).toMatchObject({ name: 'true', unit: 'ns' });
    const refused = await runCli(['bench', '--track', '--criterion'], { cwd });
    expect(refused.stderr).toContain("--track does not keep what Criterion's way tells");
    expect(refused.code).toBe(2);
  });

  test('bench --track of files keeps each benchmark; a file that is no history stays as it is', async () => {
    const cwd = workFolder();
    const source =
      "import { bench } from 'pforge-prof/bench';\nbench('sum', () => 1 + 1);\nbench('list', () => [1, 2]);\n";
    writeFileSync(join(cwd, 'a.bench.ts'), source);
    const quick = ['--sample-size', '10', '--warm-up-time', '0.05', '--measurement-time', '0.1'];
    // The word after --track is what is measured, and no place
    const { code, stderr } = await runCli(['bench', '--track', 'a.bench.ts', ...quick], { cwd });
    expect(stderr).toMatch(/kept 2 results of \(none\) in /);
    expect(code).toBe(0);
    const entry = JSON.parse(readFileSync(join(cwd, '.pforge-prof/history.jsonl'), 'utf8'));
    expect(entry.results).toMatchObject([
      { name: 'sum', unit: 'ns', low: expect.any(Number), high: expect.any(Number) },
      { name: 'list', unit: 'ns' },
    ]);
    const mistaken = await runCli(['bench', '--track=a.bench.ts', 'a.bench.ts', ...quick], { cwd });
    expect(mistaken.stderr).toMatch(/a\.bench\.ts is no history: nothing is added to it/);
    expect(mistaken.code).toBe(2);
    expect(readFileSync(join(cwd, 'a.bench.ts'), 'utf8')).toBe(source);
  });

  test('massif --track keeps what it has read; what compares has nothing to keep', async () => {
    const cwd = workFolder();
    writeFileSync(join(cwd, 'massif.out'), MASSIF);
    const kept = await runCli(['massif', 'massif.out', '--track', '-o', 'x.txt'], { cwd });
    expect([kept.code, kept.stderr]).toEqual([0, expect.stringMatching(/kept \d results? of \(none\) in /)]);
    const entry = JSON.parse(readFileSync(join(cwd, '.pforge-prof/history.jsonl'), 'utf8'));
    expect(entry.results).toMatchObject([{ name: 'heap peak', unit: 'bytes', value: 1016 }, { name: 'heap end' }]);
    const elsewhere = await runCli(['massif', '--track=own.jsonl', 'massif.out', '-o', 'x.txt'], { cwd });
    expect([elsewhere.code, elsewhere.stderr]).toEqual([0, expect.stringMatching(/kept 2 results .* in .*own\.jsonl/)]);
    expect(existsSync(join(cwd, 'own.jsonl'))).toBe(true);
    const refused = await runCli(['massif', 'diff', 'massif.out', 'massif.out', '--track'], { cwd });
    expect(refused.stderr).toContain('--track keeps one result: massif diff has none');
    expect(refused.code).toBe(2);
  });

  test('heap --track keeps the size of a snapshot, and bytes that were sampled; taking snapshots has no result', async () => {
    const cwd = workFolder();
    const fixtures = join(root, 'fixtures');
    const snapshot = join(fixtures, 'heapsnapshot/node24.heapsnapshot.zst');
    const sampled = join(fixtures, 'heapprofile/node.heapprofile');
    for (const file of [snapshot, sampled]) {
      const kept = await runCli(['heap', '--track', file, '-o', 'x.txt'], { cwd });
      expect([kept.code, kept.stderr]).toEqual([0, expect.stringMatching(/kept 1 result of \(none\) in /)]);
    }
    const entries = readFileSync(join(cwd, '.pforge-prof/history.jsonl'), 'utf8').trim().split('\n');
    expect(entries.map((line) => JSON.parse(line).results[0])).toMatchObject([
      { name: 'heap size', unit: 'bytes' },
      { name: expect.stringMatching(/allocated bytes|heap in use/), unit: 'bytes', low: expect.any(Number) },
    ]);
    const refused = await runCli(['heap', '--track', '--snapshot', '--', 'node', 'x.js'], { cwd });
    expect(refused.stderr).toContain('--track keeps one result: taking snapshots has none');
  });

  test.each<[string, readonly string[], RegExp]>([
    ['no history', ['dashboard'], /there is no history yet in .*; keep results/],
    ['a program', ['dashboard', '--', 'true'], /dashboard reads the history alone/],
    ['no picture', ['track', '-', '--attach', 'x.txt'], /x\.txt is no picture that a page can show/],
  ])('%s', async (_, args, pattern) => {
    const { code, stderr } = await runCli(args, { stdin: '[{"name":"a","unit":"ns","value":1}]' });
    expect(stderr).toMatch(pattern);
    expect(code).toBe(2);
  });
});
