import { spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendEntry, readHistory } from '../../src/history/json-lines.ts';
import { entry } from './kept-entry.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-history-'));
const writer = join(folder, 'writer.mjs');
let count = 0;

const newStore = (): string => join(folder, `store${count++}`, 'history.jsonl');

beforeAll(async () => {
  const source = join(import.meta.dirname, '../../src/history/json-lines.ts');
  await build({
    stdin: {
      contents: `import { appendEntry } from ${JSON.stringify(source)};
        const [store, name, times] = process.argv.slice(2);
        const results = [{ name, unit: 'ns', better: 'smaller', value: 1 }];
        const padding = 'x'.repeat(20_000);
        for (let i = 0; i < Number(times); i++) await appendEntry(store, { version: 1, time: '2026-01-02T03:04:05.000Z',
          suite: String(i), commit: { id: padding }, machine: 'm', tools: {}, results });`,
      resolveDir: folder,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: writer,
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (store: string, name: string, times: number) =>
  spawn(process.execPath, [writer, store, name, String(times)], { stdio: 'inherit' });
const ended = (child: ReturnType<typeof write>) => new Promise((done) => child.once('exit', done));

describe('a history of JSON lines', () => {
  test('what is added is read again, in order', async () => {
    const store = newStore();
    for (const name of ['a', 'b']) await appendEntry(store, entry(name));
    expect(readHistory(store)).toEqual({ entries: [entry('a'), entry('b')], broken: [] });
    expect(readdirSync(join(store, '..'))).toEqual(['history.jsonl']);
    expect(readHistory(join(folder, 'none')).entries).toEqual([]);
  });

  test('four jobs at once lose nothing', async () => {
    const store = newStore();
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => ended(write(store, name, 20))));
    const { entries, broken } = readHistory(store);
    expect(broken).toEqual([]);
    expect(entries).toHaveLength(80);
    for (const name of ['a', 'b', 'c', 'd']) {
      const own = entries.filter(({ results }) => results[0]!.name === name).map(({ suite }) => Number(suite));
      expect(own).toEqual(Array.from({ length: 20 }, (_, i) => i));
    }
  });

  test('writers that are killed at any moment cost at most their own line, and nobody waits for them', async () => {
    const store = newStore();
    await appendEntry(store, entry('first'));
    for (let i = 0; i < 12; i++) {
      const child = write(store, `k${i}`, 1000);
      await new Promise((done) => setTimeout(done, 60 + 11 * i));
      child.kill('SIGKILL');
      await ended(child);
    }
    await appendEntry(store, entry('last'));
    const { entries } = readHistory(store);
    expect(entries[0]).toEqual(entry('first'));
    expect(entries.at(-1)).toEqual(entry('last'));
    for (let i = 0; i < 12; i++) {
      const own = entries.filter(({ results }) => results[0]!.name === `k${i}`).map(({ suite }) => Number(suite));
      expect(own).toEqual(Array.from({ length: own.length }, (_, k) => k));
    }
  }, 60_000);

  test('a torn line is told with its place, and swallows nobody', async () => {
    const store = newStore();
    await appendEntry(store, entry('a'));
    appendFileSync(store, '{"version":1,"ti');
    await appendEntry(store, entry('b'));
    const { entries, broken } = readHistory(store);
    expect(entries).toEqual([entry('a'), entry('b')]);
    expect(broken).toEqual([`${store}:2: this is not JSON`]);
  });

  test.each([
    ['[]', /not a JSON object/],
    ['{"version":2}', /version 2 is not known/],
    ['{"version":1,"time":"never","suite":"","machine":"","commit":{"id":""},"results":[]}', /time is no time/],
    [JSON.stringify({ ...entry('a'), commit: null }), /commit has no id/],
    [JSON.stringify({ ...entry('a'), commit: { id: 'a', time: 'never' } }), /time of commit is no time/],
    [JSON.stringify({ ...entry('a'), commit: { id: 'a', subject: 5 } }), /subject and branch of commit are no text/],
    [
      JSON.stringify({ ...entry('a'), results: [{ name: 'x', unit: 'ns', better: 'smaller', value: '3' }] }),
      /results\[0\]: its value/,
    ],
    [
      JSON.stringify({ ...entry('a'), results: [{ name: 'x', unit: 'ns', better: 'less', value: 3 }] }),
      /neither 'smaller'/,
    ],
  ])('%s is broken, and why', (line, why) => {
    const store = newStore();
    mkdirSync(join(store, '..'));
    writeFileSync(store, `${line}\n${JSON.stringify(entry('b'))}\n`);
    const { entries, broken } = readHistory(store);
    expect(entries).toHaveLength(1);
    expect(broken).toEqual([expect.stringMatching(why)]);
  });

  test('a lock of a process that is no longer is taken over, also one of another machine that is old', async () => {
    const store = newStore();
    mkdirSync(join(store, '..'));
    const lock = join(store, '../history.lock');
    writeFileSync(lock, `${hostname()} 4194303 1\n`);
    await appendEntry(store, entry('a'));
    writeFileSync(lock, 'elsewhere 1 1\n');
    utimesSync(lock, 0, 0);
    await appendEntry(store, entry('b'));
    // Whoever took it over was killed before it was done
    writeFileSync(`${lock}.takeover`, `${hostname()} 4194303 1\n`);
    await appendEntry(store, entry('c'));
    expect(readdirSync(join(store, '..'))).toEqual(['history.jsonl']);
    writeFileSync(lock, `${hostname()} 4194303 1\n`);
    writeFileSync(`${lock}.takeover`, `${hostname()} 4194303 1\n`);
    await appendEntry(store, entry('d'));
    expect(readdirSync(join(store, '..'))).toEqual(['history.jsonl']);
    expect(readHistory(store).entries).toHaveLength(4);
  });

  test('a full disk: said, and what was there stays', async () => {
    await expect(appendEntry('/dev/full', entry('a'))).rejects.toThrow(/cannot (write|create)/);
    const store = newStore();
    await appendEntry(store, entry('a'));
    const before = readFileSync(store, 'utf8');
    await expect(appendEntry(join(store, 'below'), entry('a'))).rejects.toThrow(/cannot write .*ENOTDIR|EEXIST/);
    expect(readFileSync(store, 'utf8')).toBe(before);
  });
});
