import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { program } from './heap-program.ts';
import { runCli } from './run-cli.ts';

/** Garbage by one function, what stays by another: both known. */
const PROGRAM = `
const garbage = () => { let n = 0; for (let i = 0; i < 400; i++) n += makeGarbage(i).length; return n; };
function makeGarbage(i) { return JSON.parse('[' + '{"a":1,"b":"text"},'.repeat(500) + i + ']'); }
function keep() { return Array.from({ length: 100000 }, (_, i) => ({ i, name: 'kept' + i })); }
globalThis.kept = keep();
garbage();
`;

interface Row {
  readonly name: string;
  readonly file: string;
  readonly self: number;
  readonly total: number;
}

interface Report {
  readonly weight: { readonly type: string; readonly unit: string };
  readonly top: readonly Row[];
  readonly threads: readonly { readonly pid: number; readonly process: string; readonly name: string }[];
}

async function recorded(
  args: readonly string[],
  source: string,
): Promise<{ code: number | null; stderr: string; json: Report }> {
  const { cwd } = program(source);
  const { code, stdout, stderr } = await runCli(['heap', '--json', ...args, '--', 'node', 'app.js'], { cwd });
  return { code, stderr, json: JSON.parse(stdout) };
}

const bytesOf = (rows: readonly Row[], name: string) => rows.find((row) => row.name === name)?.total ?? 0;

describe('allocations of a program', () => {
  test('all that was allocated: garbage too, each by its function, with its place', async () => {
    const { code, json } = await recorded(['--sample-interval', '32k'], PROGRAM);
    expect(code).toBe(0);
    expect(json.weight).toMatchObject({ type: 'alloc_space', unit: 'bytes' });
    expect(bytesOf(json.top, 'makeGarbage')).toBeGreaterThan(10e6);
    expect(bytesOf(json.top, 'keep')).toBeGreaterThan(5e6);
    expect(json.top.find(({ name }) => name === 'makeGarbage')?.file).toMatch(/\/app\.js$/);
    expect(json.threads).toMatchObject([{ process: 'app.js', name: 'app.js' }]);
  });

  test('--live: only what is still alive', async () => {
    const { json } = await recorded(['--live', '--sample-interval', '32k'], PROGRAM);
    expect(json.weight.type).toBe('inuse_space');
    expect(bytesOf(json.top, 'keep')).toBeGreaterThan(5e6);
    expect(bytesOf(json.top, 'makeGarbage')).toBeLessThan(1e6);
  });

  test('worker threads and processes that it starts', async () => {
    const source = `
const { Worker, isMainThread } = require('node:worker_threads');
function inWorker() { return Array.from({ length: 200000 }, (_, i) => ({ i })).length; }
if (isMainThread) {
  new Worker(__filename, { name: 'helper' });
  require('node:child_process').spawnSync(process.execPath, ['-e', 'function inChild() { return Array.from({ length: 200000 }, (_, i) => ({ i })).length; } inChild();']);
} else inWorker();`;
    const { json } = await recorded(['--sample-interval', '32k'], source);
    expect(bytesOf(json.top, 'inWorker')).toBeGreaterThan(3e6);
    expect(bytesOf(json.top, 'inChild')).toBeGreaterThan(3e6);
    expect(json.threads.map(({ name }) => name)).toContain('worker 1 (app.js)');
    expect(new Set(json.threads.map(({ pid }) => pid)).size).toBe(2);
  });

  test('the exit code is the program’s; heap.svg stands in its folder, the table on standard error', async () => {
    const { cwd } = program(`${PROGRAM} console.log('done'); process.exitCode = 3;`);
    const { code, stdout, stderr } = await runCli(['heap', '--', 'node', 'app.js'], { cwd });
    expect(code).toBe(3);
    expect(stdout).toBe('done\n');
    expect(stderr).toMatch(/wrote heap\.svg \(\d+ KiB, \d+ samples\); the program exited 3/);
    expect(stderr).toMatch(/makeGarbage/);
    expect(readFileSync(join(cwd, 'heap.svg'), 'utf8')).toContain('Memory by who allocated it');
    // And can be read back
    const again = await runCli(['heap', 'heap.svg'], { cwd });
    expect(again.stdout).toMatch(/MiB .* makeGarbage/);
  });

  test('Ctrl-C stops the program, not the profile', async () => {
    const { cwd } = program(`${PROGRAM} setInterval(() => garbage(), 20); console.log('ready');`);
    const signals = [{ after: 'ready', signal: 'SIGINT', to: 'group' } as const];
    const { code, survivors } = await runCli(['heap', '-o', 'out.heapprofile', '--', 'node', 'app.js'], {
      cwd,
      signals,
    });
    expect(code).toBe(0);
    expect(survivors).toEqual([]);
    const { head, pforgeProf } = JSON.parse(readFileSync(join(cwd, 'out.heapprofile'), 'utf8'));
    expect(JSON.stringify(head)).toContain('makeGarbage');
    expect(pforgeProf).toMatchObject({ live: false, process: 'app.js' });
  });

  test('formats that other tools read', async () => {
    const { cwd } = program(PROGRAM);
    await runCli(['heap', '-o', 'a.heapprofile', '--', 'node', 'app.js'], { cwd });
    const text = await runCli(['heap', 'a.heapprofile'], { cwd });
    expect(text.stdout).toMatch(/makeGarbage +\/.*app\.js:3/);
    await runCli(['convert', 'a.heapprofile', '-o', 'a.gecko'], { cwd });
    const { threads } = JSON.parse(readFileSync(join(cwd, 'a.gecko'), 'utf8'));
    expect(threads[0].nativeAllocations).toMatchObject({ weightType: 'bytes' });
    const gecko = await runCli(['heap', '--json', 'a.gecko'], { cwd });
    const own = await runCli(['heap', '--json', 'a.heapprofile'], { cwd });
    expect(JSON.parse(gecko.stdout).weight).toEqual(JSON.parse(own.stdout).weight);
  });
});

