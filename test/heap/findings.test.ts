import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Notes } from '../../src/formats/format.ts';
import { readHeapSnapshot } from '../../src/formats/heapsnapshot/read-snapshot.ts';
import { openInput } from '../../src/formats/input.ts';
import { classesOf } from '../../src/heap/classes.ts';
import { analyseHeap } from '../../src/heap/dominators.ts';
import { duplicateStrings } from '../../src/heap/duplicate-strings.ts';
import { type HeapFinding, heapFindings } from '../../src/heap/findings.ts';
import type { HeapGraph } from '../../src/heap/graph.ts';
import { largestObjects, typeTotals } from '../../src/heap/largest.ts';
import {
  EDGE_TYPES,
  type EdgeWords,
  graphOf,
  NODE_TYPES,
  type NodeWords,
  readGraph,
  snapshotObject,
} from './snapshot-text.ts';

const fixture = (name: string): string => join(resolve(import.meta.dirname, '../../fixtures/heapsnapshot'), name);

function findingsOf(graph: HeapGraph): Map<HeapFinding['kind'], HeapFinding> {
  return new Map(heapFindings(graph, analyseHeap(graph), classesOf(graph)).map((finding) => [finding.kind, finding]));
}

/** A heap of things that hang on an application, one behind the other in `nodes` from 2 on. */
function application(things: readonly NodeWords[], edges: readonly EdgeWords[] = []): Promise<HeapGraph> {
  const own = things.map((_, i): EdgeWords => [1, 2 + i, `thing${i}`]);
  return graphOf({
    nodes: [{ type: 'synthetic', name: '', size: 0 }, { name: 'App' }, ...things],
    edges: [[0, 1, 1], ...own, ...edges],
  });
}

/** Entries of which each refers to a function of one place, and the function to the next entry. */
function listOfFunctions(many: number): string {
  const object = snapshotObject({
    nodes: [
      { type: 'synthetic', name: '', size: 0 },
      { type: 'code', name: 'later', size: 8 },
    ],
    edges: [[0, 1, 1]],
    head: { node_count: 2 + 2 * many, edge_count: 2 + 3 * many - 1 },
  });
  const strings = [...(object.strings as string[]), 'Entry', 'run', 'next', 'shared'];
  const [entry, run, next, shared] = ['Entry', 'run', 'next', 'shared'].map((word) => strings.indexOf(word));
  const nodes = object.nodes as number[];
  const edges = [1, 2, 7, 1, 1, 14];
  nodes[4] = 2;
  const [ofObject, ofClosure] = ['object', 'closure'].map((type) => NODE_TYPES.indexOf(type));
  const [property, internal] = ['property', 'internal'].map((type) => EDGE_TYPES.indexOf(type));
  for (let i = 0; i < many; i++) {
    const isLast = i === many - 1;
    nodes.push(ofObject!, entry!, 101 + 4 * i, 16, 1, 0, 0, ofClosure!, run!, 103 + 4 * i, 32, isLast ? 1 : 2, 0, 0);
    edges.push(property!, run!, (3 + 2 * i) * 7, internal!, shared!, 7);
    if (!isLast) edges.push(property!, next!, (4 + 2 * i) * 7);
  }
  return JSON.stringify({ ...object, nodes, edges, strings });
}

