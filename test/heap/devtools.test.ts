import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Notes } from '../../src/formats/format.ts';
import { readHeapSnapshot } from '../../src/formats/heapsnapshot/read-snapshot.ts';
import { openInput } from '../../src/formats/input.ts';
import { type ClassTotals, classesOf, classTotals } from '../../src/heap/classes.ts';
import { analyseHeap } from '../../src/heap/dominators.ts';
import { FIXTURES } from '../formats/harness.ts';

const PEERS = resolve(import.meta.dirname, '../../../shared/peer-data/heapsnapshot/diff');
if (!existsSync(PEERS)) console.log(`skipped: no snapshots in ${PEERS}`);

/** What DevTools' own code says of a snapshot; scripts/heap-truth.mjs --golden makes it. */
interface Golden {
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly totalSize: number;
  /** Of columns in memory: dominator Uint32, retained Float64, distance Int32, shallow Float64. */
  readonly sha256: Readonly<Record<'dominator' | 'retained' | 'distance' | 'shallow', string>>;
  readonly classes: readonly DevToolsClass[];
}

interface DevToolsClass {
  readonly key: string;
  readonly name: string;
  readonly count: number;
  readonly distance: number;
  readonly self: number;
  readonly maxRet: number;
}

const folder = join(FIXTURES, 'heapsnapshot');
/** Cut down for the repository; whole, of node 20. */
const snapshots: [string, string][] = [
  ['node24', join(folder, 'node24.heapsnapshot.zst')],
  ['page', join(folder, 'page.heapsnapshot.zst')],
  ...['base', 'after'].map((name): [string, string] => [`diff-${name}`, join(PEERS, `${name}.heapsnapshot.gz`)]),
];

describe.each(snapshots.filter(([, path]) => existsSync(path)))('%s', (name, path) => {
  const golden = JSON.parse(readFileSync(join(folder, `${name}.devtools.golden`), 'utf8')) as Golden;

  test('every node has the dominator, sizes and distance that DevTools gives it, every class its sums', async () => {
    const graph = await readHeapSnapshot(await openInput(path), new Notes());
    const analysis = analyseHeap(graph);
    const { dominator, retainedSize, distance, shallowSize } = analysis;
    expect([graph.nodeCount, graph.edgeCount]).toEqual([golden.nodeCount, golden.edgeCount]);
    expect(retainedSize[graph.root]! + graph.extraNativeBytes).toBe(golden.totalSize);
    const columns = { dominator, retained: retainedSize, distance, shallow: new Float64Array(shallowSize) };
    const sums = Object.entries(columns).map(([column, values]) => [column, sha256(values)]);
    expect(Object.fromEntries(sums)).toEqual(golden.sha256);
    expect(byKey(classTotals(graph, analysis, classesOf(graph)).map(asDevTools))).toEqual(byKey(golden.classes));
  });
});

function sha256(values: Uint32Array | Int32Array | Float64Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return createHash('sha256').update(bytes).digest('hex');
}

function asDevTools({ key, name, count, distance, shallow, retained }: ClassTotals): DevToolsClass {
  return { key, name, count, distance, self: shallow, maxRet: retained };
}

function byKey(rows: readonly DevToolsClass[]): DevToolsClass[] {
  return [...rows].sort((a, b) => (a.key < b.key ? -1 : 1));
}
