import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import type { CountersJson } from '../../src/render/counters/counters-json.ts';
import { requireTool } from '../require-tool.ts';
import { type CliOptions, runCli, workFolder } from './run-cli.ts';

const perf = requireTool('perf', findTool('perf') !== undefined);

const busy = `console.log('started'); for (;;);`;
const stubborn = `process.on('SIGINT', () => {}); process.on('SIGTERM', () => {}); console.log('started'); setInterval(() => {}, 10)`;
const SOON = 300;

type Sent = NonNullable<CliOptions['signals']>[number];
const started: Sent = { after: 'started', signal: 'SIGCONT', to: 'leader' };

async function interrupted(args: readonly string[], signals: readonly Sent[], env: NodeJS.ProcessEnv = {}) {
  const cwd = workFolder();
  const TMPDIR = workFolder();
  const run = await runCli(['perf-stat', '-o', 'counts.json', ...args], { cwd, env: { TMPDIR, ...env }, signals });
  const file = join(cwd, 'counts.json');
  const json = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as CountersJson) : undefined;
  const value = (name: string) => json?.counters.find((one) => one.name === name)?.value;
  return { ...run, json, value, temporary: readdirSync(TMPDIR), files: readdirSync(cwd) };
}

describe.skipIf(!perf)('Ctrl-C keeps the counts', () => {
  test.each([
    ['SIGINT', 'group'],
    ['SIGINT', 'leader'],
    ['SIGTERM', 'leader'],
    ['SIGHUP', 'leader'],
  ] as const)('%s to the %s', async (signal, to) => {
    const { code, value, survivors, temporary } = await interrupted(
      ['--', 'node', '-e', busy],
      [started, { after: SOON, signal, to }],
    );
    expect(code).toBe(0);
    expect(value('task-clock')).toBeGreaterThan(1e7);
    expect(value('user-time')).toBeGreaterThan(1e7);
    expect(survivors).toEqual([]);
    expect(temporary).toEqual([]);
  });

  test('twice within two seconds gives up: 130, nothing is written or left', async () => {
    const { code, files, survivors, temporary } = await interrupted(
      ['--', 'node', '-e', stubborn],
      [started, { after: SOON, signal: 'SIGINT', to: 'group' }, { after: 400, signal: 'SIGINT', to: 'group' }],
    );
    expect(code).toBe(130);
    expect([files, survivors, temporary]).toEqual([[], [], []]);
  });

  test('among several runs: those before are kept, the one that was cut off is not among them', async () => {
    const cwd = workFolder();
    const TMPDIR = workFolder();
    const script =
      'if [ $(cat n 2>/dev/null || echo 0) -ge 2 ]; then echo started; exec sleep 30; fi; echo $(($(cat n 2>/dev/null || echo 0) + 1)) > n';
    const { code, stderr, survivors } = await runCli(
      ['perf-stat', '-o', 'c.json', '-r', '5', '--', 'sh', '-c', script],
      {
        cwd,
        env: { TMPDIR },
        signals: [started, { after: SOON, signal: 'SIGINT', to: 'group' }],
      },
    );
    const json = JSON.parse(readFileSync(join(cwd, 'c.json'), 'utf8')) as CountersJson;
    expect(json.runs).toBe(2);
    expect(json.counters.find(({ name }) => name === 'wall-time')!.value).toBeLessThan(5e9);
    expect(stderr).toContain('interrupted: 2 of 5 runs were counted');
    expect(code).toBe(0);
    expect([survivors, readdirSync(TMPDIR)]).toEqual([[], []]);
  });

  test('of the whole system, until then', async () => {
    const { code, value, survivors, temporary } = await interrupted(
      [],
      [{ after: 1500, signal: 'SIGINT', to: 'group' }],
    );
    expect(code).toBe(0);
    expect(value('wall-time')).toBeGreaterThan(1e7);
    expect([survivors, temporary]).toEqual([[], []]);
  });

  test('without perf as well', async () => {
    const PATH = '/nowhere';
    const { code, value, survivors } = await interrupted(
      ['--', process.execPath, '-e', busy],
      [started, { after: SOON, signal: 'SIGINT', to: 'group' }],
      { PATH },
    );
    expect(code).toBe(0);
    expect(value('user-time')).toBeGreaterThan(1e7);
    expect(survivors).toEqual([]);
  });

  test('-d ends the program; with -r each run', async () => {
    const { code, json, survivors } = await interrupted(['-d', '0.4', '-r', '2', '--', 'node', '-e', busy], []);
    expect(code).toBe(0);
    expect(json!.runs).toBe(2);
    expect(survivors).toEqual([]);
  });

  test('SIGKILL of the tool leaves no process behind', async () => {
    const { signal, survivors } = await interrupted(
      ['--', 'node', '-e', busy],
      [started, { after: SOON, signal: 'SIGKILL', to: 'leader' }],
    );
    expect(signal).toBe('SIGKILL');
    await new Promise((done) => setTimeout(done, 500));
    expect(survivors.filter((line) => line.includes('started'))).toEqual([]);
  });
});

describe.skipIf(!perf)('Ctrl-C between two runs', () => {
  test('during --prepare: what was counted is kept', async () => {
    const cwd = workFolder();
    const prepare = `sh -c 'if [ -e first ]; then echo preparing; exec sleep 30; fi; touch first'`;
    const script = 'echo started';
    const { code, survivors, stderr } = await runCli(
      ['perf-stat', '-o', 'c.json', '-r', '3', '--prepare', prepare, '--', 'sh', '-c', script],
      { cwd, signals: [{ after: { stderr: 'preparing' }, signal: 'SIGINT', to: 'group' }] },
    );
    const json = JSON.parse(readFileSync(join(cwd, 'c.json'), 'utf8')) as CountersJson;
    expect(json.runs).toBe(1);
    expect(stderr).toContain('interrupted: 1 of 3 runs were counted');
    expect(code).toBe(0);
    expect(survivors).toEqual([]);
  });

  test('before anything was counted: 130, nothing is written', async () => {
    const { code, files, survivors, temporary } = await interrupted(
      ['--prepare', 'sleep 30', '--', 'echo', 'ran'],
      [{ after: 1500, signal: 'SIGINT', to: 'group' }],
    );
    expect(code).toBe(130);
    expect([files, survivors, temporary]).toEqual([[], [], []]);
  });
});
