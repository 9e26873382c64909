import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { JitMapTail } from '../../src/collectors/jit-map-tail.ts';
import { followJitMaps } from '../../src/collectors/jit-tail.ts';
import type { JitTable } from '../../src/symbols/jit-table.ts';
import { openPerfMap, openSidecar } from '../../src/symbols/perf-map.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-tail-'));
const pids: number[] = [];
afterAll(() => {
  rmSync(folder, { recursive: true });
  for (const pid of pids) rmSync(`/tmp/perf-${pid}.map`, { force: true });
});
const us = process.geteuid!();
const churn = resolve(import.meta.dirname, '../../scripts/jit-truth/churn.cjs');
let files = 0;

function sidecar(path: string): ReadonlyMap<number, JitTable> {
  const opened = openSidecar(path, [us]);
  if (opened === undefined || 'why' in opened) throw new Error(opened?.why ?? `no ${path}`);
  expect(opened.others).toBe(0);
  return opened.tables;
}

/** Runs a program whose maps are followed; resolves when it has ended, with the sidecar's path. */
async function follow(words: readonly string[]): Promise<{ pid: number; path: string; problems: readonly string[] }> {
  const child = spawn(words[0]!, words.slice(1), { stdio: 'ignore' });
  pids.push(child.pid!);
  const path = join(folder, `${files++}.jit`);
  const tail = followJitMaps(child.pid!, path);
  await new Promise((done) => child.once('exit', done));
  tail.stop();
  return { pid: child.pid!, path, problems: tail.problems };
}

const allowed = (...words: string[]): boolean => spawnSync(words[0]!, words.slice(1)).status === 0;

const V8 = ['--perf-basic-prof', '--logfile=/dev/null'];

describe('maps of real node programs', () => {
  test('every line is there once, in its order, with a time that does not run backwards', async () => {
    const before = Number(process.hrtime.bigint());
    const { pid, path, problems } = await follow([process.execPath, ...V8, churn, '0.5']);
    const after = Number(process.hrtime.bigint());
    expect(problems).toEqual([]);
    const tables = sidecar(path);
    expect([...tables.keys()]).toContain(pid);
    const dated = tables.get(pid)!;
    const map = openPerfMap(pid) as JitTable;
    expect(dated.count).toBe(map.count);
    for (let i = 0; i < map.count; i++) {
      if (dated.starts[i] !== map.starts[i] || dated.ends[i] !== map.ends[i]) throw new Error(`line ${i} differs`);
    }
    expect(dated.nameOf(map.count - 1)).toBe(map.nameOf(map.count - 1));
    const dates = [...dated.dates.subarray(0, dated.count)];
    expect(dates).toEqual([...dates].sort((a, b) => a - b));
    expect(dates[0]).toBeGreaterThan(before);
    expect(dates.at(-1)).toBeLessThan(after);
    expect(new Set(dates).size).toBeGreaterThan(5);
  });

  test('processes below the program are followed, and those that were over at once are found', async () => {
    const list = join(folder, 'pids');
    const started = (words: string): string => `node ${V8.join(' ')} ${words} & echo $! >>'${list}'`;
    const script = [started("-e ''"), 'wait', started(`'${churn}' 0.5`), started(`'${churn}' 0.5`), 'wait'];
    const { path } = await follow(['sh', '-c', script.join('\n')]);
    const below = readFileSync(list, 'utf8').trim().split('\n').map(Number);
    pids.push(...below);
    const tables = below.map((pid) => sidecar(path).get(pid));
    expect(tables.map((table) => (table?.count ?? 0) > 100)).toEqual([true, true, true]);
    const dates = tables.map((table) => new Set(table!.dates.subarray(0, table!.count)).size);
    expect(Math.min(dates[1]!, dates[2]!)).toBeGreaterThan(5);
  });

  test('a program without just-in-time code leaves no sidecar of its own', async () => {
    const { pid, path, problems } = await follow(['sleep', '0.1']);
    expect(problems).toEqual([]);
    if (existsSync(path)) expect(sidecar(path).has(pid)).toBe(false);
  });

  test('a FIFO where the map should be does not make us wait', { retry: 3 }, async () => {
    const { pid, problems } = await follow(['sh', '-c', 'mkfifo /tmp/perf-$$.map; sleep 1.5; :']);
    expect(problems.join('\n')).toMatch(new RegExp(`process ${pid} are not read: .*it is not a regular file`));
  });

  test('a process that becomes another program starts its map anew; both are kept', async () => {
    const script = `function hotAfter(n) { let s = 0; for (let i = 0; i < n; i++) s += i; return s; }
      const end = Date.now() + 300; while (Date.now() < end) hotAfter(1000);`;
    const second = join(folder, 'second.js');
    writeFileSync(second, script);
    const before = `for i in $(seq 400); do echo '1000 10 JS:*hotBefore'; done >/tmp/perf-$$.map; sleep 0.3; exec "$0" "$@"`;
    const { pid, path } = await follow(['sh', '-c', before, process.execPath, ...V8, second]);
    const text = readFileSync(path, 'latin1');
    expect(text).toMatch(new RegExp(`^${pid} \\d+ 1000 10 JS:\\*hotBefore$`, 'm'));
    expect(text).toMatch(new RegExp(`^${pid} \\d+ \\w+ \\w+ JS:[^ ]*hotAfter `, 'm'));
  });
});

