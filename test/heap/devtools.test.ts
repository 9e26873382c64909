import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
const names = readdirSync(folder).flatMap((name) => (name.endsWith('.zst') ? [name.slice(0, -4)] : []));

describe.each(names)('%s', (name) => {
  const golden = JSON.parse(
    readFileSync(join(folder, name.replace('.heapsnapshot', '.devtools.golden')), 'utf8'),
  ) as Golden;

  test('every node has the dominator, sizes and distance that DevTools gives it, every class its sums', async () => {
    const graph = await readHeapSnapshot(await openInput(join(folder, `${name}.zst`)), new Notes());
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

test.skipIf(!existsSync(PEERS))('the classes of snapshots of node 20 are those that DevTools finds', async () => {
  const golden = JSON.parse(readFileSync(join(PEERS, 'devtools.json'), 'utf8')) as {
    readonly base: { readonly nodeCount: number; readonly totalSize: number; readonly aggregates: DevToolsClass[] };
  };
  const graph = await readHeapSnapshot(await openInput(join(PEERS, 'base.heapsnapshot.gz')), new Notes());
  const analysis = analyseHeap(graph);
  expect(graph.nodeCount).toBe(golden.base.nodeCount);
  expect(analysis.retainedSize[graph.root]).toBe(golden.base.totalSize);
  const rows = classTotals(graph, analysis, classesOf(graph)).map(asDevTools);
  const ours = new Set(rows.map(({ name, count, self, maxRet }) => JSON.stringify([name, count, self, maxRet])));
  const missing = golden.base.aggregates.filter(
    ({ name, count, self, maxRet }) => !ours.has(JSON.stringify([name, count, self, maxRet])),
  );
  expect(missing).toEqual([]);
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
