import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyseHeap } from '../../src/heap/dominators.ts';
import type { HeapGraph } from '../../src/heap/graph.ts';
import { HeapStrings } from '../../src/heap/strings.ts';
import { EDGE_TYPES, type EdgeWords, graphOf, NODE_TYPES } from './snapshot-text.ts';

/** A graph of objects of so many bytes each: node 0 is the root. */
function objects(nodeCount: number, edges: readonly (readonly [number, number])[], size = 1): HeapGraph {
  const sorted = [...edges].sort(([a], [b]) => a - b);
  const firstEdge = new Uint32Array(nodeCount + 1);
  for (const [from] of sorted) firstEdge[from + 1]!++;
  for (let node = 0; node < nodeCount; node++) firstEdge[node + 1]! += firstEdge[node]!;
  const edgeTo = Uint32Array.from(sorted, ([, to]) => to);
  return columns(firstEdge, edgeTo, size);
}

function columns(firstEdge: Uint32Array, edgeTo: Uint32Array, size = 1): HeapGraph {
  const nodeCount = firstEdge.length - 1;
  const edgeCount = edgeTo.length;
  const empty = new Uint32Array(0);
  return {
    nodeCount,
    edgeCount,
    root: 0,
    nodeTypes: NODE_TYPES,
    edgeTypes: EDGE_TYPES,
    nodeType: new Uint8Array(nodeCount).fill(NODE_TYPES.indexOf('object')),
    nodeName: new Uint32Array(nodeCount),
    nodeId: new Uint32Array(nodeCount),
    selfSize: new Uint32Array(nodeCount).fill(size),
    detachedness: new Uint8Array(nodeCount),
    traceNode: undefined,
    firstEdge,
    edgeType: new Uint8Array(edgeCount).fill(EDGE_TYPES.indexOf('property')),
    edgeName: new Uint32Array(edgeCount),
    edgeTo,
    strings: new HeapStrings(Buffer.from('name'), new Uint32Array([0, 4])),
    locations: { node: empty, scriptId: empty, line: empty, column: empty },
    traces: undefined,
    samples: undefined,
    extraNativeBytes: 0,
  };
}

/** Dominators by their definition: a node dominates what is no longer reached without it. O(nodes * edges). */
function slowDominators(nodeCount: number, edges: readonly (readonly [number, number])[]): number[] {
  const next: number[][] = Array.from({ length: nodeCount }, () => []);
  const isReferred = new Set<number>();
  for (const [from, to] of edges) {
    if (from === to) continue;
    next[from]!.push(to);
    isReferred.add(to);
  }
  // What nothing refers to hangs on the root
  for (let node = 1; node < nodeCount; node++) if (!isReferred.has(node)) next[0]!.push(node);
  const reachedWithout = (removed: number): Set<number> => {
    const reached = new Set(removed === 0 ? [] : [0]);
    for (const node of reached) for (const to of next[node]!) if (to !== removed) reached.add(to);
    return reached;
  };
  const all = reachedWithout(-1);
  const dominators: number[][] = Array.from({ length: nodeCount }, () => []);
  for (let node = 0; node < nodeCount; node++) {
    if (!all.has(node)) continue;
    const reached = reachedWithout(node);
    for (const other of all) if (other !== node && !reached.has(other)) dominators[other]!.push(node);
  }
  // The nearest one is dominated by all others
  return dominators.map((list) =>
    list.reduce((nearest, node) => (dominators[node]!.includes(nearest) ? node : nearest), 0),
  );
}

test('dominators and retained sizes are those of the definition, in any graph', () => {
  const graphs = fc.integer({ min: 1, max: 14 }).chain((count) => {
    const node = fc.integer({ min: 0, max: count - 1 });
    return fc.tuple(fc.constant(count), fc.array(fc.tuple(node, node), { maxLength: 40 }));
  });
  fc.assert(
    fc.property(graphs, ([count, edges]) => {
      const { dominator, retainedSize } = analyseHeap(objects(count, edges, 3));
      const expected = slowDominators(count, edges);
      expect([...dominator]).toEqual(expected);
      const held = new Array(count).fill(0);
      for (let node = 0; node < count; node++) {
        for (let at = node; ; at = expected[at]!) {
          held[at] += 3;
          if (at === 0) break;
        }
      }
      expect([...retainedSize]).toEqual(held);
    }),
    { numRuns: 2000 },
  );
});

test('a ring that nothing refers to hangs on the root, each for itself, and keeps nobody from anything', async () => {
  // 1 -> 2; 3 and 4 refer to each other, and to 2
  const { dominator, retainedSize } = analyseHeap(
    objects(5, [
      [0, 1],
      [1, 2],
      [3, 4],
      [4, 3],
      [4, 2],
    ]),
  );
  expect([...dominator]).toEqual([0, 0, 1, 0, 0]);
  expect([...retainedSize]).toEqual([5, 2, 1, 1, 1]);
});

test('a list of a million objects is no deeper than any other', () => {
  const count = 1_000_001;
  const last = count - 1;
  const ordinals = Uint32Array.from({ length: count + 1 }, (_, i) => i);
  const oneEach = ordinals.slice().fill(last, count);
  const chain = analyseHeap(columns(oneEach, ordinals.subarray(1, count)));
  expect([chain.retainedSize[0], chain.retainedSize[1000]]).toEqual([count, count - 1000]);
  expect([chain.dominator[last], chain.distance[last]]).toEqual([last - 1, last]);
  // Both ways: each object but the first and the last refers to both of its neighbours
  const twoEach = ordinals.map((i) => Math.min(2 * last, Math.max(0, 2 * i - 1)));
  const neighbours = Uint32Array.from({ length: 2 * last }, (_, edge) => {
    const from = (edge + 1) >>> 1;
    return (edge & 1) === 1 ? from - 1 : from + 1;
  });
  const { dominator } = analyseHeap(columns(twoEach, neighbours));
  expect(dominator.every((node, i) => node === chain.dominator[i])).toBe(true);
});

