import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { Notes } from '../../../src/formats/format.ts';
import { readHeapSnapshot } from '../../../src/formats/heapsnapshot/read-snapshot.ts';
import { openInput, readBytes } from '../../../src/formats/input.ts';
import { analyseHeap } from '../../../src/heap/dominators.ts';
import { edgeLabel, type HeapGraph, locationRow } from '../../../src/heap/graph.ts';
import { graphOf, readGraph, type SnapshotWords, snapshotObject, snapshotText } from '../../heap/snapshot-text.ts';
import { FIXTURES, refusal } from '../harness.ts';

const ROOT = { type: 'synthetic', name: '' };
const SMALL: SnapshotWords = {
  nodes: [ROOT, { name: 'global', size: 24, trace: 2 }, { name: 'ünïcödé "q" \\ 日本 \u0001', size: 100_000 }, {}],
  edges: [
    [0, 1, 'global', 'shortcut'],
    [1, 2, 'kept'],
    [1, 3, 4_000_000_000],
    [3, 2, 'weakly', 'weak'],
  ],
  head: { trace_function_count: 2 },
  rest: {
    trace_function_infos: [0, 1, 2, 0, 0, 0, 7, 2, 1, 5, 12, 3],
    trace_tree: [1, 0, 0, 0, [2, 1, 3, 72, [], 3, 1, 1, 8, []]],
    samples: [0, 3, 5_000_000_000, 7],
    locations: [21, 5, 3, 4, 7, 6, 0, 9],
  },
};

/** Everything that a graph holds, to be compared. */
function describe(graph: HeapGraph): object {
  const { strings, locations, traces, samples, ...columns } = graph;
  const texts = Array.from({ length: strings.count }, (_, i) => strings.text(i));
  return { columns, texts, locations, traces, samples };
}

test('all columns, names and places', async () => {
  const graph = await graphOf(SMALL);
  expect([graph.nodeCount, graph.edgeCount, graph.root]).toEqual([4, 4, 0]);
  expect([...graph.selfSize]).toEqual([16, 24, 100_000, 16]);
  expect([...graph.nodeId]).toEqual([1, 3, 5, 7]);
  expect([...graph.firstEdge]).toEqual([0, 1, 3, 3, 4]);
  expect([...graph.edgeTo]).toEqual([1, 2, 3, 2]);
  expect([0, 1, 2, 3].map((edge) => edgeLabel(graph, edge))).toEqual(['global', 'kept', '4000000000', 'weakly']);
  expect(graph.strings.text(graph.nodeName[2]!)).toBe('ünïcödé "q" \\ 日本 \u0001');
  expect(graph.locations).toEqual({
    node: new Uint32Array([1, 3]),
    scriptId: new Uint32Array([6, 5]),
    line: new Uint32Array([0, 3]),
    column: new Uint32Array([9, 4]),
  });
  expect([0, 1, 2, 3].map((node) => locationRow(graph.locations, node))).toEqual([-1, 0, -1, 1]);
  expect([...graph.traceNode!]).toEqual([0, 2, 0, 0]);
  expect([...graph.traces!.parent]).toEqual([-1, 0, 0]);
  expect([...graph.traces!.size]).toEqual([0, 72, 8]);
  expect(graph.traces!.functions.line[1]).toBe(12);
  expect([...graph.samples!.timestamp]).toEqual([0, 5_000_000_000]);
});