describe('what stands out', () => {
  test('DOM nodes that scripts keep, of a page of Chromium, by their tag', async () => {
    const graph = await readHeapSnapshot(await openInput(fixture('page.heapsnapshot.zst')), new Notes());
    const detached = findingsOf(graph).get('detached-dom')!;
    const { classOf, names } = classesOf(graph);
    const told = detached.examples.map(({ node, count }) => `${count} ${names[classOf[node]!]}`);
    expect(told).toEqual(expect.arrayContaining(['20 Detached <p>', '20 Detached <div>']));
    expect(detached.share).toBeGreaterThan(0.05);
  });

  test("node's own objects of such a name are none", async () => {
    const graph = await readHeapSnapshot(await openInput(fixture('node24.heapsnapshot.zst')), new Notes());
    expect(findingsOf(graph).has('detached-dom')).toBe(false);
  });

  test('what hangs on another of them is counted once', async () => {
    const outer = { type: 'native', name: 'Detached <div id="a">', size: 100 };
    const graph = await graphOf({
      nodes: [{ type: 'synthetic', name: '', size: 0 }, { name: 'App' }, outer, { ...outer, size: 50 }],
      edges: [
        [0, 1, 1],
        [1, 2, 'kept'],
        [2, 3, 'child', 'internal'],
      ],
    });
    expect(findingsOf(graph).get('detached-dom')).toMatchObject({ count: 2, bytes: 150 });
  });

  test('functions that hang on each other hold no more than there is, and a list of them is gone through once', async () => {
    const graph = await readGraph(listOfFunctions(100_000));
    const closures = findingsOf(graph).get('closures')!;
    expect(closures).toMatchObject({ count: 100_000, bytes: 100_000 * (16 + 32) - 16, examples: [{ count: 100_000 }] });
    expect(closures.examples[0]!.bytes).toBe(closures.bytes);
  });

  test('entries of collections are counted, not what a table refers to', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pforge-collections-'));
    const file = join(folder, 'x.heapsnapshot');
    const program = `
const long = (word, i) => (word + i).padEnd(200, '.');
globalThis.kept = [new Map(), new Map(), new Set(), new WeakMap(), [], []];
for (let i = 0; i < 1500; i++) {
  kept[0].set(long('key', i), { text: long('a', i) });
  if (i < 1400) kept[1].set(i, { text: long('b', i) });
  if (i < 1300) kept[2].add(long('c', i));
  const key = { i }; kept[5].push(key);
  if (i < 1200) kept[3].set(key, { text: long('d', i) });
  if (i < 1100) kept[4].push({ text: long('e', i) });
}
require('v8').writeHeapSnapshot(process.argv[1]);`;
    try {
      execFileSync(process.execPath, ['-e', program, file]);
      const graph = await readHeapSnapshot(await openInput(file), new Notes());
      const counts = findingsOf(graph)
        .get('collections')!
        .examples.map(({ node, count }) => [graph.strings.text(graph.nodeName[node]!), count]);
      expect(counts).toEqual(
        expect.arrayContaining([
          ['Map', 1500],
          ['Map', 1400],
          ['Set', 1300],
          ['Array', 1100],
        ]),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('more listeners than ten for one event, not ten', async () => {
    const functions = Array.from({ length: 21 }, (): NodeWords => ({ type: 'closure', name: 'listen' }));
    const things: NodeWords[] = [{ name: 'EventEmitter' }, { name: 'Object' }, { name: 'Array' }, { name: 'Array' }];
    const lists = functions.map((_, i): EdgeWords => [i < 11 ? 4 : 5, 6 + i, i]);
    const graph = await application(
      [...things, ...functions],
      [[2, 3, '_events'], [3, 4, 'data'], [3, 5, 'end'], ...lists],
    );
    const found = findingsOf(graph).get('listeners')!;
    expect(found).toMatchObject({ count: 11 });
    expect(found.examples).toMatchObject([{ node: 2, count: 11, detail: 'data' }]);
  });

  test('duplicate strings: those of one text and one size', async () => {
    const text = (name: string, size: number): NodeWords => ({ type: 'string', name, size });
    const graph = await application([
      ...[text('again', 40), text('again', 40), text('again', 40), text('once', 40)],
      // V8 tells the first 1,024 characters: these two only begin alike
      ...[text('x'.repeat(1024), 2000), text('x'.repeat(1024), 3000)],
    ]);
    const { texts, distinct, wasted } = duplicateStrings(graph, analyseHeap(graph), 10);
    expect({ distinct, wasted }).toEqual({ distinct: 1, wasted: 80 });
    expect(texts).toMatchObject([{ text: 'again', count: 3, size: 40, wasted: 80 }]);
    expect(findingsOf(graph).get('duplicate-strings')).toMatchObject({ count: 1, bytes: 80 });
  });

  test('a scope that holds much through one variable', async () => {
    const graph = await application(
      [
        { type: 'object', name: 'system / Context', size: 48 },
        { name: 'Buffer', size: 5000 },
        { name: 'Object', size: 24 },
      ],
      [[2, 3, 'page', 'context']],
    );
    // The application refers to all of them: nothing hangs on the scope alone
    expect(findingsOf(graph).has('scopes')).toBe(false);
    const alone = await graphOf({
      nodes: [
        { type: 'synthetic', name: '', size: 0 },
        { type: 'closure', name: 'serve' },
        { name: 'system / Context', size: 48 },
        { name: 'Page', size: 5000 },
      ],
      edges: [
        [0, 1, 1],
        [1, 2, 'context', 'internal'],
        [2, 3, 'page', 'context'],
      ],
    });
    expect(findingsOf(alone).get('scopes')!.examples).toMatchObject([{ node: 2, detail: 'page' }]);
  });
});

describe('what holds much', () => {
  test('without what only leads to another, and V8s own arrangements; by the name that leads there', async () => {
    const graph = await graphOf({
      nodes: [
        { type: 'synthetic', name: '', size: 0 },
        { name: 'App', size: 10 },
        { name: 'Cache', size: 10 },
        { name: 'Map', size: 50 },
        { type: 'array', name: '', size: 400 },
        { name: 'Page', size: 5000 },
        { name: 'Page', size: 4000 },
        { name: 'Small', size: 5 },
      ],
      edges: [
        [0, 1, 1],
        [1, 2, 'cache'],
        [2, 3, 'pages'],
        [3, 4, 'table', 'internal'],
        [4, 5, 1, 'hidden'],
        [4, 6, 2, 'hidden'],
        [1, 7, 'small'],
      ],
    });
    const large = largestObjects(graph, analyseHeap(graph), 3);
    expect(large.map(({ node, heldAs }) => [node, heldAs])).toEqual([
      [3, 'pages'],
      [5, ''],
      [6, ''],
    ]);
    expect(typeTotals(graph)).toMatchObject([
      { type: 'object' },
      { type: 'array', count: 1, shallow: 400 },
      { type: 'synthetic' },
    ]);
  });

  test('of a list the first entry, though each entry leads to the next', async () => {
    const entries = Array.from(
      { length: 100 },
      (_, i): NodeWords => ({
        ...(i % 3 === 2
          ? { type: 'hidden', name: 'system / PromiseReaction' }
          : { name: i % 3 === 0 ? 'Job' : 'Link' }),
        size: 100,
      }),
    );
    const graph = await graphOf({
      nodes: [{ type: 'synthetic', name: '', size: 0 }, { name: 'App' }, { name: 'Queue' }, ...entries],
      edges: [
        [0, 1, 1],
        [1, 2, 'queue'],
        [2, 3, 'head'],
        ...entries.slice(1).map((_, i): EdgeWords => [3 + i, 4 + i, 'next']),
      ],
    });
    const [first, ...rest] = largestObjects(graph, analyseHeap(graph), 10);
    expect(first).toMatchObject({ node: 3, heldAs: 'head', retained: 10_000 });
    expect(rest.filter(({ retained }) => retained > 2000)).toEqual([]);
  });
});
