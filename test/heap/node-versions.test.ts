import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Notes } from '../../src/formats/format.ts';
import { readHeapSnapshot } from '../../src/formats/heapsnapshot/read-snapshot.ts';
import { openInput } from '../../src/formats/input.ts';
import { classesOf, classTotals } from '../../src/heap/classes.ts';
import { analyseHeap } from '../../src/heap/dominators.ts';
import { edgeLabel } from '../../src/heap/graph.ts';
import { FIXTURES } from '../formats/harness.ts';
import { nodes } from '../other-nodes.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(nodes())('a snapshot of node %s', (version, node) => {
  test('tells what the program has made', async () => {
    const file = join(folder, `${version}.heapsnapshot`);
    execFileSync(node, [join(FIXTURES, 'src/heap-shapes.cjs'), file]);
    const graph = await readHeapSnapshot(await openInput(file), new Notes());
    const analysis = analyseHeap(graph);
    const classes = classesOf(graph);
    const totals = classTotals(graph, analysis, classes);

    // Two classes of one name, told apart by their places
    expect(totals.filter(({ name }) => name === 'Session').map(({ count }) => count)).toEqual([60, 2]);
    // Of the plain objects those properties that are no small numbers; V8 has one more of each as a pattern
    const count = (name: string): number => totals.find((row) => row.name === name)?.count ?? 0;
    expect(count('{c}')).toBeGreaterThanOrEqual(100);

    // All bytes hang on the root, and each node is at least as heavy as it is itself
    const { retainedSize, shallowSize, dominator } = analysis;
    expect(retainedSize[graph.root]).toBe(Array.from(graph.selfSize).reduce((sum, size) => sum + size, 0));
    expect(retainedSize.every((size, at) => size >= shallowSize[at]!)).toBe(true);

    // Values of the WeakMap, `{back}` objects, hang on their keys: the sessions
    const sessions = new Set(totals.filter(({ name }) => name === 'Session').map(({ index }) => index));
    const values = Array.from(classes.classOf.keys()).filter((at) => classes.names[classes.classOf[at]!] === '{back}');
    expect(values.filter((at) => sessions.has(classes.classOf[dominator[at]!]!))).toHaveLength(60);

    // Strings as they are, however they are written
    const texts = Array.from(graph.edgeTo.keys())
      .filter((edge) => edgeLabel(graph, edge) === 'text')
      .map((edge) => graph.strings.text(graph.nodeName[graph.edgeTo[edge]!]!));
    expect(texts).toContain('ünïcödé 日本語 \u0001 "quoted" \\ back');
  });
});
