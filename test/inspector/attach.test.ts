import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { attachInspector } from '../../src/inspector/attach.ts';
import { takeHeapSnapshot } from '../../src/inspector/heap-snapshot.ts';
import { profileCpu, sampleHeap } from '../../src/inspector/sampling.ts';
import { listeningPorts } from '../../src/processes/sockets.ts';
import { nodes } from '../other-nodes.ts';
import { BUSY_SERVER, endNode, startNode } from './node-target.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-attach-'));
afterAll(() => rmSync(folder, { recursive: true }));
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

describe.each(nodes())('node %s, started without any flag', (version, node) => {
  test('allocations, CPU and a snapshot; the inspector is closed afterwards', async () => {
    const target = await startNode(BUSY_SERVER, node);
    const session = await attachInspector(target.pid);
    expect(session.version).toBe(version);
    expect(listeningPorts(target.pid)).toContain(session.port);

    const heap = await sampleHeap(session, { interval: 16 * 1024, live: false, noInlining: false });
    await pause(500);
    const allocations = await heap.stop();
    expect(allocations).toContain('parseJson');

    const cpu = await profileCpu(session, { frequency: 1000 });
    await pause(500);
    expect(await cpu.stop()).toContain('"busy"');

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
    expect(target.child.exitCode).toBeNull();
    await endNode(target);
  });
});
