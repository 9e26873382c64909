import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { contiguousBytes } from '../../../src/formats/input/contiguous-bytes.ts';
import { openInput, readBytes } from '../../../src/formats/input.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-gunzip-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What both ways to read a file come to: its bytes, or what is said of it. */
async function bothWays(bytes: Uint8Array, maxBytes?: number): Promise<[whole: string, inChunks: string]> {
  const path = join(folder, 'x.gz');
  writeFileSync(path, bytes);
  const said = (error: Error) => error.message;
  const open = () => openInput(path, maxBytes === undefined ? {} : { maxBytes });
  const text = (content: Uint8Array) => Buffer.from(content).toString('latin1');
  return [await open().then(contiguousBytes).then(text, said), await open().then(readBytes).then(text, said)];
}

const long = Array.from({ length: 200_000 }, (_, i) => `a;b${(i * 7919) % 1000} ${i}\n`).join('');
const short = 'a;b 1\n'.repeat(100);

test('a gzip file at once holds the same as in chunks', async () => {
  const zipped = gzipSync(long);
  const lying = (length: number) => {
    const copy = Buffer.from(zipped);
    copy.writeUInt32LE(length, copy.length - 4);
    return copy;
  };
  for (const bytes of [zipped, Buffer.concat([zipped, gzipSync(short)]), Buffer.concat([gzipSync(short), zipped])]) {
    const [whole, inChunks] = await bothWays(bytes);
    expect(whole === inChunks).toBe(true);
    expect(whole.includes(long)).toBe(true);
  }
  const padded = await bothWays(Buffer.concat([zipped, Buffer.alloc(512)]));
  expect(padded[0] === padded[1]).toBe(true);
  for (const length of [0, 1, long.length - 1, 2 ** 32 - 1]) {
    const [whole, inChunks] = await bothWays(lying(length));
    expect(whole).toBe(inChunks);
    expect(whole).toContain('the gzip data is broken');
  }
});

test('cut, broken or a bomb: the same is said', async () => {
  const zipped = gzipSync(short);
  for (let cut = 2; cut < zipped.length; cut++) {
    const [whole, inChunks] = await bothWays(zipped.subarray(0, cut));
    expect(whole).toBe(inChunks);
    expect(whole).toContain('the gzip data ends too early');
  }
  for (let at = 2; at < zipped.length; at++) {
    const copy = Buffer.from(zipped);
    copy[at]! ^= 0x41;
    const [whole, inChunks] = await bothWays(copy);
    expect(whole).toBe(inChunks);
  }
  const [whole, inChunks] = await bothWays(gzipSync(Buffer.alloc(8 * 1024 * 1024, short)), 1024 * 1024);
  expect(whole).toBe(inChunks);
  expect(whole).toContain('inflates to more than 1048576 bytes');
});
