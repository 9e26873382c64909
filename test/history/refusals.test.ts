import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { keepMeasured } from '../../src/commands/track/keep-results.ts';
import { locked } from '../../src/history/file-lock.ts';
import { appendEntry } from '../../src/history/json-lines.ts';
import { copyHistory, openHistory } from '../../src/history/store.ts';
import { call } from '../commands/in-process.ts';
import { entry } from './kept-entry.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-history-refusals-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

test('a lock that cannot be created', async () => {
  await expect(locked(at('none/lock'), () => 1)).rejects.toMatchObject({
    message: `cannot create ${at('none/lock')}: ENOENT`,
    exitCode: 125,
  });
});

test('a lock that somebody on another machine keeps', async () => {
  writeFileSync(at('lock'), 'elsewhere.invalid 1 1\n');
  const clock = vi.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValue(1e9);
  try {
    await expect(locked(at('lock'), () => 1)).rejects.toThrow(/lock has been locked for a minute/);
  } finally {
    clock.mockRestore();
  }
});

test('a history with a broken line is not copied', async () => {
  writeFileSync(at('broken.jsonl'), '{ "version": 1\n{}\n');
  const [from, to] = [await openHistory(at('broken.jsonl')), await openHistory(at('copy.jsonl'))];
  await expect(copyHistory(from, to)).rejects.toThrow(/broken\.jsonl:1/);
});

test('a history that is a folder, and results where one should be', async () => {
  mkdirSync(at('a-folder'));
  await expect((await openHistory(at('a-folder'))).read()).rejects.toThrow(/a-folder/);
  writeFileSync(at('bench.ts'), "import { bench } from 'x';\nbench('a', () => {});\n");
  await expect(appendEntry(at('bench.ts'), entry('a'))).rejects.toThrow(/bench\.ts/);
});

test('nothing to keep, and nothing that a filter leaves', async () => {
  const progress = { say() {}, show() {}, update() {}, end() {} } as unknown as Parameters<typeof keepMeasured>[2];
  await expect(keepMeasured('[]', at('kept.jsonl'), progress)).rejects.toThrow();
  const failed = '[{ "name": "none", "unit": "ns", "estimates": {}, "failure": "exit code 1" }]';
  await expect(keepMeasured(failed, at('kept.jsonl'), progress)).rejects.toThrow(
    /^nothing was measured that a history/,
  );
  const store = at('one.jsonl');
  await appendEntry(store, entry('parse'));
  const { code, stderr } = await call(['track', '--store', store, '--filter', 'nonesuch', '-q']);
  expect(stderr).toMatch(/no series matches nonesuch/);
  expect(code).toBe(2);
});

const results = at('results.json');
writeFileSync(results, '[{ "name": "x", "unit": "ms", "value": 1 }]');

test.each<[string[], NodeJS.ProcessEnv, RegExp]>([
  [['--max-items', '3'], {}, /--max-items is for --data-js/],
  [[], { GITHUB_STEP_SUMMARY: at('none/summary.md') }, /cannot write \$GITHUB_STEP_SUMMARY/],
])('check %j', async (words, env, says) => {
  const { stderr } = await call(['check', '--budget', 'bench.*.value < 5ms', ...words, results], env);
  expect(stderr).toMatch(says);
});