const RUN =
  'function hotInside(n) { return n > 0 ? hotInside(n - 1) : 0 } const end = Date.now() + 400; while (Date.now() < end) hotInside(99)';

const containers = us === 0 && allowed('unshare', '--mount', '--pid', '--fork', 'true');
if (!containers) console.log('skipped: containers and other users need root');

describe.skipIf(!containers)('maps that are not ours to reach', () => {
  test('a container with a /tmp and process ids of its own', async () => {
    const script = `mount -t tmpfs none /tmp && exec "$0" ${V8.join(' ')} -e '${RUN}'`;
    const shell = ['sh', '-c', script, process.execPath];
    const { pid, path, problems } = await follow(['unshare', '--mount', '--pid', '--fork', '--mount-proc', ...shell]);
    expect(problems).toEqual([]);
    const found = readFileSync(path, 'latin1').matchAll(/^(\d+) \d+ \w+ \w+ JS:\S*hotInside /gm);
    const inside = [...new Set([...found].map((line) => Number(line[1])))];
    expect(inside.length).toBe(1);
    expect([1, pid]).not.toContain(inside[0]);
    expect(sidecar(path).get(inside[0]!)!.count).toBeGreaterThan(1000);
  });

  test('a process of another user has a map of that user, which is read; one that we put there is not', {
    retry: 3,
  }, async () => {
    const words = ['setpriv', '--reuid', '12345', '--regid', '12345', '--clear-groups', process.execPath];
    const { pid, path } = await follow([...words, ...V8, '-e', RUN]);
    expect(sidecar(path).get(pid)!.count).toBeGreaterThan(1000);
    const stranger = `const { writeFileSync, chownSync } = require('node:fs'); const map = '/tmp/perf-' + process.pid + '.map';
        writeFileSync(map, '1000 10 planted\\n'); chownSync(map, 12345, 12345); ${RUN}`;
    const planted = await follow([process.execPath, '-e', stranger]);
    const why = `/proc/${planted.pid}/root/tmp/perf-${planted.pid}.map: it belongs to user 12345`;
    expect(planted.problems).toEqual([`names of just-in-time code of process ${planted.pid} are not read: ${why}`]);
    if (existsSync(planted.path)) expect(sidecar(planted.path).has(planted.pid)).toBe(false);
    expect(readFileSync(`/tmp/perf-${planted.pid}.map`, 'utf8')).toBe('1000 10 planted\n');
  });
});

describe('the end of a map that grows', () => {
  function grown(): { path: string; tail: JitMapTail; poll: () => string[] } {
    const path = join(folder, `${files++}.map`);
    writeFileSync(path, '');
    const tail = JitMapTail.open(path, [us], 0) as JitMapTail;
    const poll = (): string[] => {
      const lines: string[] = [];
      tail.poll((bytes) => lines.push(...bytes.toString().trimEnd().split('\n')));
      return lines;
    };
    return { path, tail, poll };
  }

  test('a line is taken when it is whole', () => {
    const { path, tail, poll } = grown();
    expect(poll()).toEqual([]);
    appendFileSync(path, '1 1 a\n2 2');
    expect(poll()).toEqual(['1 1 a']);
    appendFileSync(path, ' b');
    expect(poll()).toEqual([]);
    appendFileSync(path, '\n3 3 c\n');
    expect(poll()).toEqual(['2 2 b', '3 3 c']);
    expect(poll()).toEqual([]);
    tail.close();
  });

  test('a file that is written anew is read anew, be it shorter or longer', () => {
    const { path, tail, poll } = grown();
    appendFileSync(path, '1 1 a\n2 2 b\n');
    poll();
    writeFileSync(path, '3 3 c\n');
    expect(poll()).toEqual(['3 3 c']);
    writeFileSync(path, '4 4 something that is longer\n5 5 e\n');
    expect(poll()).toEqual(['4 4 something that is longer', '5 5 e']);
    expect(tail.isGone()).toBe(false);
    rmSync(path);
    expect(tail.isGone()).toBe(true);
    tail.close();
  });

  test('a line without end is given up', () => {
    const { path, tail, poll } = grown();
    writeFileSync(path, 'x'.repeat(3 << 20));
    expect(poll()).toEqual([]);
    expect(tail.problem).toBe('a line of it does not end');
    tail.close();
  });

  test('large growth comes whole', () => {
    const { path, tail, poll } = grown();
    const lines = Array.from({ length: 200_000 }, (_none, i) => `${i.toString(16)} 1 name ${i}`);
    writeFileSync(path, `${lines.join('\n')}\n`);
    const got: string[] = [];
    for (let some = poll(); some.length > 0; some = poll()) got.push(...some);
    expect(got).toEqual(lines);
    tail.close();
  });
});