describe('usage', () => {
  test.each([
    [['heap'], 'nothing to read; give a program after --, --pid, or a heap profile'],
    [['heap', '--live', 'x.heapprofile'], '--live is for recording: give a program after --, or --pid'],
    [['heap', '--snapshot-every', '3', 'x'], '--snapshot-every is for recording'],
    [['heap', '--pid', '1', 'x'], 'give only one of: a program after --, --pid, files'],
    [['heap', '--live', '--snapshot', '--pid', '1'], 'give only one of: --live, --snapshot'],
    [['heap', '--all', '--', 'node'], '--all goes with --pid or --snapshot'],
    [['heap', '--signal', 'SIGUSR2', '--pid', '1'], '--signal is for programs that are started'],
    [['heap', '--snapshot', '-o', '-', '--pid', '1'], 'a snapshot is kept in a file'],
    [['heap', '--snapshot', '--format', 'svg', '--pid', '1'], 'a snapshot cannot be written as svg'],
    [['heap', '--sample-interval', 'x', '--pid', '1'], 'It must be a number of bytes: 4096, 64KiB, 1.5MiB, 2GiB'],
  ])('%j', async (args, message) => {
    const { code, stderr } = await runCli(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n').length).toBeLessThan(3);
  });

  test('a program that is no node, and nothing sampled: what to do', async () => {
    expect(await runCli(['heap', '--', 'true'])).toMatchObject({
      code: 125,
      stderr: expect.stringContaining('the program is not node, and started no node process'),
    });
    expect(await runCli(['heap', '--sample-interval', '1GiB', '--', process.execPath, '-e', '0'])).toMatchObject({
      code: 125,
      stderr: expect.stringContaining('too little was allocated to be sampled: nothing to draw; sample more often'),
    });
    expect(await runCli(['heap', '--snapshot-every', '30', '--', process.execPath, '-e', '0'])).toMatchObject({
      code: 125,
      stderr: expect.stringContaining('no snapshot was taken; the program ended before a snapshot was due'),
    });
  });
});
