import { expect, test } from 'vitest';
import { classesOf, classTotals } from '../../src/heap/classes.ts';
import { analyseHeap } from '../../src/heap/dominators.ts';
import { inferInterfaces } from '../../src/heap/interfaces.ts';
import { type EdgeWords, graphOf, type NodeWords } from './snapshot-text.ts';

const ROOT = { type: 'synthetic', name: '' };

/** Plain objects with these properties, in this order, all held by the root. */
function plain(...objects: readonly (readonly string[])[]): { nodes: NodeWords[]; edges: EdgeWords[] } {
  const nodes: NodeWords[] = [ROOT, { type: 'number', name: 'value' }, ...objects.map(() => ({ name: 'Object' }))];
  const edges = objects.flatMap((names, i) => [
    [0, i + 2, i] as const,
    ...names.map((name): EdgeWords => [i + 2, 1, name]),
  ]);
  return { nodes, edges };
}

async function classNames(words: Parameters<typeof graphOf>[0]): Promise<string[]> {
  const { classOf, names } = classesOf(await graphOf(words));
  return Array.from(classOf, (id) => names[id]!);
}

test('nodes are called by their type or by their own name', async () => {
  const nodes: NodeWords[] = [
    ROOT,
    { type: 'hidden', name: 'system / Map' },
    { type: 'code', name: '(instruction stream)' },
    { type: 'closure', name: 'listener' },
    { type: 'regexp', name: '/a/' },
    { type: 'string', name: 'text' },
    { type: 'concatenated string', name: 'text' },
    { name: 'Session' },
    { type: 'native', name: '<div id="a b">' },
    { type: 'native', name: 'Detached <a href="x">' },
    { type: 'native', name: '<p>' },
  ];
  expect(await classNames({ nodes, edges: [] })).toEqual([
    ...['(synthetic)', '(system)', '(compiled code)', 'Function', 'RegExp', '(string)', '(concatenated string)'],
    ...['Session', '<div>', 'Detached <a>', '<p>'],
  ]);
});

test('plain objects are called by the properties that at least two have, the most of them where several fit', async () => {
  const words = plain(
    ['a', 'b'],
    ['a', 'b'],
    ['b', 'a', 'x'],
    ['a', 'b', 'c'],
    ['c', 'b', 'a'],
    ['a', 'b', 'c'],
    ['z'],
    [],
  );
  expect((await classNames(words)).slice(2)).toEqual([
    ...['{a, b}', '{a, b}', '{a, b}', '{a, b, c}', '{a, b, c}', '{a, b, c}'],
    ...['Object', 'Object'],
  ]);
});

test('names of properties that would mislead are quoted, prototypes are none, long lists end', async () => {
  const odd = ['__proto__', 'a, b', 'c'];
  expect((await classNames(plain(odd, odd)))[2]).toBe('{"a, b", c}');
  const many = Array.from({ length: 60 }, (_, i) => `property${i}`);
  const [name] = inferInterfaces(await graphOf(plain(many, many))).map((found) => found.name);
  expect(name).toHaveLength(122);
  expect(name).toMatch(/^\{property0, property1, .*property9, property10\}$/);
});

test('another snapshot can be read with the interfaces of this one', async () => {
  const first = await graphOf(plain(['a', 'b'], ['a', 'b']));
  const second = await graphOf(plain(['x'], ['b', 'a', 'c']));
  const { classOf, names } = classesOf(second, classesOf(first).interfaces);
  expect(Array.from(classOf, (id) => names[id]!).slice(2)).toEqual(['Object', '{a, b}']);
});

test('constructors of one name at different places are two classes; sums count nested objects once', async () => {
  const node = (size: number) => ({ name: 'Node', size });
  const words = {
    nodes: [ROOT, node(10), node(20), node(30), { type: 'string', name: 'text', size: 5 }, node(0)],
    edges: [
      [0, 1, 'a', 'shortcut'],
      [1, 2],
      [2, 4],
      [0, 3, 'b', 'shortcut'],
    ] as EdgeWords[],
    // object_index, script_id, line, column: the third stands elsewhere
    rest: { locations: [7, 5, 1, 2, 14, 5, 1, 2, 21, 5, 9, 2] },
  };
  const graph = await graphOf(words);
  const totals = classTotals(graph, analyseHeap(graph), classesOf(graph));
  const row = ({ key, count, shallow, retained, distance }: (typeof totals)[number]) =>
    [key, count, shallow, retained, distance] as const;
  expect(totals.map(row)).toEqual([
    [',(synthetic)', 1, 16, 81, 100_000_000],
    ['5,1,2,Node', 2, 30, 35, 1],
    ['5,9,2,Node', 1, 30, 30, 1],
    [',(string)', 1, 5, 5, 3],
  ]);
});
