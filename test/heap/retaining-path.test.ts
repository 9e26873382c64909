import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyseHeap } from '../../src/heap/dominators.ts';
import { objectWords } from '../../src/heap/object-words.ts';
import { type PathLine, pathLines } from '../../src/heap/path-words.ts';
import { holdersOf, retainingPath } from '../../src/heap/retaining-path.ts';
import { type EdgeWords, graphOf, readGraph, snapshotObject } from './snapshot-text.ts';

const nodes = (count: number) => [
  { type: 'synthetic', name: '' },
  ...Array.from({ length: count - 1 }, () => ({ type: 'object', name: 'Thing' })),
];

describe('the way on which an object is held', () => {
  test('is a path of strong references from a root, as short as the distance says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 25 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('property', 'context', 'internal', 'weak')), {
          maxLength: 80,
        }),
        async (count, pairs) => {
          const edges = pairs.map(
            ([from, to, type], i): EdgeWords => [from % count, 1 + (to % (count - 1)), `e${i}`, type],
          );
          const graph = await graphOf({ nodes: nodes(count), edges: [[0, 1, 1], ...edges] });
          const analysis = analyseHeap(graph);
          for (let node = 0; node < count; node++) {
            const path = retainingPath(graph, analysis, node);
            expect(path.at(-1)).toEqual({ node, edge: -1 });
            for (let i = 0; i + 1 < path.length; i++) {
              const { node: from, edge } = path[i]!;
              expect(edge).toBeGreaterThanOrEqual(graph.firstEdge[from]!);
              expect(edge).toBeLessThan(graph.firstEdge[from + 1]!);
              expect(graph.edgeTo[edge]).toBe(path[i + 1]!.node);
              expect(graph.edgeTypes[graph.edgeType[edge]!]).not.toBe('weak');
              expect(analysis.distance[path[i + 1]!.node]).toBe(analysis.distance[from]! + 1);
            }
            const reached = analysis.distance[node]! >= 0;
            if (reached) expect([0, 1]).toContain(analysis.distance[path[0]!.node]! % 100_000_000);
            expect(holdersOf(graph, analysis, node).length > 0 || path.length === 1).toBe(true);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('looks through tables and scopes, and is told in short where it repeats', async () => {
    const chain = Array.from({ length: 1000 }, (_, i) => 6 + i);
    const graph = await graphOf({
      nodes: [
        { type: 'synthetic', name: '' },
        { name: 'global' },
        { type: 'closure', name: 'serve' },
        { name: 'system / Context' },
        { name: 'Map' },
        { type: 'array', name: '' },
        ...chain.map(() => ({ name: 'Visit' })),
      ],
      edges: [
        [0, 1, 1],
        [1, 2, 'on serve'],
        [2, 3, 'context', 'internal'],
        [3, 4, 'visits', 'context'],
        [4, 5, 'table', 'internal'],
        [5, 6, 3, 'hidden'],
        ...chain.slice(1).map((node): EdgeWords => [node - 1, node, 'before']),
      ],
    });
    const analysis = analyseHeap(graph);
    const lines = pathLines(graph, objectWords(graph), retainingPath(graph, analysis, chain.at(-1)!));
    expect(lines.map(({ reference, name, skipped }) => [reference, name, skipped])).toEqual([
      ['', 'global', 0],
      ['["on serve"]', 'serve()', 0],
      ['visits (variable)', 'Map', 0],
      ['(entry)', 'Visit', 0],
      ['.before', 'Visit', 997],
      ['.before', 'Visit', 0],
    ]);
    expect(lines[2]).toMatchObject({ scope: graph.nodeId[3] });
  });

  /** Lines of the way to the end of a chain whose things are called by these names, again and again. */
  async function chainOf(length: number, name: (i: number) => string) {
    const things = Array.from({ length }, (_, i) => ({ name: name(i) }));
    const text = snapshotObject({
      nodes: [{ type: 'synthetic', name: '' }, ...things],
      edges: [],
      head: { edge_count: length },
    });
    const nodes = (text.nodes as number[]).map((value, at) => (at % 7 === 4 && at < 7 * length ? 1 : value));
    const edges = things.flatMap((_, i) => [1, 0, (i + 1) * 7]);
    const graph = await readGraph(JSON.stringify({ ...text, nodes, edges }));
    return pathLines(graph, objectWords(graph), retainingPath(graph, analyseHeap(graph), length));
  }
  const told = (lines: readonly PathLine[]) => lines.map(({ name, skipped }) => [name, skipped]);
  const all = (lines: readonly PathLine[]) => lines.reduce((sum, { skipped }) => sum + 1 + skipped, 0);

  test('which repeats itself in several steps is told in short, too', async () => {
    const lines = await chainOf(3001, (i) => ['Odd', 'Even', 'Third'][i % 3]!);
    expect(told(lines)).toEqual([
      ['Odd', 0],
      ['Even', 0],
      ['Third', 0],
      ['Odd', 2994],
      ['Even', 0],
      ['Third', 0],
      ['Odd', 0],
    ]);
    expect(all(lines)).toBe(3001);
  });

  test('which is long without repeating itself is told from both ends', async () => {
    const lines = await chainOf(3000, (i) => `Thing${i}`);
    expect(lines).toHaveLength(100);
    expect(all(lines)).toBe(3000);
    expect(told([lines[0]!, lines[49]!, lines[50]!, lines[99]!])).toEqual([
      ['Thing0', 0],
      ['Thing49', 2900],
      ['Thing2950', 0],
      ['Thing2999', 0],
    ]);
  });
});
