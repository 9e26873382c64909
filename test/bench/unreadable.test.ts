import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readJson } from '../../src/bench/json-value.ts';
import { differences, keepSurroundings, surroundings } from '../../src/bench/runner/stored.ts';
import { bin } from '../e2e/run-cli.ts';

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

test('a folder that may not be read', () => {
  const closed = join(folder, 'closed');
  mkdirSync(closed, { mode: 0o000 });
  chmodSync(folder, 0o755);
  // Whoever is root may read everything
  const asUser = process.getuid?.() === 0 ? ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'] : [];
  const [file, ...words] = [...asUser, process.execPath, bin, 'bench', closed];
  const { status, stderr } = spawnSync(file!, words, { cwd: folder, encoding: 'utf8' });
  expect(stderr).toBe(`pforge-prof: error: cannot read ${closed}: permission denied\n`);
  expect(status).toBe(2);
});
