import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { glanceAt } from '../../src/formats/glance.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-bytes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const recording = gunzipSync(readFileSync(join(import.meta.dirname, '../../fixtures/perf-data/threads.data.gz')));

test('text counts as long as it is, a recording as the text that it would be', () => {
  expect(glanceAt(file('a.txt', 'main;work 12\n'))?.bytes).toBe(13);
  expect(glanceAt(file('threads.data', recording))?.bytes).toBe(recording.length * 8);
});

test('copied stacks count little', () => {
  const copied = Buffer.from(recording);
  const at = copied.readUInt32LE(24) + 24;
  copied.writeUInt32LE((copied.readUInt32LE(at) | (1 << 13)) >>> 0, at);
  expect(glanceAt(file('copied.data', copied))?.bytes).toBe(recording.length / 10);
});

test('of what is no file, or is cut off, nothing is claimed', () => {
  expect(glanceAt(folder)?.bytes).toBeUndefined();
  expect(glanceAt(join(folder, 'nowhere'))?.bytes).toBeUndefined();
  for (const length of [0, 8, 30, 104, 120]) {
    expect(glanceAt(file('short.data', recording.subarray(0, length)))?.bytes).toBe(length * 8);
  }
  const far = Buffer.from(recording.subarray(0, 200));
  far.fill(255, 24, 32);
  expect(glanceAt(file('far.data', far))?.bytes).toBe(1600);
});
