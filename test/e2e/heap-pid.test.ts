import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listeningPorts } from '../../src/processes/sockets.ts';
import { BUSY_SERVER, endNode, type NodeTarget, startNode } from '../inspector/node-target.ts';
import { runCli, workFolder } from './run-cli.ts';

const server = (source = BUSY_SERVER): Promise<NodeTarget> => startNode(source, process.execPath, ['--inspect-port=0']);

/** It runs on as if nothing had been. */
async function leftAlone(target: NodeTarget): Promise<void> {
  expect(listeningPorts(target.pid)).toEqual([]);
  expect(target.child.exitCode).toBeNull();
  await endNode(target);
}

test('who allocates, in a process that runs already', async () => {
  const target = await server();
  const cwd = workFolder();
  const { code, stderr } = await runCli(['heap', '--pid', String(target.pid), '-d', '1', '--no-inlining'], { cwd });
  expect(code).toBe(0);
  expect(stderr).toMatch(/parseJson/);
  expect(readFileSync(join(cwd, 'heap.svg'), 'utf8')).toContain('parseJson');
  await leftAlone(target);
});

test('worker threads are seen; Ctrl-C ends the recording, not the process', async () => {
  const target = await server(`${BUSY_SERVER}
new (require('node:worker_threads').Worker)("setInterval(function inWorker() { globalThis.a = new Array(50000).fill(0).map((_, i) => ({ i })); }, 10)", { eval: true });`);
  const cwd = workFolder();
  const signals = [{ after: 2500, signal: 'SIGINT', to: 'leader' } as const];
  const words = ['heap', '--json', '--pid', String(target.pid), '-o', 'h.svg'];
  const { code, stdout, survivors } = await runCli(words, { cwd, signals });
  expect(code).toBe(0);
  expect(survivors).toEqual([]);
  const { top, threads } = JSON.parse(stdout);
  expect(top.map(({ name }: { name: string }) => name)).toContain('inWorker');
  expect(threads).toHaveLength(2);
  await leftAlone(target);
});

test('Ctrl-C twice: gives up, and the inspector is closed all the same', async () => {
  const target = await server("setInterval(() => {}, 1000); console.log('ready');");
  const cwd = workFolder();
  const signals = [
    { after: 2000, signal: 'SIGINT', to: 'leader' } as const,
    { after: 200, signal: 'SIGINT', to: 'leader' } as const,
  ];
  const { code } = await runCli(['heap', '--pid', String(target.pid)], { cwd, signals });
  // Nothing was allocated, or it gave up before that was known
  expect([125, 130]).toContain(code);
  expect(readdirSync(cwd)).toEqual([]);
  await leftAlone(target);
});

test('a snapshot at once; several with --snapshot-every', async () => {
  const target = await server();
  const cwd = workFolder();
  const words = ['heap', '--json', '--pid', String(target.pid)];
  const { code, stdout, stderr } = await runCli([...words, '--snapshot'], { cwd });
  expect(code).toBe(0);
  expect(stderr).toMatch(/a snapshot of [\d.]+ MiB of heap needs about [\d.]+ [MG]iB of memory/);
  expect(JSON.parse(stdout).snapshots).toMatchObject([{ file: 'heap.heapsnapshot', pid: target.pid, tid: target.pid }]);
  expect(statSync(join(cwd, 'heap.heapsnapshot')).mode & 0o777).toBe(0o600);
  await runCli([...words, '--snapshot-every', '0.5', '-d', '2', '-o', 's.heapsnapshot'], { cwd });
  expect(readdirSync(cwd)).toContain('s-2.heapsnapshot');
  expect(readdirSync(cwd).filter((name) => name.startsWith('.'))).toEqual([]);
  await leftAlone(target);
});

test('a process that ends by itself: what was sampled until then', async () => {
  const target = await server(`${BUSY_SERVER} setTimeout(() => process.exit(0), 4000);`);
  const cwd = workFolder();
  const { code, stderr } = await runCli(['heap', '--pid', String(target.pid)], { cwd });
  expect(code).toBe(0);
  expect(stderr).toMatch(/wrote heap\.svg/);
});

test('a process that is killed: nothing is written, and it says why', async () => {
  const target = await server();
  const cwd = workFolder();
  const call = runCli(['heap', '--pid', String(target.pid)], { cwd });
  while (listeningPorts(target.pid).length === 0) await new Promise((done) => setTimeout(done, 20));
  await new Promise((done) => setTimeout(done, 1000));
  target.child.kill('SIGKILL');
  const { code, stderr } = await call;
  expect(code).toBe(125);
  expect(stderr).toMatch(/was ended while it was recorded: nothing was written; start it with pforge-prof/);
  expect(readdirSync(cwd)).toEqual([]);
});

test('flame --pid by the same way', async () => {
  const target = await server();
  const cwd = workFolder();
  const words = ['flame', '--collector', 'v8', '--pid', String(target.pid), '-d', '1', '-o', 'cpu.svg'];
  const { code, stderr } = await runCli(words, { cwd });
  expect(code).toBe(0);
  expect(stderr).toMatch(/parseJson/);
  await leftAlone(target);
});

test('flame --pid where perf is not: the inspector, and it says so', async () => {
  const target = await server();
  const cwd = workFolder();
  const words = ['flame', '--pid', String(target.pid), '-d', '1', '-o', 'cpu.svg'];
  const { code, stderr } = await runCli(words, { cwd, env: { PATH: '/nonexistent' } });
  expect(code).toBe(0);
  expect(stderr).toMatch(/not installed.*recording with V8's profiler, attached to by its inspector/);
  await leftAlone(target);
});