test('the same in tiny pieces, in one line, and in a text for people', async () => {
  const text = snapshotText(SMALL);
  const whole = describe(await readGraph(text));
  for (const size of [1, 2, 3, 7, 64]) expect(describe(await readGraph(text, size))).toEqual(whole);
  const object = snapshotObject(SMALL);
  expect(describe(await readGraph(JSON.stringify(object)))).toEqual(whole);
  expect(describe(await readGraph(JSON.stringify(object, undefined, 2)))).toEqual(whole);
  const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-test-'));
  try {
    writeFileSync(join(folder, 'file'), text);
    const input = await openInput(join(folder, 'file'));
    expect(describe(await readHeapSnapshot(input, new Notes()))).toEqual(whole);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('fields are found by their names, whatever else there is', async () => {
  const object = snapshotObject({ nodes: [ROOT, { name: 'a', size: 8 }], edges: [[0, 1]] }) as {
    snapshot: { meta: Record<string, unknown> };
  };
  object.snapshot.meta.node_fields = ['new', 'edge_count', 'self_size', 'id', 'name', 'type'];
  object.snapshot.meta.node_types = ['number', 'number', 'number', 'number', 'string', ['synthetic', 'object']];
  object.snapshot.meta.edge_fields = ['to_node', 'new', 'name_or_index', 'type'];
  object.snapshot.meta.edge_types = ['node', 'number', 'string_or_number', ['property']];
  Object.assign(object, { nodes: [9, 1, 0, 1, 1, 0, 9, 0, 8, 3, 2, 1], edges: [6, 9, 1, 0], scopes: [1, [2], '3'] });
  const graph = await readGraph(JSON.stringify(object));
  expect([...graph.selfSize]).toEqual([0, 8]);
  expect([...graph.edgeTo]).toEqual([1]);
  expect(graph.nodeTypes[graph.nodeType[1]!]).toBe('object');
});

test('ids and sizes beyond 32 bits stay what they are', async () => {
  const nodes = [ROOT, { id: 2 ** 45 + 1, size: 2 ** 40 }, { id: 5, size: 9 }];
  const { nodeId, selfSize } = await graphOf({ nodes, edges: [] });
  expect([...nodeId]).toEqual([1, 2 ** 45 + 1, 5]);
  expect([...selfSize]).toEqual([16, 2 ** 40, 9]);
});

test('call trees as deep as stacks are', async () => {
  const depth = 20_000;
  let tree = '';
  for (let i = 1; i <= depth; i++) tree += `${i === 1 ? '' : ','}${i},0,1,8,[`;
  const text = snapshotText({ ...SMALL, rest: { trace_function_infos: [0, 1, 2, 0, 0, 0], trace_tree: 'TREE' } });
  const { traces } = await readGraph(text.replace('"TREE"', `[${tree.replaceAll('[,', '[')}${']'.repeat(depth)}]`));
  expect(traces!.parent[depth - 1]).toBe(depth - 2);
});

test('cut anywhere, one line says that it was, and where', async () => {
  const bytes = Buffer.from(snapshotText(SMALL));
  const end = bytes.lastIndexOf('}');
  for (let length = 1; length <= end; length++) {
    const why = await refusal(readGraph(bytes.subarray(0, length)));
    expect(why).toMatch(/^x: (?:line \d+, column \d+|byte \d+): the JSON ends too early: the file was cut/);
  }
  const long = snapshotText({ nodes: [ROOT, ...new Array(9000).fill({})], edges: [] });
  const cut = Math.floor(long.length / 2);
  expect(await refusal(readGraph(long.slice(0, cut)))).toContain(`x: byte ${cut + 1}: the JSON ends too early`);
});

test('every contradiction is one line that names its place', async () => {
  const wrong = (words: Partial<SnapshotWords>) => refusal(graphOf({ ...SMALL, ...words }));
  const rest = (members: object) => wrong({ rest: { ...SMALL.rest, ...members } });
  const meta = (members: object) => wrong({ meta: members });
  expect(await wrong({ head: { node_count: 5 } })).toBe('x: $.nodes: it holds 4 nodes, and node_count is 5');
  expect(await wrong({ head: { node_count: 3 } })).toBe('x: $.nodes: it holds more nodes than node_count, 3');
  expect(await wrong({ head: { node_count: 4e9 } })).toBe('x: $.nodes: it holds 4 nodes, and node_count is 4000000000');
  expect(await wrong({ head: { node_count: -1 } })).toBe('x: $.snapshot.node_count: -1 is no count');
  expect(await wrong({ head: { edge_count: 4e9 } })).toContain('$.nodes: its nodes have 4 edges, and edge_count is 4');
  expect(await wrong({ head: { edge_count: 3 } })).toContain('the nodes up to here have 4 edges, and edge_count is 3');
  expect(await wrong({ head: { root_index: 3 } })).toBe('x: $.snapshot.root_index: no node starts at 3');
  expect(await rest({ edges: [5, 1, 7] })).toBe('x: $.edges: it holds 1 edges, and edge_count is 4');
  expect(await rest({ edges: [5, 1, 8, 2, 2, 14, 1, 3, 21, 6, 4, 14] })).toBe('x: $.edges[2]: no node starts at 8');
  expect(await rest({ edges: [5, 1, 700] })).toBe('x: $.edges[2]: no node starts at 700');
  expect(await rest({ edges: [9, 1, 7] })).toBe('x: $.edges[0]: 9 is no type of an edge: there are 7');
  expect(await rest({ edges: [5, 1, 7, 2, 99, 14, 1, 3, 21, 6, 4, 14] })).toMatch(
    /^x: \$\.edges\[4\]: there is no string 99/,
  );
  expect(await rest({ edges: [5, 1] })).toBe('x: $.edges: 2 numbers are no rows of 3');
  expect(await rest({ edges: [5, 'a', 7] })).toBe('x: $.edges[1]: expected a whole number, found a string');
  expect(await rest({ edges: [5, 1.5, 7] })).toBe('x: $.edges[1]: expected a whole number, found the number 1.5');
  expect(await rest({ edges: [5, 2 ** 33, 7] })).toBe("x: $.edges[1]: 8589934592 is too big for 'name_or_index'");
  expect(await rest({ strings: ['a', 7] })).toBe('x: $.strings[1]: expected a string, found the number 7');
  expect(await rest({ strings: ['a'] })).toMatch(/^x: \$\.nodes\[1\]: there is no string 1: there are 1/);
  expect(await rest({ locations: [5, 1, 2, 3] })).toBe('x: $.locations[0]: no node starts at 5');
  expect(await rest({ trace_tree: [1, 9, 0, 0, []] })).toBe('x: $.trace_tree: there is no function 9');
  expect(await rest({ trace_tree: [1, 'a'] })).toContain('$.trace_tree: expected a whole number, found a string');
  expect(await rest({ trace_function_infos: [0, 99, 2, 0, 0, 0] })).toContain(
    'function 0 has a name that is no string',
  );
  expect(await meta({ node_fields: ['type', 'name'] })).toBe("x: $.snapshot.meta.node_fields: it has no 'id'");
  expect(await meta({ edge_types: [] })).toBe('x: $.snapshot.meta.edge_types[0]: expected an array, found nothing');
  expect(await meta({ location_fields: ['line'] })).toBe(
    "x: $.snapshot.meta.location_fields: it has no 'object_index'",
  );
  expect(await wrong({ nodes: [], edges: [], rest: {} })).toBe('x: $.nodes: it holds no nodes');
});

test('a snapshot without its parts, or with one twice, or in a wrong order', async () => {
  const { snapshot, nodes, edges, strings } = snapshotObject(SMALL);
  const of = (members: object) => refusal(readGraph(JSON.stringify(members)));
  expect(await of({ nodes, edges, strings })).toContain('$.nodes: it stands before the head (`snapshot`)');
  expect(await of({ strings })).toBe('x: $: it has no head (`snapshot`)');
  expect(await of({ snapshot, nodes, strings })).toBe('x: $: it has no edges');
  expect(await of({ snapshot, nodes, edges })).toBe('x: $: it has no strings');
  const twice = `{"snapshot":${JSON.stringify(snapshot)},"nodes":[],"nodes":[]}`;
  expect(await refusal(readGraph(twice))).toBe('x: $.nodes: it stands there twice');
  expect(await of({ snapshot: 7 })).toBe('x: $.snapshot: expected an object, found the number 7');
});

test('a number of nodes that is a lie takes no memory', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-test-'));
  try {
    writeFileSync(join(folder, 'lie'), snapshotText({ ...SMALL, head: { node_count: 4e9, edge_count: 4e9 } }));
    const before = process.memoryUsage().arrayBuffers;
    await refusal(openInput(join(folder, 'lie')).then((input) => readHeapSnapshot(input, new Notes())));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 2 ** 20);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a real snapshot, cut at many places, and with many bits changed', async () => {
  const zipped = await openInput(join(FIXTURES, 'heapsnapshot/page.heapsnapshot.zst'));
  const bytes = Buffer.from(await readBytes(zipped));
  const places = Array.from({ length: 24 }, (_, i) => Math.floor((bytes.length * (i + 0.5)) / 24));
  for (const place of places) {
    expect(await refusal(readGraph(bytes.subarray(0, place)))).toMatch(
      /^x: (?:line \d+, column \d+|byte \d+): the JSON ends too early: the file was cut/,
    );
    const changed = Buffer.from(bytes);
    changed[place]! ^= 1 << (place & 7);
    await readGraph(changed).then(analyseHeap, (error: unknown) => expect(error).toBeInstanceOf(UserError));
  }
});

test('whatever bytes are changed, it is a graph or one clear line', async () => {
  const bytes = Buffer.from(snapshotText(SMALL));
  const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const changed = Buffer.from(bytes);
      for (const [at, byte] of changes) changed[at] = byte;
      try {
        const graph = await readGraph(changed);
        analyseHeap(graph);
        for (let i = 0; i < graph.strings.count; i++) graph.strings.text(i);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        expect(error.message).not.toMatch(/\n|undefined|NaN|\[object/);
      }
    }),
    { numRuns: 1500 },
  );
});
