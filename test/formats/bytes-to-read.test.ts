import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { bytesToRead } from '../../src/formats/bytes-to-read.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-bytes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const recording = gunzipSync(readFileSync(join(import.meta.dirname, '../../fixtures/perf-data/threads.data.gz')));

test('text and recordings count as long as they are', () => {
  expect(bytesToRead(file('a.txt', 'main;work 12\n'))).toBe(13);
  expect(bytesToRead(file('threads.data', recording))).toBe(recording.length);
});

test('copied stacks count little', () => {
  const copied = Buffer.from(recording);
  const at = copied.readUInt32LE(24) + 24;
  copied.writeUInt32LE((copied.readUInt32LE(at) | (1 << 13)) >>> 0, at);
  expect(bytesToRead(file('copied.data', copied))).toBe(recording.length / 64);
});

test('of what is no file, or is cut off, nothing is claimed', () => {
  expect(bytesToRead(folder)).toBeUndefined();
  expect(bytesToRead(join(folder, 'nowhere'))).toBeUndefined();
  for (const length of [0, 8, 30, 104, 120]) {
    expect(bytesToRead(file('short.data', recording.subarray(0, length)))).toBe(length);
  }
  const far = Buffer.from(recording.subarray(0, 200));
  far.fill(255, 24, 32);
  expect(bytesToRead(file('far.data', far))).toBe(200);
});
