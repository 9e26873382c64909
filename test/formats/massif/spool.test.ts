import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Spool } from '../../../src/formats/massif/spool.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pforge-prof-test-'));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test.each([0, 1, 70_000, 30_000_000])('gives back %i bytes, the many by way of the disk', async (size) => {
  const spool = new Spool();
  const expected = createHash('sha256');
  for (let written = 0; written < size; ) {
    const line = `${written} ö${'-'.repeat(5000)}\n`.slice(0, size - written);
    spool.add(line);
    expected.update(Buffer.from(line, 'latin1'));
    written += line.length;
    await spool.breathe();
  }
  expect(readdirSync(folder)).toHaveLength(size > 20_000_000 ? 1 : 0);
  const found = createHash('sha256');
  for (const chunk of spool.chunks()) found.update(chunk);
  expect(found.digest('hex')).toBe(expected.digest('hex'));
  await spool.dispose();
  expect(readdirSync(folder)).toEqual([]);
});
