import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { heapprofile } from '../../src/formats/heapprofile.ts';
import { inputOf } from '../../src/formats/input.ts';
import { detectFormat, readInput } from '../../src/formats/registry.ts';
import { checkProfile } from '../../src/profile/check.ts';
import { totalWeight } from '../../src/profile/total.ts';
import { linesOf } from '../profile/profile-of.ts';
import { readText, refusal } from './harness.ts';

const PEERS = resolve(import.meta.dirname, '../../../shared/peer-data/heapprofile');
if (!existsSync(PEERS)) console.log(`skipped: no recordings in ${PEERS}`);

const node = (functionName: string, selfSize: number, parts: object = {}) => ({
  callFrame: { functionName, scriptId: '7', url: 'file:///a.js', lineNumber: 0, columnNumber: 4 },
  selfSize,
  children: [] as object[],
  ...parts,
});
const root = (children: object[], parts: object = {}) => ({
  callFrame: { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 },
  selfSize: 0,
  children,
  ...parts,
});
const read = (head: object, rest: object = {}) => readText(JSON.stringify({ head, ...rest }), heapprofile);

test('stacks with their bytes; lines and columns become 1-based, the root is no function', async () => {
  const profile = await read(root([node('main', 8, { children: [node('', 16)] })]));
  expect(profile.valueTypes).toEqual([{ type: 'inuse_space', unit: 'bytes' }]);
  expect(linesOf(profile)).toEqual(['main /a.js:1:5 8', 'main /a.js:1:5;(anonymous) /a.js:1:5 16']);
});

test('where the samples are there, they are counted', async () => {
  const head = root([node('f', 48, { id: 2 }), node('g', 9, { id: 3 })], { id: 1 });
  const samples = [
    { size: 16, nodeId: 2, ordinal: 1 },
    { size: 9, nodeId: 3, ordinal: 2 },
    { size: 32, nodeId: 2, ordinal: 3 },
  ];
  const profile = await read(head, { samples });
  expect(profile.valueTypes.map(({ type }) => type)).toEqual(['samples', 'inuse_space']);
  expect(linesOf(profile, 0)).toEqual(['f /a.js:1:5 2', 'g /a.js:1:5 1']);
  expect(linesOf(profile, 1)).toEqual(['f /a.js:1:5 48', 'g /a.js:1:5 9']);
});

test('whose it is, and what it counts, where we recorded it', async () => {
  const whose = { pid: 7, tid: 8, process: 'app.js', thread: 'worker 1', interval: 1024 };
  const all = await read(root([node('f', 8)]), { pforgeProf: { ...whose, live: false } });
  expect(all.valueTypes).toEqual([{ type: 'alloc_space', unit: 'bytes' }]);
  expect(all.threads).toEqual([{ pid: 7, tid: 8, process: 'app.js', name: 'worker 1' }]);
  expect(all.samples.thread).toEqual(Int32Array.of(0));
  const live = await read(root([node('f', 8)]), { pforgeProf: { ...whose, live: true } });
  expect(live.valueTypes).toEqual([{ type: 'inuse_space', unit: 'bytes' }]);
  expect(await refusal(read(root([]), { pforgeProf: { pid: 'x' } }))).toBe(
    'x: $.pforgeProf.pid: expected a number, found a string',
  );
});

test('written as V8 writes it: a tree, and each sample with its share', async () => {
  const samples = [1, 2, 3].map((ordinal) => ({ size: 16, nodeId: 2, ordinal }));
  const profile = await read(root([node('f', 49, { id: 2, children: [node('', 8, { id: 3 })] })], { id: 1 }), {
    samples,
  });
  const text = [...heapprofile.write!(profile)].join('');
  // Which script a function is of, its file says
  const file = JSON.parse(text.replaceAll('"scriptId":"2"', '"scriptId":"7"'));
  expect(file.head).toEqual(root([node('f', 49, { id: 2, children: [node('', 8, { id: 3 })] })], { id: 1 }));
  expect(file.samples).toEqual([
    { size: 17, nodeId: 2, ordinal: 1 },
    { size: 16, nodeId: 2, ordinal: 2 },
    { size: 16, nodeId: 2, ordinal: 3 },
  ]);
  expect(file.pforgeProf).toEqual({ live: true });
  expect(heapprofile.cannotHold!(profile)).toEqual([]);
  expect(linesOf(await readText(text, heapprofile))).toEqual(linesOf(profile));
});

test('what is as deep as it likes is written and read again', async () => {
  const text = `${'{"callFrame":{"functionName":"f"},"selfSize":1,"children":['.repeat(20_000)}${']}'.repeat(20_000)}`;
  const profile = await readText(`{"head":${text}}`, heapprofile);
  const again = await readText([...heapprofile.write!(profile)].join(''), heapprofile);
  expect(again.stacks.length).toBe(20_000);
  expect(totalWeight(again)).toBe(20_000);
});

test('a tree 20,000 callers deep', async () => {
  const text = `${'{"callFrame":{"functionName":"f"},"selfSize":1,"children":['.repeat(20_000)}${']}'.repeat(20_000)}`;
  const profile = await readText(`{"head":${text}}`, heapprofile);
  expect(profile.stacks.length).toBe(20_000);
  expect(totalWeight(profile)).toBe(20_000);
});

describe('broken files are refused with the place', () => {
  test.each([
    ['no head', {}, '$.head: expected an object, found nothing'],
    ['negative', { head: root([node('f', -1)]) }, '$.head.children[0].selfSize: -1 is no number of bytes'],
    ['too big', { head: root([node('f', 1e300)]) }, '$.head.children[0].selfSize: 1e+300 is no number of bytes'],
    ['a text', { head: { ...root([]), selfSize: '1' } }, '$.head.selfSize: expected a number, found a string'],
    ['no frame', { head: { selfSize: 1 } }, '$.head.callFrame: expected an object, found nothing'],
    [
      'a sample',
      { head: root([]), samples: [{ nodeId: 'x' }] },
      '$.samples[0].nodeId: expected a number, found a string',
    ],
  ])('%s', async (_what, file, message) => {
    expect(await refusal(readText(JSON.stringify(file), heapprofile))).toBe(`x: ${message}`);
  });

  test('nothing in use', async () => {
    expect(await refusal(read(root([])))).toBe(
      'no samples in x: no sampled object was still in use when the heap profile was written',
    );
  });
});

describe.skipIf(!existsSync(PEERS))('recordings by others', () => {
  test.each([
    ['Heap-20181005T144546.heapprofile', 10_030_888],
    ['alloc-all-16K.heapprofile', 86_337_528],
    ['alloc-all-512K.heapprofile', 82_957_000],
    ['attached-live.heapprofile', 541_952],
    ['live-16K.heapprofile', 29_126_376],
  ])('%s', async (name, bytes) => {
    const input = inputOf(readFileSync(join(PEERS, name)), name);
    expect(detectFormat(input)).toBe(heapprofile);
    const profile = await readInput(input);
    checkProfile(profile);
    expect(totalWeight(profile)).toBe(bytes);
    expect(profile.meta.notes).toEqual([]);
  });
});