test('retainers and dominated nodes are all there, in order', () => {
  const { retainers, dominated } = analyseHeap(
    objects(4, [
      [0, 1],
      [0, 2],
      [1, 3],
      [2, 3],
    ]),
  );
  const of = (first: Uint32Array, rows: Uint32Array, node: number) => [...rows.subarray(first[node], first[node + 1])];
  expect(of(retainers.first, retainers.from, 3)).toEqual([1, 2]);
  expect(of(retainers.first, retainers.edge, 3)).toEqual([2, 3]);
  expect(of(dominated.first, dominated.node, 0)).toEqual([1, 2, 3]);
  expect(of(dominated.first, dominated.node, 1)).toEqual([]);
});

const ROOT = { type: 'synthetic', name: '' };

test('weak edges, and shortcuts below the root, keep nothing alive', async () => {
  const edges: EdgeWords[] = [
    [0, 1, 'a', 'shortcut'],
    [1, 2, 'weakly', 'weak'],
    [1, 3, 'short', 'shortcut'],
    [1, 4],
    [4, 3],
  ];
  const { dominator } = analyseHeap(await graphOf({ nodes: [ROOT, {}, {}, {}, {}], edges }));
  expect([...dominator]).toEqual([0, 0, 0, 4, 1]);
});

test("a WeakMap's value hangs on its key, not on the table", async () => {
  const pair = ' / part of key (Key @5) -> value (Value @7) pair in WeakMap (table @9)';
  const nodes = [ROOT, { name: 'holder' }, { name: 'Key' }, { name: 'Value' }, { name: 'WeakMap table' }];
  const edges: EdgeWords[] = [
    [0, 1, 'a', 'shortcut'],
    [1, 2, 'key'],
    [1, 4, 'table'],
    [4, 3, `1${pair}`, 'internal'],
    [2, 3, `2${pair}`, 'internal'],
  ];
  const { dominator, distance } = analyseHeap(await graphOf({ nodes, edges }));
  expect(dominator[3]).toBe(2);
  expect([...distance]).toEqual([100_000_000, 1, 2, 3, 2]);
});

test('what the page owns is not held by what it does not own', async () => {
  const nodes = [ROOT, { name: 'Window' }, { name: 'debugger' }, {}];
  const edges: EdgeWords[] = [
    [0, 1, 'Window', 'shortcut'],
    [0, 2, 1],
    [1, 3],
    [2, 3],
  ];
  expect([...analyseHeap(await graphOf({ nodes, edges })).dominator]).toEqual([0, 0, 0, 1]);
});

test('tables and elements that one object alone has count for it', async () => {
  const nodes = [
    ROOT,
    { name: 'Map', size: 32 },
    { type: 'array', name: 'table', size: 1000 },
    { type: 'array', name: 'shared', size: 500 },
    { name: 'Other', size: 8 },
    { type: 'native', name: 'system / ExternalStringData', size: 70 },
  ];
  const edges: EdgeWords[] = [
    [0, 1, 'a', 'shortcut'],
    [0, 4, 'b', 'shortcut'],
    [1, 2, 'table', 'internal'],
    [1, 3, 'shared', 'internal'],
    [4, 3, 'shared', 'internal'],
    [4, 5, 'data', 'internal'],
  ];
  expect([...analyseHeap(await graphOf({ nodes, edges })).shallowSize]).toEqual([16, 1032, 0, 500, 78, 0]);
});

test('sizes beyond 32 bits are summed exactly', async () => {
  const nodes = [ROOT, { name: 'Map', size: 0xfffffff0 }, { type: 'array', size: 32 }, { size: 2 ** 40 }];
  const edges: EdgeWords[] = [
    [0, 1, 'a', 'shortcut'],
    [1, 2],
    [1, 3],
  ];
  const graph = await graphOf({ nodes, edges });
  const { shallowSize, retainedSize } = analyseHeap(graph);
  expect([...shallowSize]).toEqual([16, 0xfffffff0 + 32, 0, 2 ** 40]);
  expect(retainedSize[0]).toBe(16 + 0xfffffff0 + 32 + 2 ** 40);
});

test('what hangs on a detached element is detached too, and called so', async () => {
  const nodes = [
    ROOT,
    { type: 'native', name: '<div id="x">', detachedness: 2 },
    { type: 'native', name: '<b>' },
    { type: 'native', name: '<i>' },
    { type: 'native', name: '<body>', detachedness: 1 },
    { name: 'State' },
  ];
  const edges: EdgeWords[] = [
    [1, 2],
    [1, 3],
    [4, 3],
    [1, 5],
  ];
  const { strings, nodeName, detachedness } = await graphOf({ nodes, edges });
  expect([...nodeName].map((name) => strings.text(name)).slice(1)).toEqual([
    'Detached <div id="x">',
    'Detached <b>',
    '<i>',
    '<body>',
    'State',
  ]);
  expect([...detachedness]).toEqual([0, 2, 2, 1, 1, 0]);
});
