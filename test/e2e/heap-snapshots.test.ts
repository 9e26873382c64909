import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { program } from './heap-program.ts';
import { runCli } from './run-cli.ts';

describe('snapshots of a program', () => {
  const leaking = `globalThis.kept = []; setInterval(() => kept.push({ n: kept.length }), 1);
if (process.argv[2] === 'graceful') process.on('SIGINT', () => process.exit(4));`;

  test('at its end: for its user alone, and nothing else is left', async () => {
    const { cwd } = program('globalThis.kept = [1, 2, 3]; process.exitCode = 7;');
    const { code, stderr } = await runCli(['heap', '--snapshot', '--', 'node', 'app.js'], { cwd });
    expect(code).toBe(7);
    expect(stderr).toMatch(/needs about 10 times the used heap in memory/);
    expect(stderr).toMatch(/kept heap\.heapsnapshot \([\d.]+ MiB; process \d+\)/);
    expect(readdirSync(cwd).sort()).toEqual(['app.js', 'heap.heapsnapshot']);
    expect(statSync(join(cwd, 'heap.heapsnapshot')).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(cwd, 'heap.heapsnapshot'), 'utf8')).snapshot.node_count).toBeGreaterThan(
      10_000,
    );
  });

  test.each([
    ['that dies of the signal', []],
    ['that handles it', ['graceful']],
  ])('stopped by time, of a program %s: one', async (_what, args) => {
    const { cwd } = program(leaking);
    const words = ['heap', '--snapshot', '-d', '1', '--', 'node', 'app.js', ...args];
    expect(await runCli(words, { cwd })).toMatchObject({ code: 0, survivors: [] });
    expect(readdirSync(cwd).sort()).toEqual(['app.js', 'heap.heapsnapshot']);
  });

  test('again and again, also while it is busy; they are in order', async () => {
    const { cwd } = program(
      'globalThis.kept = []; for (;;) { kept.push({ n: kept.length }); const t = Date.now(); while (Date.now() < t + 1); }',
    );
    const words = [
      'heap',
      '--json',
      '--snapshot-every',
      '0.5',
      '-d',
      '5',
      '-o',
      's.heapsnapshot',
      '--',
      'node',
      'app.js',
    ];
    const { stdout } = await runCli(words, { cwd });
    const { snapshots } = JSON.parse(stdout);
    expect(snapshots.length).toBeGreaterThan(1);
    expect(snapshots.slice(0, 2).map(({ file }: { file: string }) => file)).toEqual([
      's.heapsnapshot',
      's-2.heapsnapshot',
    ]);
    const kept = snapshots.map(({ file }: { file: string }) => statSync(join(cwd, file)).mtimeMs);
    expect(kept).toEqual(kept.toSorted((a: number, b: number) => a - b));
  });

  test('when it gets a signal, which ends nothing', async () => {
    const source = `${leaking} setTimeout(() => process.kill(process.pid, 'SIGUSR2'), 500); setTimeout(() => process.exit(0), 4000);`;
    const { cwd } = program(source);
    const { code, stderr } = await runCli(['heap', '--signal', 'SIGUSR2', '--', 'node', 'app.js'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toMatch(/kill -USR2 \d+ takes a snapshot/);
    expect(readdirSync(cwd).sort()).toEqual(['app.js', 'heap.heapsnapshot']);
  });

  test('near the limit of its heap: node writes them, they are kept as the others are', async () => {
    const { cwd } = program('globalThis.kept = []; for (;;) kept.push(new Array(1000).fill(1.5));');
    const words = ['heap', '--snapshot-near-limit', '--', 'node', '--max-old-space-size=30', 'app.js'];
    const { code, stderr } = await runCli(words, { cwd });
    expect(code).toBe(134);
    expect(stderr).toMatch(/kept heap\.heapsnapshot/);
    expect(statSync(join(cwd, 'heap.heapsnapshot')).mode & 0o777).toBe(0o600);
    expect(readdirSync(cwd).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('--all: worker threads too', async () => {
    const source = "new (require('node:worker_threads').Worker)('setTimeout(() => {}, 1000)', { eval: true });";
    const { cwd } = program(source);
    await runCli(['heap', '--snapshot', '--all', '-o', 'w.heapsnapshot', '--', 'node', 'app.js'], { cwd });
    expect(readdirSync(cwd).sort()).toEqual(['app.js', 'w-2.heapsnapshot', 'w.heapsnapshot']);
  });
});
