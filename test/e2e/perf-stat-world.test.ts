import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import type { CountersJson } from '../../src/render/counters/counters-json.ts';
import { optionalTool, requireTool } from '../require-tool.ts';
import { bin, runCli, workFolder } from './run-cli.ts';

const perf = requireTool('perf', findTool('perf') !== undefined);
const localedef = optionalTool('localedef', findTool('localedef') !== undefined);

describe.skipIf(!perf || !localedef)('perf-stat in a locale with other decimals', () => {
  test('numbers are right, and the program keeps the locale', async () => {
    const LOCPATH = workFolder();
    try {
      execFileSync('localedef', ['-c', '-i', 'de_DE', '-f', 'UTF-8', join(LOCPATH, 'de_DE.UTF-8')], {
        stdio: 'ignore',
      });
    } catch {
      // Warnings alone make it exit 1
    }
    if (!existsSync(join(LOCPATH, 'de_DE.UTF-8/LC_NUMERIC'))) return console.log('skipped: no locale could be made');
    const cwd = workFolder();
    const env = { LOCPATH, LC_ALL: 'de_DE.UTF-8' };
    const { code, stdout } = await runCli(['perf-stat', '-o', 'c.json', '--', 'sh', '-c', 'echo $LC_ALL'], {
      cwd,
      env,
    });
    expect(code).toBe(0);
    expect(stdout).toBe('de_DE.UTF-8\n');
    const { counters } = JSON.parse(readFileSync(join(cwd, 'c.json'), 'utf8')) as CountersJson;
    const clock = counters.find(({ name }) => name === 'task-clock')!.value!;
    expect(clock).toBeGreaterThan(1e5);
    expect(clock).toBeLessThan(1e9);
    expect(clock % 1000).not.toBe(0);
  });
});

const asRoot = perf && process.getuid?.() === 0 && findTool('unshare') !== undefined && findTool('mount') !== undefined;

describe.skipIf(!asRoot)('perf-stat on a full disk', () => {
  test('perf says nothing and exits 0: we say it, and write nothing', () => {
    const cwd = workFolder();
    const TMPDIR = workFolder();
    // Room for the helper and for perf's messages, not for its counts
    const script = `mount -t tmpfs -o size=8k tmpfs ${TMPDIR} && exec "$@"`;
    const words = [
      '-m',
      'sh',
      '-c',
      script,
      'sh',
      process.execPath,
      bin,
      'perf-stat',
      '-o',
      'c.json',
      '--',
      'echo',
      'ran',
    ];
    const { status, stderr } = spawnSync('unshare', words, { cwd, env: { ...process.env, TMPDIR }, encoding: 'utf8' });
    if (/permission denied|not permitted/i.test(stderr)) return console.log('skipped: no mounts here');
    expect(stderr).toMatch(/perf cannot count: .*(disk|counts)/);
    expect(stderr).toContain('set TMPDIR to another disk');
    expect(status).toBe(125);
    expect(readdirSync(cwd)).toEqual([]);
  });
});

describe.skipIf(!asRoot)('perf-stat where TMPDIR forbids programs', () => {
  test('the program runs all the same, and it is said what is less exact', () => {
    const cwd = workFolder();
    const TMPDIR = workFolder();
    const script = `mount -t tmpfs -o noexec tmpfs ${TMPDIR} && exec "$@"`;
    const program = ['--', 'sh', '-c', 'sleep 0.3; exit 4'];
    const words = ['-m', 'sh', '-c', script, 'sh', process.execPath, bin, 'perf-stat', '-o', 'c.json', ...program];
    const { status, stderr } = spawnSync('unshare', words, { cwd, env: { ...process.env, TMPDIR }, encoding: 'utf8' });
    if (/permission denied|not permitted/i.test(stderr)) return console.log('skipped: no mounts here');
    expect(status).toBe(4);
    expect(stderr).toContain('nobody could ask the kernel');
    const { counters } = JSON.parse(readFileSync(join(cwd, 'c.json'), 'utf8')) as CountersJson;
    expect(counters.find(({ name }) => name === 'max-rss')).toMatchObject({ source: 'proc', supported: true });
    expect(counters.find(({ name }) => name === 'wall-time')!.value).toBeGreaterThan(2.5e8);
  });
});

describe.skipIf(!perf)('perf before 6.0, which has no -j', () => {
  test('-x says the same', async () => {
    const folder = workFolder();
    // The real perf, with the answer of an older one to the option that it does not have
    const script = `for word; do [ "$word" = -j ] && { echo "  Error: unknown switch \`j'" >&2; exit 129; }; done; exec ${findTool('perf')} "$@"`;
    writeFileSync(join(folder, 'perf'), `#!/bin/sh\n${script.replace('`', '\\`')}\n`, { mode: 0o755 });
    const cwd = workFolder();
    const PATH = `${folder}:${process.env.PATH}`;
    const args = ['perf-stat', '-o', 'c.json', '-I', '50', '--', 'sh', '-c', 'sleep 0.2'];
    const { code } = await runCli(args, { cwd, env: { PATH } });
    expect(code).toBe(0);
    const { counters, series } = JSON.parse(readFileSync(join(cwd, 'c.json'), 'utf8')) as CountersJson;
    expect(counters.find(({ name }) => name === 'task-clock')).toMatchObject({
      source: 'perf',
      unit: 'ns',
      supported: true,
    });
    expect(counters.find(({ name }) => name === 'page-faults')!.value).toBeGreaterThan(20);
    expect(series.find(({ name }) => name === 'task-clock')!.time.length).toBeGreaterThan(2);
  });
});

describe.skipIf(!perf || process.getuid?.() !== 0)('perf-stat -a', () => {
  test('counts whatever runs while the program does', async () => {
    const { stdout, stderr } = await runCli(['perf-stat', '--json', '-a', '--', 'sleep', '0.3']);
    expect(stderr).toContain("memory, user and system time, minor and major faults are the program's own");
    const { counters } = JSON.parse(stdout) as CountersJson;
    expect(counters.find(({ name }) => name === 'cpu-clock')!.value).toBeGreaterThan(2.5e8);
    // The program's own
    expect(counters.find(({ name }) => name === 'user-time')!.value).toBeLessThan(5e7);
  });
});
