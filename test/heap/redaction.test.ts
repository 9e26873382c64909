import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { classesOf, classTotals } from '../../src/heap/classes.ts';
import { analyseHeap } from '../../src/heap/dominators.ts';
import { redactedFile } from '../../src/heap/redacted-file.ts';
import { redaction } from '../../src/heap/redaction.ts';
import { readGraph, snapshotText } from './snapshot-text.ts';

const SECRETS = [
  'hunter2-password',
  'alice@example.com',
  'sk_live_4242',
  'Bearer-eyJhbGciOi',
  'kept-in-a-WeakMap',
  '4242424242',
];

/** A program with secrets in every place that a snapshot tells of. Its own source must not hold them whole. */
const PROGRAM = `
const say = (word) => Buffer.from(word, 'base64').toString('latin1');
const secrets = ${JSON.stringify(SECRETS.map((text) => Buffer.from(text).toString('base64')))}.map(say);
class Account { constructor(password) { this.password = password; this.visits = [1, 2]; } }
globalThis.account = new Account(secrets[0]);
globalThis.byMail = {}; for (let i = 0; i < 2000; i++) byMail[i + secrets[1]] = { i };
globalThis.tokens = new Map([[secrets[2], new Account('x')]]);
globalThis.header = new RegExp(secrets[3]);
globalThis.weak = new WeakMap([[account, secrets[4]]]);
globalThis.number = Number(secrets[5]) + 0.5;
globalThis.handler = function answerRequest(request) { return account.password + request; };
require('v8').writeHeapSnapshot(process.argv[1], { exposeNumericValues: true });
`;

const folder = mkdtempSync(join(tmpdir(), 'pforge-redaction-'));
let original: Buffer;

beforeAll(() => {
  const file = join(folder, 'x.heapsnapshot');
  execFileSync(process.execPath, ['-e', PROGRAM, file]);
  original = readFileSync(file);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  // One buffer that is used again, as files are read
  const room = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    room.set(piece);
    yield room.subarray(0, piece.length);
  }
}

async function redacted(bytes: Uint8Array, size = 1 << 16, key = Buffer.from('key')): Promise<Buffer> {
  const redact = redaction(await readGraph(bytes), key);
  const out: Uint8Array[] = [];
  for await (const piece of redactedFile(pieces(bytes, size), redact)) out.push(Buffer.from(piece));
  return Buffer.concat(out);
}

describe('a redacted snapshot', () => {
  test('holds no string, key, pattern, number or name that the program worked with', async () => {
    const text = (await redacted(original)).toString('utf8');
    const before = original.toString('utf8');
    expect(SECRETS.filter((secret) => !before.includes(secret))).toEqual([]);
    expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([]);
    expect(text).toMatch(/"\[16 characters, [0-9a-f]{12}\]"/);
  });

  test('keeps the graph, sizes, classes, and the names that stand in the program', async () => {
    const [before, after] = [await readGraph(original), await readGraph(await redacted(original))];
    expect([after.nodeCount, after.edgeCount]).toEqual([before.nodeCount, before.edgeCount]);
    expect(after.edgeTo).toEqual(before.edgeTo);
    expect(after.selfSize).toEqual(before.selfSize);
    expect(after.nodeId).toEqual(before.nodeId);
    const [left, right] = [analyseHeap(before), analyseHeap(after)];
    expect(right.retainedSize).toEqual(left.retainedSize);
    expect(right.distance).toEqual(left.distance);
    const account = (graph: typeof before, analysis: typeof left) =>
      classTotals(graph, analysis, classesOf(graph)).filter(({ name }) =>
        /^(?:Account|Map|WeakMap|Function)$/.test(name),
      );
    expect(account(after, right).map(({ index: _, ...row }) => row)).toEqual(
      account(before, left).map(({ index: _, ...row }) => row),
    );
    for (const name of ['password', 'visits', 'answerRequest', 'Account', 'byMail', '__proto__', 'length']) {
      expect(after.strings.find(name), name).toBeGreaterThanOrEqual(0);
    }
  });

  test('is the same whatever the pieces that it is read in', async () => {
    const small = Buffer.from(
      snapshotText({
        nodes: [
          { type: 'synthetic', name: '' },
          { name: 'Thing "strings":[' },
          { type: 'string', name: 'quote " backslash \\ [brackets] {braces} \u2028 é 𝄞' },
          { type: 'string', name: '' },
          { type: 'string', name: ']' },
        ],
        edges: [
          [0, 1, 1],
          [1, 2, 'a'],
          [1, 3, 'b'],
          [1, 4, 'c'],
        ],
      }),
    );
    const whole = await redacted(small);
    for (const size of [1, 2, 3, 7, 64]) expect((await redacted(small, size)).equals(whole), String(size)).toBe(true);
    const { strings } = JSON.parse(whole.toString());
    expect(strings).toContain('Thing "strings":[');
    expect(strings.filter((text: string) => /^\[\d+ characters, \w{12}\]$/.test(text)).length).toBeGreaterThanOrEqual(
      3,
    );
    expect(strings).not.toContain(']');
    const large = await redacted(original);
    expect((await redacted(original, 4093)).equals(large)).toBe(true);
  });

  test('tells what is detached by its tag or class, as before', async () => {
    const detached = { type: 'native', detachedness: 2 };
    const small = Buffer.from(
      snapshotText({
        nodes: [
          { type: 'synthetic', name: '' },
          { name: 'App' },
          { ...detached, name: '<div id="of-alice">' },
          { ...detached, name: 'Node / BindingData' },
        ],
        edges: [
          [0, 1, 1],
          [1, 2, 'a'],
          [1, 3, 'b'],
        ],
      }),
    );
    const bytes = await redacted(small);
    expect(bytes.toString()).not.toContain('of-alice');
    const names = async (text: Buffer) => {
      const graph = await readGraph(text);
      const { classOf, names: all } = classesOf(graph);
      return [2, 3].map((node) => all[classOf[node]!]);
    };
    expect(await names(bytes)).toEqual(await names(small));
    expect(await names(bytes)).toEqual(['Detached <div>', 'Detached Node / BindingData']);
  });

  test('has equal hashes for equal texts under one key, and others under another', async () => {
    const text = async (key: string) => (await redacted(original, 1 << 16, Buffer.from(key))).toString('utf8');
    expect(await text('one')).toBe(await text('one'));
    expect(await text('one')).not.toBe(await text('two'));
  });
});
