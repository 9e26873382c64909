import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readCheckConfig } from '../../../src/commands/check/config.ts';
import { UserError } from '../../../src/errors.ts';

const top = mkdtempSync(join(tmpdir(), 'pforge-prof-config-'));
afterAll(() => rmSync(top, { recursive: true, force: true }));
let count = 0;
function folderWith(name: string, text: string): string {
  const folder = join(top, String(count++));
  mkdirSync(folder);
  writeFileSync(join(folder, name), text);
  return folder;
}

test.each([
  [
    'pforge-prof.config.json',
    '{"budgets": ["bench.a.median <"]}',
    'budgets[0]: budget "bench.a.median <", column 17: a limit is missing',
  ],
  ['pforge-prof.config.json', '{"budget": []}', "pforge-prof.config.json: 'budget' is not known"],
  ['pforge-prof.config.json', '{', 'is no JSON'],
  ['pforge-prof.config.json', '[]', 'must be an object'],
  ['pforge-prof.config.json', '{"budgets": {}}', 'budgets must be a list'],
  ['pforge-prof.config.json', '{"results": 5}', 'results must be names of files'],
  ['pforge-prof.config.json', '{"budgets": [{"budget": "load.rps > 1", "warn": true}]}', "'warn' is not known"],
  ['pforge-prof.config.mjs', 'export default {', 'SyntaxError'],
  ['pforge-prof.config.mjs', 'export const budgets = []', 'exports nothing'],
])('%s %s is one clear line', async (name, text, what) => {
  const folder = folderWith(name, text);
  const error = await readCheckConfig(undefined, folder, folder).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  const { message, exitCode } = error as UserError;
  expect(message.startsWith(name)).toBe(true);
  expect(message).toContain(what);
  expect(message).not.toContain('\n');
  expect(exitCode).toBe(2);
});

test('it is found in a folder above, up to the top of the repository and no further', async () => {
  const folder = folderWith('pforge-prof.config.json', '{"budgets": ["load.rps > 1"], "results": "load.json"}');
  const below = join(folder, 'a/b');
  mkdirSync(below, { recursive: true });
  expect(await readCheckConfig(undefined, below, folder)).toMatchObject({
    file: '../../pforge-prof.config.json',
    results: [join(folder, 'load.json')],
    budgets: [{ place: { file: 'pforge-prof.config.json', line: 1 } }],
  });
  expect(await readCheckConfig(undefined, below, below)).toBeUndefined();
});
