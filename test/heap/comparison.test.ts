import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { Notes } from '../../src/formats/format.ts';
import { readHeapSnapshot } from '../../src/formats/heapsnapshot/read-snapshot.ts';
import { openInput } from '../../src/formats/input.ts';
import { classesOf, type HeapClasses } from '../../src/heap/classes.ts';
import { compareClasses } from '../../src/heap/comparison.ts';
import { analyseHeap } from '../../src/heap/dominators.ts';
import { type KeptColumns, keptColumns } from '../../src/heap/kept-columns.ts';
import { optionalTool } from '../require-tool.ts';
import { graphOf, type SnapshotWords } from './snapshot-text.ts';

const folder = resolve(import.meta.dirname, '../../../shared/peer-data/heapsnapshot/diff');
const peers = optionalTool('peer-data/heapsnapshot/diff', existsSync(folder));

async function columnsOf(path: string, interfaces?: HeapClasses['interfaces']) {
  const graph = await readHeapSnapshot(await openInput(path), new Notes());
  const classes = classesOf(graph, interfaces);
  return { columns: keptColumns(path, graph, analyseHeap(graph), classes), interfaces: classes.interfaces };
}

test.skipIf(!peers)("two snapshots compare as in DevTools: every class, every number, in DevTools' order", async () => {
  const after = await columnsOf(join(folder, 'after.heapsnapshot.gz'));
  const base = await columnsOf(join(folder, 'base.heapsnapshot.gz'), after.interfaces);
  const changes = compareClasses(base.columns, after.columns).map(({ key: _, ...change }) => change);
  const golden = JSON.parse(readFileSync(join(folder, 'devtools.json'), 'utf8')).diff;
  expect(changes.length).toBe(38);
  expect(changes).toEqual(golden);
  expect(compareClasses(after.columns, after.columns)).toEqual([]);
});

async function kept(words: SnapshotWords): Promise<KeptColumns> {
  const graph = await graphOf(words);
  return keptColumns('x', graph, analyseHeap(graph), classesOf(graph));
}

test('an id whose class is another one is one that went and one that came', async () => {
  const snapshot = (name: string): SnapshotWords => ({
    nodes: [{ type: 'synthetic', name: '' }, { name: 'Kept' }, { name, id: 77, size: 40 }],
    edges: [
      [0, 1, 1],
      [1, 2, 'it'],
    ],
  });
  const changes = compareClasses(await kept(snapshot('Old')), await kept(snapshot('New')));
  expect(changes).toMatchObject([
    { name: 'New', addedCount: 1, removedCount: 0, countDelta: 1, sizeDelta: 40 },
    { name: 'Old', addedCount: 0, removedCount: 1, countDelta: -1, sizeDelta: -40 },
  ]);
});
