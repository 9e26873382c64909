import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { attachInspector } from '../../src/inspector/attach.ts';
import { takeHeapSnapshot } from '../../src/inspector/heap-snapshot.ts';
import { inspectNodeProcess } from '../../src/inspector/node-process.ts';
import type { InspectorTarget } from '../../src/inspector/protocol.ts';
import { profileCpu, sampleHeap } from '../../src/inspector/sampling.ts';
import { evaluate } from '../../src/inspector/session.ts';
import { followWorkers, type WorkerTarget } from '../../src/inspector/workers.ts';
import { listeningPorts } from '../../src/processes/sockets.ts';
import { nodes } from '../other-nodes.ts';
import { BUSY_SERVER, endNode, startNode } from './node-target.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-sampling-'));
afterAll(() => rmSync(folder, { recursive: true }));
const ANY_PORT = ['--inspect-port=0'];
const IDLE = "setInterval(() => {}, 1000); console.log('ready');";

interface Coverage {
  readonly result: { url: string; functions: { functionName: string; ranges: { count: number }[] }[] }[];
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((done) => setTimeout(done, 20));
}

test.each(nodes())(
  'node %s: code that was optimised before is dropped right after the start',
  async (_version, node) => {
    const target = await startNode(BUSY_SERVER, node, ANY_PORT);
    const session = await attachInspector(target.pid);
    const sent: string[] = [];
    const listened: InspectorTarget = {
      on: session.on,
      send: (method, params) => {
        sent.push(method);
        return session.send(method, params);
      },
    };
    const cpu = await profileCpu(listened, { frequency: 1000 });
    expect(sent.slice(sent.indexOf('Profiler.start'))).toEqual([
      'Profiler.start',
      'Profiler.startPreciseCoverage',
      'Profiler.stopPreciseCoverage',
    ]);
    await cpu.stop();
    await session.close();
    await endNode(target);
  },
);

test('a program that is run for its coverage keeps what it has counted', async () => {
  const script = join(folder, 'counted.js');
  writeFileSync(
    script,
    `function once() {} once(); process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); console.log('ready');`,
  );
  const env = { ...process.env, NODE_V8_COVERAGE: join(folder, 'coverage') };
  const child = spawn(process.execPath, [...ANY_PORT, script], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const session = await attachInspector(child.pid!);
  await (await profileCpu(session, { frequency: 1000 })).stop();
  await (await sampleHeap(session, { interval: 1024, live: false, noInlining: true })).stop();
  await session.close();
  child.kill('SIGTERM');
  await once(child, 'exit');
  const counts = readdirSync(env.NODE_V8_COVERAGE).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(join(env.NODE_V8_COVERAGE, name), 'utf8')) as Coverage;
    const functions = result.filter(({ url }) => url.endsWith('/counted.js')).flatMap((script) => script.functions);
    return functions.filter(({ functionName }) => functionName === 'once').map(({ ranges }) => ranges[0]!.count);
  });
  expect(counts).toContain(1);
});

test('a part of a thread that has ended meanwhile is refused, once', async () => {
  const source = `const worker = new (require('node:worker_threads').Worker)('setInterval(() => {}, 1000)', { eval: true });
worker.on('online', () => console.log('ready')); globalThis.end = () => { worker.terminate(); };`;
  const target = await startNode(source, process.execPath, ANY_PORT);
  const session = await attachInspector(target.pid);
  const workers: WorkerTarget[] = [];
  await followWorkers(session, (worker) => workers.push(worker));
  const worker = workers[0]!;
  const heap = await sampleHeap(worker, { interval: 1024, live: false, noInlining: false });
  const unhandled: unknown[] = [];
  const listen = (reason: unknown): number => unhandled.push(reason);
  process.on('unhandledRejection', listen);
  await evaluate(session, 'end()');
  await until(() => worker.ended);
  await expect(heap.part!()).rejects.toThrow('the worker thread has ended');
  await new Promise((done) => setTimeout(done, 20));
  process.off('unhandledRejection', listen);
  expect(unhandled).toEqual([]);
  await session.close();
  await endNode(target);
});

test('what is logged while we are attached is no part of a snapshot', async () => {
  const target = await startNode(IDLE, process.execPath, ANY_PORT);
  const session = await attachInspector(target.pid);
  await evaluate(session, 'class Logged {}; for (let i = 0; i < 200; i++) console.log(new Logged())');
  const file = join(folder, 'logged.heapsnapshot');
  await takeHeapSnapshot(session, file);
  const { snapshot, nodes: table, strings } = JSON.parse(readFileSync(file, 'utf8'));
  const width = snapshot.meta.node_fields.length;
  const named = table.filter((name: number, i: number) => i % width === 1 && strings[name] === 'Logged');
  expect(named.length).toBeLessThan(20);
  await session.close();
  await endNode(target);
});

test('a process in native code: its inspector is told to be open, and is closed as soon as that is over', async () => {
  const target = await startNode(IDLE, process.execPath, ANY_PORT);
  const session = await attachInspector(target.pid);
  evaluate(session, "require('node:child_process').execSync('sleep 7')").catch(() => {});
  expect(await session.close()).toBe(false);
  await until(() => listeningPorts(target.pid).length === 0);
  expect(target.child.exitCode).toBeNull();
  await endNode(target);
});

test.each([
  [['-r', 'fs', '--inspect-port=4711'], 4711],
  [['--inspect-port', '4711'], 4711],
  [['--conditions', 'dev', '--inspect-port=127.0.0.1:0', '--no-warnings'], 0],
  [[], 9229],
])('where the inspector of node %j will listen', async (words, port) => {
  const target = await startNode(IDLE, process.execPath, words);
  expect(inspectNodeProcess(target.pid).inspectorPort).toBe(port);
  await endNode(target);
});
