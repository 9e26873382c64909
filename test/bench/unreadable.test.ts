import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { benchFiles } from '../../src/bench/files/discover.ts';
import { readJson } from '../../src/bench/json-value.ts';
import { differences, keepSurroundings, surroundings } from '../../src/bench/runner/stored.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a file of a tree that is a folder', () => {
  expect(() => readJson(folder)).toThrow(`cannot read ${folder}: it is a directory`);
});

test('surroundings of a baseline that somebody has broken', () => {
  const here = surroundings(process.version);
  keepSurroundings(folder, 'main', here);
  expect(differences(folder, 'main', here)).toBe('');
  writeFileSync(join(folder, '.pforge-prof-main.json'), '{');
  expect(() => differences(folder, 'main', here)).toThrow(/ is broken$/);
});

// Whoever is root may read everything
test.skipIf(process.getuid?.() === 0)('a folder that may not be read', () => {
  const closed = join(folder, 'closed');
  mkdirSync(closed, { mode: 0o000 });
  try {
    expect(() => benchFiles([closed], folder)).toThrow(/^cannot read the folder .*closed \(EACCES\)$/);
  } finally {
    chmodSync(closed, 0o700);
  }
});
