import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import type { CountersJson } from '../../src/render/counters/counters-json.ts';
import { requireTool } from '../require-tool.ts';
import { runCli, workFolder } from './run-cli.ts';

const perf = findTool('perf');
const strace = findTool('strace');
const ready = requireTool('perf', perf !== undefined) && requireTool('strace', strace !== undefined);

/** PATH on which `perf` is the real one, started by way of `prefix`. */
function perfBy(prefix: string): string {
  const folder = workFolder();
  writeFileSync(join(folder, 'perf'), `#!/bin/sh\nexec ${prefix} ${perf} "$@"\n`);
  chmodSync(join(folder, 'perf'), 0o755);
  return `${folder}:${process.env.PATH}`;
}

const failing = (error: string): string => perfBy(`${strace} -f -o /dev/null -e inject=perf_event_open:error=${error}`);

async function count(PATH: string, ...args: string[]) {
  const cwd = workFolder();
  const TMPDIR = workFolder();
  const run = await runCli(['perf-stat', '-o', 'c.json', ...args], { cwd, env: { PATH, TMPDIR } });
  const file = join(cwd, 'c.json');
  const json = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as CountersJson) : undefined;
  return { ...run, json, temporary: readdirSync(TMPDIR) };
}

const lines = (stderr: string): string[] => stderr.trim().split('\n');

describe.skipIf(!ready)('when the kernel refuses perf', () => {
  test.each([
    ['EACCES', 'the kernel does not let this user profile (sudo sysctl kernel.perf_event_paranoid=1)'],
    [
      'EPERM',
      'perf_event_open is forbidden here (a container?) (run the container with --cap-add PERFMON --security-opt seccomp=unconfined)',
    ],
    ['EMFILE', 'perf ran out of file descriptors (ulimit -n 65536)'],
    ['EBUSY', 'Device or resource busy'],
    ['ENODEV', 'No such device'],
  ])('%s: one line says why and what mends it, and the kernel’s own account is the answer', async (error, words) => {
    const { code, stdout, stderr, json, temporary } = await count(failing(error), '-r', '2', '--', 'echo', 'ran');
    expect(lines(stderr).filter((line) => line.includes('perf cannot count'))).toHaveLength(1);
    expect(stderr).toContain(words);
    expect(stdout).toBe('ran\nran\n');
    expect(code).toBe(0);
    expect(json!.counters.map(({ source }) => source)).not.toContain('perf');
    expect(json!.counters.find(({ name }) => name === 'max-rss')!.value).toBeGreaterThan(100_000);
    expect(json!.notes.join()).toContain('perf cannot count');
    expect(temporary).toEqual([]);
  });

  test.each(['ENOSYS', 'ENOENT', 'EINVAL'])('%s: perf says 0 and counts nothing; that is said', async (error) => {
    const { code, stderr, json } = await count(failing(error), '--', 'true');
    expect(code).toBe(0);
    expect(stderr).toContain('this kernel refuses perf events');
    expect(json!.counters.find(({ name }) => name === 'task-clock')).toMatchObject({ value: null, supported: false });
    expect(json!.counters.find(({ name }) => name === 'cpu-time')!.source).toBe('rusage');
  });

  test.each(['EACCES', 'EPERM', 'ENOSYS'])('%s with -e: 125, and the program has not run', async (error) => {
    const { code, stdout, stderr, json, temporary } = await count(
      failing(error),
      '-e',
      'page-faults',
      '--',
      'echo',
      'ran',
    );
    expect(code).toBe(125);
    expect(stdout).toBe('');
    expect(json).toBeUndefined();
    expect(lines(stderr)).toHaveLength(1);
    expect(temporary).toEqual([]);
  });
});

const paranoid = Number(readFileSync('/proc/sys/kernel/perf_event_paranoid', 'utf8'));
const asNobody = ready && process.getuid?.() === 0 && paranoid === 2 && existsSync('/usr/bin/setpriv');

describe.skipIf(!asNobody)('at perf_event_paranoid 2, for a plain user', () => {
  const drop = '/usr/bin/setpriv --reuid 65534 --regid 65534 --clear-groups';

  /** The whole tool as another user. */
  async function asUser(...args: string[]) {
    const cwd = workFolder();
    chmodSync(cwd, 0o777);
    const script = `exec ${drop} env HOME=/tmp TMPDIR=${cwd} ${process.execPath} "$@"`;
    const { spawnSync } = await import('node:child_process');
    const bin = join(import.meta.dirname, '../../bin/pforge-prof.js');
    const words = ['-c', script, 'sh', bin, 'perf-stat', '-o', join(cwd, 'c.json'), ...args];
    const { status, stderr } = spawnSync('/bin/sh', words, { encoding: 'utf8' });
    const file = join(cwd, 'c.json');
    return {
      status,
      stderr,
      json: existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as CountersJson) : undefined,
    };
  }

  test('switches, which perf counts as 0 there, come from the kernel’s account', async () => {
    const { status, stderr, json } = await asUser('--', 'sh', '-c', 'for i in 1 2 3 4 5; do sleep 0.01; done');
    expect(status).toBe(0);
    expect(json!.counters.find(({ name }) => name === 'context-switches:u')).toMatchObject({
      value: null,
      missing: 'not counted',
    });
    expect(json!.counters.find(({ name }) => name === 'voluntary-switches')!.value).toBeGreaterThan(5);
    expect(json!.counters.find(({ name }) => name === 'task-clock:u')!.value).toBeGreaterThan(0);
    expect(stderr).toContain('sudo sysctl kernel.perf_event_paranoid=1');
  });

  test('the whole system is told from /proc', async () => {
    const { status, stderr, json } = await asUser('-d', '0.3');
    expect(status).toBe(0);
    expect(stderr).toContain('perf cannot count: the kernel does not let this user profile');
    expect(json!.counters.find(({ name }) => name === 'cpu-time')!.value).toBeGreaterThanOrEqual(0);
    expect(json!.counters.find(({ name }) => name === 'context-switches')).toMatchObject({ source: 'proc' });
  });
});

test('without any perf one line says so, and there is an answer', async () => {
  const { code, stdout, stderr, json } = await count('/nowhere', '-r', '3', '--', '/bin/echo', 'ran');
  expect(code).toBe(0);
  expect(stdout).toBe('ran\n'.repeat(3));
  expect(lines(stderr).filter((line) => line.includes('perf cannot count: it is not installed'))).toHaveLength(1);
  const names = json!.counters.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      'wall-time',
      'user-time',
      'system-time',
      'max-rss',
      'minor-faults',
      'major-faults',
      'voluntary-switches',
      'involuntary-switches',
      'cpu-time',
    ]),
  );
});

test.skipIf(perf === undefined)('a perf that writes what nobody knows: 125, and which line', async () => {
  const folder = workFolder();
  // Its words are `stat -j -o FILE ...`
  const script = `#!/bin/sh\ntrap : INT\n${perf} "$@"\necho '{"surprise" : true}' >> "$4"\n`;
  writeFileSync(join(folder, 'perf'), script, { mode: 0o755 });
  const { code, stderr, json } = await count(`${folder}:${process.env.PATH}`, '--', 'sleep', '0.1');
  expect(stderr).toMatch(/perf stat wrote something that is not understood \(line \d+\); please report it with/);
  expect([code, json]).toEqual([125, undefined]);
});
