import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { Mutator } from './mutator.ts';

const root = resolve(import.meta.dirname, '../..');

test('no reader and no renderer falls over the first broken inputs (npm run fuzz makes more)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-fuzz-test-'));
  try {
    // Runs are numbered: which ones they are depends on no clock, unless a machine is too slow for all
    const args = ['scripts/fuzz.mjs', '--plain', '--executions', '60', '--seconds', '1', '--findings', folder];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
    expect(stdout).toMatch(/\d+ targets, \d+ runs, 0 kinds of findings/);
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 180_000);

test('a mutation is the same whenever it is made', () => {
  const seeds = [Buffer.from('main;a;b 10\nmain;c 20\n'), Buffer.from('{"nodes":[{"id":1}]}')] as const;
  for (let seed = 0; seed < 2000; seed++) {
    const once = new Mutator(seed).mutate(seeds[0], seeds[1]);
    expect(new Mutator(seed).mutate(seeds[0], seeds[1])).toEqual(once);
  }
});
