import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, gzipSync, type ZlibOptions } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { inflateFile } from '../../../src/formats/input/inflate-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-inflate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const READER = { end: 0, beside: () => 0 };

function inflate(zipped: Uint8Array, most = 2 ** 30): Buffer | undefined {
  const path = join(folder, 'x.gz');
  writeFileSync(path, zipped);
  return inflateFile(path, () => most, READER, 0)?.bytes;
}

/** Bytes that repeat from near and from far, in matches of all lengths, and some that do not repeat. */
function someBytes(seed: number, length: number, spread: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed | 1;
  const random = (below: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
  for (let at = 0; at < length; ) {
    const size = Math.min(length - at, 1 + random(random(3) === 0 ? 600 : 12));
    const back = 1 + random(random(2) === 0 ? 20 : 40_000);
    if (random(3) === 0 || back > at) for (let i = 0; i < size; i++) bytes[at + i] = random(spread);
    else for (let i = 0; i < size; i++) bytes[at + i] = bytes[at + i - back]!;
    at += size;
  }
  return bytes;
}

const options: fc.Arbitrary<ZlibOptions> = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
  windowBits: fc.integer({ min: 9, max: 15 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FILTERED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FIXED,
  ),
});

test('whatever zlib deflates, in any of its ways', () => {
  const size = fc.oneof(fc.nat(40), fc.nat(400_000));
  fc.assert(
    fc.property(fc.integer(), size, fc.constantFrom(1, 2, 20, 256), options, (seed, length, spread, how) => {
      const bytes = someBytes(seed, length, spread);
      expect(inflate(gzipSync(bytes, how))?.equals(bytes)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('heads with a name, a comment and more', () => {
  const bytes = someBytes(7, 5000, 30);
  const zipped = gzipSync(bytes);
  const withHead = (flags: number, more: readonly number[]) => {
    const head = Buffer.from(zipped.subarray(0, 10));
    head[3] = flags;
    return Buffer.concat([head, Buffer.from(more), zipped.subarray(10)]);
  };
  for (const head of [
    withHead(8, [0x61, 0]),
    withHead(16, [0x62, 0x63, 0]),
    withHead(4, [2, 0, 9, 9]),
    withHead(28, [1, 0, 8, 0x61, 0, 0]),
  ]) {
    expect(inflate(head)?.equals(bytes)).toBe(true);
  }
  for (const odd of [withHead(8, []), withHead(32, []), withHead(2, [0, 0])]) {
    const found = inflate(odd);
    expect(found === undefined || found.equals(bytes)).toBe(true);
  }
});

test('what is broken, cut, longer than it says or more than one member is left to zlib', () => {
  const bytes = someBytes(3, 300, 9);
  for (const how of [{}, { level: 0 }, { strategy: constants.Z_FIXED }]) {
    const zipped = gzipSync(bytes, how);
    for (let cut = 0; cut < zipped.length; cut++) expect(inflate(zipped.subarray(0, cut))).toBeUndefined();
    for (let at = 0; at < zipped.length * 8; at += 11) {
      const changed = Buffer.from(zipped);
      changed[at >> 3]! ^= 1 << (at & 7);
      const found = inflate(changed);
      // A date, say, or bits that only fill up a byte, are nobody's concern
      expect(found === undefined || found.equals(bytes)).toBe(true);
    }
    expect(inflate(Buffer.concat([zipped, zipped]))).toBeUndefined();
    expect(inflate(Buffer.concat([zipped, Buffer.alloc(20)]))).toBeUndefined();
    expect(inflate(zipped, bytes.length - 1)).toBeUndefined();
  }
});
