import { spawn } from 'node:child_process';
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
    const long = `node ${V8.join(' ')} ${churn} 0.5`;
    const short = `node ${V8.join(' ')} -e 'console.log(process.pid)'`;
    const { path } = await follow(['sh', '-c', `${short}; ${long} & ${long} & wait; true`]);
    const tables = [...sidecar(path).entries()].filter(([pid]) => !pids.includes(pid));
    pids.push(...tables.map(([pid]) => pid));
    const started = tables.filter(([, table]) => new Set(table.dates.subarray(0, table.count)).size > 5);
    expect(started.length).toBeGreaterThanOrEqual(2);
    expect(tables.length).toBeGreaterThanOrEqual(3);
  });

  test('a program without just-in-time code leaves no sidecar of its own', async () => {
    const { pid, path, problems } = await follow(['sleep', '0.1']);
    expect(problems).toEqual([]);
    if (existsSync(path)) expect(sidecar(path).has(pid)).toBe(false);
  });

  test('a process that becomes another program starts its map anew; both are kept', async () => {
    const script = `function hotAfter(n) { let s = 0; for (let i = 0; i < n; i++) s += i; return s; }
      const end = Date.now() + 300; while (Date.now() < end) hotAfter(1000);`;
    const second = join(folder, 'second.js');
    writeFileSync(second, script);
    const python = `import os, sys, time
open('/tmp/perf-%d.map' % os.getpid(), 'w').write('1000 10 JS:*hotBefore\\n' * 400)
time.sleep(0.3)
os.execv(sys.argv[1], [sys.argv[1]] + sys.argv[2:])`;
    const { pid, path } = await follow(['python3', '-c', python, process.execPath, ...V8, second]);
    const text = readFileSync(path, 'latin1');
    expect(text).toMatch(new RegExp(`^${pid} \\d+ 1000 10 JS:\\*hotBefore$`, 'm'));
    expect(text).toMatch(new RegExp(`^${pid} \\d+ \\w+ \\w+ JS:[^ ]*hotAfter `, 'm'));
  });
});

describe('the end of a map that grows', () => {
  function grown(): { path: string; tail: JitMapTail; poll: () => string[] } {
    const path = join(folder, `${files++}.map`);
    writeFileSync(path, '');
    const tail = JitMapTail.open(path, [us], 0)!;
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
