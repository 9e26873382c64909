import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FIXTURES } from '../formats/harness.ts';
import { runCli } from './run-cli.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pforge-prof-direct-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const EMBEDDED = /<metadata id="pforge-prof-profile".*?<\/metadata>\n/s;

test.each([
  ['text of perf script', 'perf-script/node.txt'],
  ['two events', 'perf-script/two-events.txt'],
])('flame -q draws the very picture that flame draws, and embeds the same profile: %s', async (_, input) => {
  const path = join(FIXTURES, input);
  const [loud, quiet] = [join(folder, 'loud.svg'), join(folder, 'quiet.svg')];
  expect((await runCli(['flame', '--classic', '-o', loud, path])).code).toBe(0);
  expect(await runCli(['flame', '-q', '--classic', '-o', quiet, path])).toMatchObject({ code: 0, stderr: '' });
  const [expected, found] = [readFileSync(loud, 'utf8'), readFileSync(quiet, 'utf8')];
  expect(found).toMatch(EMBEDDED);
  expect(found.replace(EMBEDDED, '')).toBe(expected.replace(EMBEDDED, ''));
  const folded = async (svg: string) => (await runCli(['convert', '-q', '--format', 'folded', svg])).stdout;
  expect(await folded(quiet)).toBe(await folded(loud));
});
