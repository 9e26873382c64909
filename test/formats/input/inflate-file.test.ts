import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { inflateFile } from '../../../src/formats/input/inflate-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-inflate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const READER = { end: 1 << 16, beside: (size: number) => 3 * size };
const BYTES = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * i) >> 7));

function inflate(zipped: Uint8Array, most = 2 ** 30, least = 0) {
  const path = join(folder, 'x.gz');
  writeFileSync(path, zipped);
  return inflateFile(path, { maxBytes: 2 ** 30, most }, READER, least);
}

test('stands behind the tables of its reader, in memory with as much room beside as that wants', () => {
  const zipped = gzipSync(BYTES);
  const found = inflate(zipped)!;
  expect(found.bytes.equals(BYTES)).toBe(true);
  expect(found.at).toBe(READER.end);
  expect(Buffer.from(found.memory.buffer, found.at, BYTES.length).equals(BYTES)).toBe(true);
  expect(found.end).toBeGreaterThanOrEqual(found.at + BYTES.length);
  expect(found.memory.buffer.byteLength - found.end).toBeGreaterThanOrEqual(3 * BYTES.length);
  const twice = inflate(Buffer.concat([zipped, zipped]))!;
  expect(twice.bytes.equals(Buffer.concat([BYTES, BYTES]))).toBe(true);
});

test('what is broken, cut, too long or too short is for others', () => {
  const zipped = gzipSync(BYTES);
  for (let cut = 0; cut < zipped.length; cut += 97) expect(inflate(zipped.subarray(0, cut))).toBeUndefined();
  const changed = Buffer.from(zipped);
  changed[zipped.length >> 1]! ^= 4;
  expect(inflate(changed)).toBeUndefined();
  expect(inflate(zipped, BYTES.length - 1)).toBeUndefined();
  expect(inflate(zipped, 2 ** 30, BYTES.length + 1)).toBeUndefined();
  expect(inflate(zipped, 2 ** 30, BYTES.length)).toBeDefined();
  expect(inflateFile(join(folder, 'none'), { maxBytes: 1, most: 1 }, READER)).toBeUndefined();
});
