import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Artefact, CollectOptions } from '../../src/collectors/collector.ts';
import { v8Cpu } from '../../src/collectors/v8-cpu.ts';
import { listSegments } from '../../src/collectors/v8-segments.ts';
import { UserError } from '../../src/errors.ts';
import { PRELUDE } from '../preload/profile-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-v8-'));
afterAll(() => rmSync(folder, { recursive: true }));

function program(source: string, name = 'main.js'): string {
  const file = join(folder, name);
  writeFileSync(file, PRELUDE + source);
  return file;
}

const said: string[] = [];
const seen: string[] = [];
const options: CollectOptions = {
  frequency: 1000,
  say: (line) => said.push(line),
  progress: (_elapsed, detail) => seen.push(detail),
};

async function collect(words: readonly string[], more: Partial<CollectOptions> = {}): Promise<Artefact> {
  return v8Cpu.collect({ program: words }, { ...options, ...more });
}

test('a recording: files of every thread, in order; gone when it is disposed of', async () => {
  const source = `new (require('node:worker_threads').Worker)('const e = Date.now() + 200; while (Date.now() < e);', { eval: true }); hot(300)`;
  const artefact = await collect(['node', program(source)]);
  expect(artefact).toMatchObject({ collector: 'v8', format: 'cpuprofile', stopped: false, notes: [] });
  expect(artefact.exit).toEqual({ code: 0, signal: undefined });
  expect(artefact.duration).toBeGreaterThan(0.3e9);
  const threads = artefact.files.map((file) => JSON.parse(readFileSync(file, 'utf8')).pforgeProf.thread);
  expect(threads).toEqual(['main.js', 'worker 1 ([worker eval])']);
  const first = artefact.files[0]!;
  expect(statSync(first).mode & 0o777).toBe(0o600);
  await artefact.dispose();
  expect(existsSync(first)).toBe(false);
});

test('the exit code and the signal are the program’s own', async () => {
  const failed = await collect(['node', program('hot(100); process.exit(3)')]);
  expect(failed.exit).toEqual({ code: 3, signal: undefined });
  await failed.dispose();
  const killed = await collect(['node', program('hot(100); process.kill(process.pid, "SIGTERM")')]);
  expect(killed.exit).toEqual({ code: undefined, signal: 'SIGTERM' });
  expect(killed.files.length).toBeGreaterThan(0);
  await killed.dispose();
});

test('a duration ends a program that would run for ever', async () => {
  const artefact = await collect(['node', program('for (;;) hot(10)')], { durationSeconds: 2 });
  expect(artefact.stopped).toBe(true);
  expect(artefact.files.length).toBeGreaterThan(0);
  expect(seen).toContain('1 process');
  await artefact.dispose();
});

test('the frequency is the one asked for', async () => {
  const artefact = await collect(['node', program('hot(300)')], { frequency: 100 });
  const profile = JSON.parse(readFileSync(artefact.files[0]!, 'utf8'));
  expect(profile.samples.length).toBeLessThan(60);
  await artefact.dispose();
});

test('node processes below a shell and a script are in it', async () => {
  const artefact = await collect([
    'sh',
    '-c',
    `node ${program('hot(200)', 'one.js')}; node ${program('hot(200)', 'two.js')}`,
  ]);
  const processes = artefact.files.map((file) => JSON.parse(readFileSync(file, 'utf8')).pforgeProf.process);
  expect(processes.sort()).toEqual(['one.js', 'two.js']);
  await artefact.dispose();
});

test('a process that outlives the program is written, named, and then left in peace', async () => {
  const marker = JSON.stringify(join(folder, 'child-is-up'));
  const child = program(
    `setInterval(() => hot(5), 20); setTimeout(() => require('node:fs').writeFileSync(${marker}, ''), 1500); setTimeout(() => process.exit(), 60000)`,
    'child.js',
  );
  const parent = program(
    `require('node:child_process').spawn('node', [${JSON.stringify(child)}], { detached: true, stdio: 'ignore' }).unref();
do hot(20); while (!require('node:fs').existsSync(${marker})); process.exit();`,
  );
  const artefact = await collect(['node', parent]);
  const pid = Number(/process (\d+) is still running/.exec(artefact.notes[0] ?? '')?.[1]);
  try {
    const pids = artefact.files.map((file) => Number(basename(file).split('-')[0]));
    expect(pids).toContain(pid);
    const before = listSegments(join(artefact.files[0]!, '..')).files.length;
    await new Promise((done) => setTimeout(done, 4000));
    expect(listSegments(join(artefact.files[0]!, '..')).files.length).toBe(before);
    process.kill(pid, 0);
  } finally {
    if (pid > 0) process.kill(pid, 'SIGKILL');
    await artefact.dispose();
  }
});

test('a TMPDIR too long for a socket', async () => {
  const before = process.env.TMPDIR;
  const long = mkdtempSync(join(folder, 'x'.repeat(120)));
  process.env.TMPDIR = long;
  try {
    const artefact = await collect(['node', program('hot(500)')]);
    expect(artefact.files.length).toBe(1);
    expect(artefact.files[0]!.startsWith(long)).toBe(true);
    await artefact.dispose();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
});

describe('what cannot be recorded', () => {
  test('a running process that is not node', async () => {
    const child = spawn('sleep', ['60']);
    const attempt = v8Cpu.collect({ pid: child.pid! }, options);
    await expect(attempt).rejects.toThrow(UserError);
    await expect(attempt).rejects.toMatchObject({
      exitCode: 125,
      message: `process ${child.pid} is sleep, not node`,
      hint: expect.stringContaining('node process'),
    });
    child.kill('SIGKILL');
  });

  test('a program that is missing', async () => {
    await expect(collect([join(folder, 'missing')])).rejects.toMatchObject({ exitCode: 127 });
  });

  test('a program that is not node', async () => {
    const artefact = await collect(['true']);
    expect(artefact.files).toEqual([]);
    expect(artefact.notes).toEqual(['no profile was written: the program is not node, and started no node process']);
    await artefact.dispose();
  });

  test('a program that is killed before its first checkpoint', async () => {
    const source = 'hot(700); require("node:child_process").spawnSync("kill", ["-9", String(process.pid)])';
    const artefact = await collect(['node', program(source)]);
    expect(artefact.exit?.signal).toBe('SIGKILL');
    expect(artefact.notes).toEqual([
      'no profile was written: the program was ended (SIGKILL) before its first checkpoint',
    ]);
    await artefact.dispose();
  });
});

test('segments are listed by process, thread and time, losses apart', () => {
  const names = ['9-9-10', '9-9-2', '10-12-0', '10-10-0'].map((name) => `${name}.cpuprofile`);
  const dir = mkdtempSync(join(folder, 'list'));
  for (const name of [...names, '9-9-ENOSPC.lost', 'c', '9-9-3.cpuprofile.tmp']) writeFileSync(join(dir, name), '');
  expect(listSegments(dir)).toEqual({
    files: ['9-9-2', '9-9-10', '10-10-0', '10-12-0'].map((name) => join(dir, `${name}.cpuprofile`)),
    threads: 3,
    lost: [{ pid: 9, code: 'ENOSPC' }],
  });
});

test('it works wherever node does', async () => {
  expect(await v8Cpu.detect()).toEqual({ ok: true, version: process.version, path: process.execPath });
});
