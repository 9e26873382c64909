import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { descendants } from '../../src/processes/proc.ts';
import { listeningPorts } from '../../src/processes/sockets.ts';
import { BUSY_SERVER, endNode, type NodeTarget, startNode } from '../inspector/node-target.ts';
import { program } from './heap-program.ts';
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

test('Ctrl-C twice, where the process does not answer: gives up, and the inspector is closed all the same', async () => {
  const target = await server();
  const cwd = workFolder();
  const signals = [
    { after: 3000, signal: 'SIGINT', to: 'leader' } as const,
    { after: 500, signal: 'SIGINT', to: 'leader' } as const,
  ];
  const call = runCli(['heap', '--pid', String(target.pid)], { cwd, signals });
  while (listeningPorts(target.pid).length === 0) await new Promise((done) => setTimeout(done, 20));
  await new Promise((done) => setTimeout(done, 1000));
  process.kill(target.pid, 'SIGSTOP');
  expect(await call).toMatchObject({ code: 130, survivors: [] });
  expect(readdirSync(cwd)).toEqual([]);
  process.kill(target.pid, 'SIGCONT');
  for (let left = 100; left > 0 && listeningPorts(target.pid).length > 0; left--) {
    await new Promise((done) => setTimeout(done, 50));
  }
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

test('--all: a worker thread that ends between two snapshots is left out', async () => {
  const target = await server(`${BUSY_SERVER}
const worker = new (require('node:worker_threads').Worker)('setInterval(() => {}, 1000)', { eval: true });
process.stdin.once('data', () => worker.terminate());`);
  const cwd = workFolder();
  const words = ['heap', '--json', '--all', '--pid', String(target.pid), '--snapshot-every', '1', '-d', '9'];
  const call = runCli([...words, '-o', 's.heapsnapshot'], { cwd });
  while (!readdirSync(cwd).includes('s-2.heapsnapshot')) await new Promise((done) => setTimeout(done, 20));
  target.child.stdin!.write('end');
  const { code, stdout, stderr } = await call;
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const tids = JSON.parse(stdout).snapshots.map(({ tid }: { tid: number }) => tid);
  expect(tids.slice(0, 2)).toEqual([target.pid, expect.toSatisfy((tid: number) => tid < 0)]);
  expect(tids.at(-1)).toBe(target.pid);
  await leftAlone(target);
});

test.each([
  [
    ['--snapshot', '-o', 's.svg'],
    /^pforge-prof: error: a snapshot is written as \.heapsnapshot, not as s\.svg; pforge-prof heap heap\.heapsnapshot -o s\.svg shows it/,
  ],
  [['--snapshot', '-d', '3'], /^pforge-prof: error: --duration goes with --snapshot-every/],
])('%j says what is meant', async (words, message) => {
  const { code, stderr } = await runCli(['heap', '--pid', String(process.pid), ...words], { cwd: workFolder() });
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
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

test('--all: node processes that it has started, each with an inspector for as long as it takes', async () => {
  const child =
    "function inChild() { return new Array(20000).fill(0).map((_, i) => ({ i })); } setInterval(inChild, 10); console.log('child');";
  const target = await startNode(`${BUSY_SERVER}
const { spawn } = require('node:child_process');
const child = spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: ['ignore', 'inherit', 'inherit'] });
process.on('exit', () => child.kill('SIGKILL')); console.log('pid', child.pid);
process.on('SIGTERM', () => process.exit(0));`);
  await target.prints('child');
  const childPid = Number(/pid (\d+)/.exec(target.printed())![1]);
  const cwd = workFolder();
  const { code, stdout, stderr } = await attached(
    ['heap', '--json', '--all', '--pid', String(target.pid), '-d', '2'],
    cwd,
  );
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const { top, threads } = JSON.parse(stdout);
  expect(threads.map(({ pid }: { pid: number }) => pid).sort()).toEqual([target.pid, childPid].sort());
  expect(top.map(({ name }: { name: string }) => name)).toContain('inChild');
  const words = ['heap', '--json', '--snapshot', '--all', '--pid', String(target.pid)];
  const { snapshots } = JSON.parse((await attached(words, cwd)).stdout);
  expect(snapshots.map(({ pid }: { pid: number }) => pid)).toEqual([target.pid, childPid]);
  expect([...listeningPorts(target.pid), ...listeningPorts(childPid)]).toEqual([]);
  target.child.kill('SIGTERM');
  await new Promise((done) => target.child.once('exit', done));
});

test('--all: workers of a cluster, which open their inspectors when the first process opens its own', async () => {
  const { cwd } = program('setInterval(() => new Array(20000).fill(0).map((_, i) => ({ i })), 10);');
  const target = await startNode(`const cluster = require('node:cluster'); let online = 0;
cluster.setupPrimary({ exec: ${JSON.stringify(join(cwd, 'app.js'))}, execArgv: [] });
const workers = [cluster.fork(), cluster.fork()];
cluster.on('online', () => { if (++online === 2) console.log('ready'); });
process.on('SIGTERM', () => { for (const { process } of workers) process.kill('SIGKILL'); process.exit(0); });
setInterval(() => new Array(20000).fill(0).map((_, i) => ({ i })), 10);`);
  const pids = [target.pid, ...descendants(target.pid).map(({ pid }) => pid)].sort((a, b) => a - b);
  expect(pids).toHaveLength(3);
  const words = ['heap', '--json', '--all', '--pid', String(target.pid)];
  const { threads, notes } = JSON.parse((await attached([...words, '-d', '2'], cwd)).stdout);
  expect({ pids: threads.map(({ pid }: { pid: number }) => pid).sort((a: number, b: number) => a - b), notes }).toEqual(
    {
      pids,
      notes: [],
    },
  );
  expect(pids.flatMap(listeningPorts)).toEqual([]);
  const { snapshots } = JSON.parse((await attached([...words, '--snapshot'], cwd)).stdout);
  expect(snapshots.map(({ pid }: { pid: number }) => pid).sort((a: number, b: number) => a - b)).toEqual(pids);
  expect(pids.flatMap(listeningPorts)).toEqual([]);
  const cpu = ['flame', '--collector', 'v8', '--pid', String(target.pid), '-d', '1', '-o', 'cpu.svg'];
  expect((await attached(cpu, cwd)).stderr).toMatch(/are not recorded \(\d+, \d+\): give --pid one of them/);
  target.child.kill('SIGTERM');
  await new Promise((done) => target.child.once('exit', done));
});

test('doctor tells whether processes can be attached to', async () => {
  const { checks } = JSON.parse((await runCli(['doctor', '--json'])).stdout);
  const check = checks.find(({ name }: { name: string }) => name === 'node inspector');
  expect(['ok', 'limited']).toContain(check.state);
  expect(check.detail).toMatch(/^port 9229 is (?:free|taken.*):/);
});

/** Only one process of a machine can have the inspector's own port: another test may have it just now. */
async function attached(words: readonly string[], cwd: string): Promise<Awaited<ReturnType<typeof runCli>>> {
  for (let left = 50; ; left--) {
    const result = await runCli(words, { cwd });
    if (left === 0 || !/is taken/.test(result.stderr)) return result;
    await new Promise((done) => setTimeout(done, 200));
  }
}
