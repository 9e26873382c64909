import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { attachInspector } from '../../src/inspector/attach.ts';
import { takeHeapSnapshot } from '../../src/inspector/heap-snapshot.ts';
import { profileCpu, sampleHeap } from '../../src/inspector/sampling.ts';
import { evaluate, type InspectorSession } from '../../src/inspector/session.ts';
import { followWorkers, type WorkerTarget } from '../../src/inspector/workers.ts';
import { listeningPorts } from '../../src/processes/sockets.ts';
import { nodes } from '../other-nodes.ts';
import { BUSY_SERVER, endNode, startNode } from './node-target.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-attach-'));
afterAll(() => rmSync(folder, { recursive: true }));
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
const IDLE = "setInterval(() => {}, 1000); console.log('ready');";
/** Any number of tests on this machine can run at once with it. */
const ANY_PORT = ['--inspect-port=0'];

/** Only one process of a machine can have the inspector's own port: another test may have it just now. */
async function attachWithoutFlags(pid: number): Promise<InspectorSession> {
  for (let left = 100; ; left--) {
    try {
      return await attachInspector(pid);
    } catch (error) {
      if (left === 0 || !/is taken/.test((error as Error).message)) throw error;
      await pause(100);
    }
  }
}

async function refusal(pid: number): Promise<UserError> {
  const error: unknown = await attachInspector(pid).then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

describe.each(nodes())('node %s', (version, node) => {
  test('started without any flag: allocations, CPU, a snapshot; the inspector is closed afterwards', async () => {
    const target = await startNode(BUSY_SERVER, node);
    const session = await attachWithoutFlags(target.pid);
    expect(session).toMatchObject({ version, port: 9229 });
    expect(listeningPorts(target.pid)).toEqual([9229]);

    const heap = await sampleHeap(session, { interval: 16 * 1024, live: false, noInlining: true });
    await pause(300);
    const allocations = JSON.stringify([await heap.part!(), await heap.stop()]);
    expect(allocations).toContain('parseJson');

    const cpu = await profileCpu(session, { frequency: 1000 });
    await pause(300);
    expect(JSON.stringify(await cpu.stop())).toContain('"busy"');

    const file = join(folder, `${version}.heapsnapshot`);
    const seen: number[] = [];
    const bytes = await takeHeapSnapshot(session, file, (progress) => seen.push(progress.done));
    expect(statSync(file).size).toBe(bytes);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8')).snapshot.node_count).toBeGreaterThan(10_000);
    expect(seen.at(-1)).toBeGreaterThan(10_000);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);

    expect(await session.close()).toBe(true);
    expect(listeningPorts(target.pid)).toEqual([]);
    // It runs on, and can be attached to again
    const again = await attachWithoutFlags(target.pid);
    expect(await evaluate(again, 'process.pid')).toBe(target.pid);
    expect(await again.close()).toBe(true);
    await endNode(target);
  });

  test('an endless loop', async () => {
    const target = await startNode("console.log('ready'); setTimeout(() => { for (;;); }, 1);", node, ANY_PORT);
    await pause(50);
    const session = await attachInspector(target.pid);
    expect(await evaluate(session, '1 + 1')).toBe(2);
    expect(await session.close()).toBe(true);
    expect(listeningPorts(target.pid)).toEqual([]);
    await endNode(target);
  });

  test('an ES module with worker threads', async () => {
    const source = `import { Worker } from 'node:worker_threads';
new Worker('setInterval(() => {}, 1000)', { eval: true, name: 'helper' }).on('online', () => console.log('ready'));`;
    const target = await startNode(source, node, [...ANY_PORT, '--input-type=module']);
    const session = await attachInspector(target.pid);
    const workers: WorkerTarget[] = [];
    await followWorkers(session, (worker) => workers.push(worker));
    expect(workers).toHaveLength(1);
    expect(await evaluate(workers[0]!, 'require("worker_threads").isMainThread')).toBe(false);
    const file = join(folder, `${version}-worker.heapsnapshot`);
    expect(await takeHeapSnapshot(workers[0]!, file)).toBe(statSync(file).size);
    expect(await session.close()).toBe(true);
    await endNode(target);
  });

  test('who has a debugger is left alone', async () => {
    const target = await startNode(IDLE, node, ANY_PORT);
    const first = await attachInspector(target.pid);
    const { message, hint, exitCode } = await refusal(target.pid);
    expect(message).toMatch(/^somebody is connected to the inspector of process \d+ already \(process \d+, /);
    expect(hint).toMatch(/close the debugger/);
    expect(exitCode).toBe(125);
    // Nor is it disturbed by that
    expect(await evaluate(first, '6 * 7')).toBe(42);
    await first.close();
    expect(listeningPorts(target.pid)).toEqual([]);
    await endNode(target);
  });

  test('an inspector that was open before stays open', async () => {
    const target = await startNode(IDLE, node, ['--inspect=127.0.0.1:0']);
    const before = listeningPorts(target.pid);
    expect(before).toHaveLength(1);
    const session = await attachInspector(target.pid);
    expect(session.port).toBe(before[0]);
    expect(await session.close()).toBe(true);
    expect(listeningPorts(target.pid)).toEqual(before);
    await endNode(target);
  });
});

describe('what is refused, before anything is touched', () => {
  test('a port that another process has', async () => {
    const other = await startNode(
      "require('node:net').createServer().listen(0, '127.0.0.1', function () { console.log('ready', this.address().port); });",
    );
    const port = Number(/ready (\d+)/.exec(other.printed())![1]);
    const target = await startNode(IDLE, process.execPath, [`--inspect-port=${port}`]);
    const { message, hint, exitCode } = await refusal(target.pid);
    expect(message).toBe(
      `process ${target.pid} would open its inspector on port ${port}, which is taken (process ${other.pid}, node)`,
    );
    expect(hint).toMatch(/--inspect-port=0/);
    expect(exitCode).toBe(125);
    expect(target.printed()).toBe('ready\n');
    await endNode(target);
    await endNode(other);
  });

  test('a process that is no node: it lives on', async () => {
    const child = spawn('sleep', ['60']);
    const { message, exitCode } = await refusal(child.pid!);
    expect(message).toBe(`process ${child.pid} is sleep, not node`);
    expect(exitCode).toBe(125);
    expect(child.signalCode).toBeNull();
    child.kill('SIGKILL');
  });

  test.each(nodes().slice(1))(
    'node %s that does not listen to SIGUSR1, and would die of it',
    async (_version, node) => {
      const target = await startNode(IDLE, node, ['--disable-sigusr1']);
      const { message, hint } = await refusal(target.pid);
      expect(message).toMatch(/opens no inspector on SIGUSR1, and the signal would end it/);
      expect(hint).toMatch(/--inspect=0/);
      await pause(50);
      expect(target.child.signalCode).toBeNull();
      await endNode(target);
    },
  );

  test('a process that is stopped, ended, never was, or is we ourselves', async () => {
    const target = await startNode(IDLE, process.execPath, ANY_PORT);
    process.kill(target.pid, 'SIGSTOP');
    await pause(50);
    expect((await refusal(target.pid)).message).toBe(`process ${target.pid} is stopped, and cannot answer`);
    await endNode(target);
    expect(await refusal(target.pid)).toMatchObject({ message: `there is no process ${target.pid}`, exitCode: 2 });
    expect((await refusal(2 ** 22 + 1)).message).toMatch(/^there is no process/);
    expect((await refusal(process.pid)).message).toMatch(/is pforge-prof itself/);
  });
});

test('a process that ends waits until what was sampled is read', async () => {
  const target = await startNode(
    `${BUSY_SERVER} process.stdin.once('data', () => process.exit(3));`,
    process.execPath,
    ANY_PORT,
  );
  const session = await attachInspector(target.pid);
  const heap = await sampleHeap(session, { interval: 16 * 1024, live: false, noInlining: false });
  await pause(300);
  const ended = new Promise((done) => target.child.once('exit', done));
  target.child.stdin!.write('end');
  await session.leaving;
  expect(JSON.stringify(await heap.stop())).toContain('parseJson');
  await session.close();
  await ended;
  expect(target.child.exitCode).toBe(3);
});

test('a process that is killed: whoever waits is told', async () => {
  const target = await startNode(IDLE, process.execPath, ANY_PORT);
  const session = await attachInspector(target.pid);
  const waiting = session.send('Runtime.evaluate', { expression: 'new Promise(() => {})', awaitPromise: true });
  target.child.kill('SIGKILL');
  await expect(waiting).rejects.toThrow(`process ${target.pid} has ended, or closed its inspector`);
  await session.ended;
  expect(await session.close()).toBe(true);
});
