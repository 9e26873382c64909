import { chmodSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { isAlive } from '../../src/processes/proc.ts';
import { runCli, workFolder } from '../e2e/run-cli.ts';
import { requireTool } from '../require-tool.ts';

const perf = findTool('perf');
const strace = findTool('strace');
const ready = requireTool('perf', perf !== undefined) && requireTool('strace', strace !== undefined);

/** A folder with a perf whose perf_event_open fails: the real perf under strace, which injects the error. */
function failingPerf(error: string): string {
  const folder = workFolder();
  const script = `#!/bin/sh\nexec ${strace} -f -o /dev/null -e inject=perf_event_open:error=${error} ${perf} "$@"\n`;
  writeFileSync(join(folder, 'perf'), script);
  chmodSync(join(folder, 'perf'), 0o755);
  return folder;
}

describe.skipIf(!ready)('when the kernel refuses perf', () => {
  test.each([
    ['EPERM', /forbidden here \(a container\?\); run the container with --cap-add PERFMON/],
    ['EACCES', /does not let this user profile; sudo sysctl kernel.perf_event_paranoid=1/],
    ['ENOSYS', /no perf events \(gVisor, WSL1\); /],
    ['EMFILE', /file descriptors; ulimit -n/],
    ['ENOENT', /does not have that event; use -e cpu-clock/],
    ['EBUSY', /Device or resource busy.*; pforge-prof doctor/],
    ['EINVAL', /Invalid argument.*; pforge-prof doctor/],
  ])('%s: 125, one line with the remedy, and the program has not run', async (error, pattern) => {
    const cwd = workFolder();
    const TMPDIR = workFolder();
    const PATH = `${failingPerf(error)}:${process.env.PATH}`;
    const { code, stdout, stderr } = await runCli(['flame', '--', 'echo', 'ran'], { cwd, env: { PATH, TMPDIR } });
    const errors = stderr.split('\n').filter((line) => line.includes('error:'));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(pattern);
    expect(code).toBe(125);
    expect(stdout).toBe('');
    expect(readdirSync(cwd)).toEqual([]);
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  test('a node program is then recorded with V8, once', async () => {
    const cwd = workFolder();
    const PATH = `${failingPerf('EPERM')}:${process.env.PATH}`;
    const script = 'console.log("ran"); for (let i = 0; i < 5e8; i++);';
    const { code, stdout, stderr } = await runCli(['flame', '--', 'node', '-e', script], { cwd, env: { PATH } });
    expect(stderr).toMatch(/perf cannot record: .*recording with V8's profiler, JavaScript frames only/);
    expect(stdout).toBe('ran\n');
    expect(code).toBe(0);
    expect(readdirSync(cwd)).toEqual(['flamegraph.svg']);
  });
});

describe.skipIf(!requireTool('perf', perf !== undefined))('when perf leaves no recording', () => {
  // Its words are `record -o FILE ...`
  test.each([
    ['nothing', 'rm "$3"', 'perf left no file'],
    ['a part of its header', 'head -c 50 "$3" > part; cat part > "$3"; rm part', 'perf left an incomplete file'],
    [
      'a header that was never completed',
      'printf "\\0\\0\\0\\0\\0\\0\\0\\0" | dd of="$3" bs=1 seek=48 conv=notrunc 2>/dev/null; echo killed >&2',
      'perf was cut off and left an empty file',
    ],
  ])('but %s: 125, and what it said', async (_what, spoils, message) => {
    const cwd = workFolder();
    const bin = workFolder();
    writeFileSync(join(bin, 'perf'), `#!/bin/sh\ntrap : INT\n${perf} "$@"\necho cut short >&2\n${spoils}\n`);
    chmodSync(join(bin, 'perf'), 0o755);
    const words = ['flame', '--collector', 'perf', '--', 'sh', '-c', 'i=0; while [ $i -lt 9999 ]; do i=$((i+1)); done'];
    const { code, stderr } = await runCli(words, { cwd, env: { PATH: `${bin}:${process.env.PATH}` } });
    expect(stderr).toMatch(new RegExp(`error: the recording failed: ${message}; (?:cut short|killed)\n$`));
    expect(code).toBe(125);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

/** Those of the kernel have no executable; of a container none may be seen. */
const kernels = readdirSync('/proc').filter((name) => {
  if (!/^[1-9]\d*$/.test(name)) return false;
  try {
    readlinkSync(`/proc/${name}/exe`);
    return false;
  } catch {
    return isAlive(Number(name));
  }
});

test.skipIf(perf === undefined || kernels.length === 0)('a process of the kernel may not be looked at', async () => {
  const [pid] = kernels;
  const { code, stderr } = await runCli(['flame', '--collector', 'perf', '--pid', pid!, '-d', '0.1']);
  expect(stderr).toMatch(
    new RegExp(`process ${pid} may not be looked at; it belongs to another user, or to the kernel`),
  );
  expect(code).toBe(125);
});
