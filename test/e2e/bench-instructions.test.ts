import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { requireTool } from '../require-tool.ts';
import { pathWith } from './fake-tools.ts';
import { bin, runCli, workFolder } from './run-cli.ts';

/** What it counts in a real run takes minutes: `node scripts/bench-instructions.mjs`. */
function folderWith(body: string): string {
  const cwd = workFolder();
  mkdirSync(join(cwd, 'bench'));
  writeFileSync(join(cwd, 'bench/a.bench.js'), `import { bench } from 'pforge-prof/bench';\n${body}\n`);
  return cwd;
}

const valgrind = requireTool('valgrind', findTool('valgrind') !== undefined);

test.runIf(valgrind)('a benchmark that throws is named, exit code 1', async () => {
  const cwd = folderWith("bench('broken', () => { throw new Error('no luck'); });");
  const { code, stdout, stderr } = await runCli(['bench', '--metric', 'instructions', '--json'], { cwd });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual([{ name: 'broken', error: { message: 'it threw: Error: no luck' } }]);
  expect(stderr).toMatch(/broken: .*no luck/);
});

test('without valgrind it is said what to install', async () => {
  const cwd = folderWith("bench('one', () => 1);");
  const env = { PATH: dirname(process.execPath) === '/usr/bin' ? '/nowhere' : dirname(process.execPath) };
  const { code, stderr } = await runCli(['bench', '--metric', 'instructions'], { cwd, env });
  expect([code, stderr]).toEqual([125, expect.stringContaining('apt-get install valgrind')]);
});

const mounts = process.getuid?.() === 0 && findTool('unshare') !== undefined;
const perf = findTool('perf');

test.runIf(mounts && requireTool('perf', perf !== undefined))('a perf that counts no instructions', () => {
  // A machine with hardware counters, and a perf that counts time where it was asked for instructions
  const script = `for word; do
  shift
  [ "$word" = instructions:u ] && word=cpu-clock:u
  set -- "$@" "$word"
done
exec ${perf} "$@"`;
  const devices = '/sys/bus/event_source/devices';
  const inside = `mount -t tmpfs tmpfs ${devices} && mkdir ${devices}/cpu && exec "$@"`;
  const words = [process.execPath, bin, 'bench', '--metric', 'instructions', '--', 'true'];
  const { status, stdout, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', inside, 'sh', ...words], {
    cwd: workFolder(),
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', PATH: `${pathWith({ perf: script })}:${process.env.PATH}` },
  });
  expect(stderr).toMatch(/error: the instructions of a run were not counted; was it too short\? valgrind counts where/);
  expect([status, stdout]).toEqual([125, '']);
});
