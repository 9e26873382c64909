import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { requireTool } from '../require-tool.ts';
import { runCli, workFolder } from './run-cli.ts';

const perf = requireTool('perf', findTool('perf') !== undefined);
const BUSY = 'function hotLoop() { let sum = 0; for (let i = 0; i < 4e8; i++) sum += i % 7; return sum; } hotLoop();';

describe.skipIf(!perf)('record keeps what perf left', () => {
  test('perf.data, with the names of compiled code beside it, for flame, report and convert', async () => {
    const cwd = workFolder();
    const { code, stderr } = await runCli(['record', '--', 'node', '-e', `${BUSY} process.exit(3)`], { cwd });
    expect(stderr).toMatch(
      /kept perf\.data \(\d+ KiB\); the program exited 3; draw it: pforge-prof flame perf\.data\n$/,
    );
    expect(code).toBe(3);
    expect(readdirSync(cwd).sort()).toEqual(['perf.data', 'perf.data.jit']);
    expect(readFileSync(join(cwd, 'perf.data'), 'latin1').slice(0, 8)).toBe('PERFILE2');
    const pid = /^(\d+) /m.exec(readFileSync(join(cwd, 'perf.data.jit'), 'utf8').split('\n').slice(1).join('\n'))?.[1];
    expect(existsSync(`/tmp/perf-${pid}.map`)).toBe(false);
    const { stdout } = await runCli(['report', 'perf.data'], { cwd });
    expect(stdout).toContain('hotLoop');
    expect((await runCli(['convert', 'perf.data', '-q'], { cwd })).stdout).toContain(';hotLoop ');
    expect((await runCli(['flame', '-q', 'perf.data', '-o', 'x.svg'], { cwd })).code).toBe(0);
    expect(statSync(join(cwd, 'x.svg')).size).toBeGreaterThan(1000);
  });

  test('a name of one’s own, and --json', async () => {
    const cwd = workFolder();
    const { stdout } = await runCli(
      ['record', '-q', '--json', '-o', 'slow.data', '--', 'sh', '-c', 'md5sum /usr/lib/*/*.so* >&2'],
      {
        cwd,
      },
    );
    expect(JSON.parse(stdout)).toMatchObject({ format: 'perf-data', files: [{ name: 'slow.data' }] });
    expect(existsSync(join(cwd, 'slow.data'))).toBe(true);
  });
});

test("with V8's profiler it keeps a .cpuprofile", async () => {
  const cwd = workFolder();
  const { code, stderr } = await runCli(['record', '--collector', 'v8', '--', 'node', '-e', BUSY], { cwd });
  expect(stderr).toContain('kept profile.cpuprofile');
  expect(code).toBe(0);
  expect((await runCli(['report', 'profile.cpuprofile'], { cwd })).stdout).toContain('hotLoop');
});

test.each([
  [['record'], 'nothing to record'],
  [['record', 'x.data'], 'too many arguments'],
  [['record', '--'], 'no program follows --'],
  [['record', '-o', '-', '--', 'true'], 'a recording is kept in a file'],
  [['record', '-p', '1', '--', 'true'], 'give only one of: a program after --, --pid'],
  [['record', '-o', '/nowhere/x.data', '--', 'true'], 'the folder /nowhere does not exist'],
])('%j is refused before anything runs', async (args, message) => {
  const { code, stderr } = await runCli(args);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

test('a program that starts no node, recorded by the profiler of V8: nothing is kept', async () => {
  const cwd = workFolder();
  const { code, stderr } = await runCli(['record', '--collector', 'v8', '--', 'true'], { cwd });
  expect(stderr).toMatch(/error: nothing was recorded; no profile was written: the program is not node/);
  expect([code, readdirSync(cwd)]).toEqual([125, []]);
});
