import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const bin = resolve(import.meta.dirname, '../bin/pforge-prof.js');
const folder = mkdtempSync(join(tmpdir(), 'pforge-start-up-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const listing = join(folder, 'listing.cjs');
writeFileSync(
  listing,
  "const known = new Set(process.moduleLoadList); process.once('exit', () => require('node:fs').writeFileSync(3, " +
    "process.moduleLoadList.filter((name) => !known.has(name)).join(',')));",
);

/** What a call says, and which modules of node it loads beyond those that are in every process. */
function start(...words: string[]): {
  modules: readonly string[];
  stdout: string;
  stderr: string;
  code: number | null;
} {
  const { status, output } = spawnSync(process.execPath, ['--require', listing, bin, ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, XDG_CACHE_HOME: folder },
  });
  const modules = output[3]!.split(',').map((name) => name.replace(/^NativeModule /, ''));
  return { modules, stdout: output[1]!, stderr: output[2]!, code: status };
}

test.each([
  ['--version', /^\d+\.\d+\.\d+\n$/],
  ['--help', /^Usage: .*\n/m],
])('%s makes no stream of node', (word, says) => {
  const { modules, stdout, code } = start(word);
  expect(stdout).toMatch(says);
  expect(code).toBe(0);
  expect(modules.filter((name) => /stream|^net$|^tty$/.test(name))).toEqual([]);
});

test('a command loads nothing for work that it is not asked for', () => {
  const { modules, stderr, code } = start('flame');
  expect(stderr).toContain('nothing to draw');
  expect(code).toBe(2);
  const costly = ['https', 'http', 'tls', 'crypto', 'child_process', 'internal/fs/promises', 'stream/consumers'];
  expect(modules.filter((name) => costly.includes(name))).toEqual([]);
  expect(modules).toContain('vm');
});
