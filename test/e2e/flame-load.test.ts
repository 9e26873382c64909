import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findTool } from '../../src/processes/executables.ts';
import { requireTool } from '../require-tool.ts';
import { runCli, workFolder } from './run-cli.ts';

/** A server that computes for a second before it listens, and something else for each request. */
function server(): string {
  const file = join(workFolder(), 'server.cjs');
  writeFileSync(
    file,
    `function warmingUp() { const end = Date.now() + 1000; let x = 0; while (Date.now() < end) x += Math.sqrt(x + 1); return x; }
function answering(response) { let x = 0; for (let i = 0; i < 2e5; i++) x += Math.sqrt(i); response.end(String(x)); }
warmingUp();
require('node:http').createServer((request, response) => answering(response)).listen(0, '127.0.0.1');
`,
  );
  return file;
}

const perf = findTool('perf') !== undefined;
const collectors = ['v8', ...(requireTool('perf', perf) ? ['perf'] : [])];

test.each(collectors)('%s: the profile of a loaded server is that of the load alone', async (collector) => {
  const cwd = workFolder();
  const words = ['--collector', collector, '--load', '/', '-c', '2', '-d', '1', '--load-warmup', '300ms'];
  const { code, stdout, stderr, survivors } = await runCli(
    ['flame', ...words, '-o', 'x.folded', '--json', '--', process.execPath, server()],
    { cwd },
  );
  expect(code).toBe(0);
  const folded = readFileSync(join(cwd, 'x.folded'), 'utf8');
  expect(folded).toMatch(/answering/);
  expect(folded).not.toMatch(/warmingUp/);
  expect(stderr).toMatch(
    /under load for 1\.\d s: 2 connections to http:\/\/127\.0\.0\.1:\d+\/: [\d.]+ requests\/s, p50/,
  );
  expect(JSON.parse(stdout).notes.join()).toMatch(/under load/);
  expect(survivors).toEqual([]);
});

test('--load without a program, and a server that never listens', async () => {
  const alone = await runCli(['flame', '--load', '/x']);
  expect(alone.code).toBe(2);
  expect(alone.stderr).toMatch(/--load needs the server as a program/);
  const words = [
    '--collector',
    'v8',
    '--load',
    '/',
    '--ready-timeout',
    '1s',
    '--',
    process.execPath,
    '-e',
    'setInterval(() => {}, 99)',
  ];
  const never = await runCli(['flame', ...words]);
  expect(never.code).toBe(125);
  expect(never.stderr).toMatch(/after 1 s the program does not listen on any port/);
  expect(never.survivors).toEqual([]);
});

test('where nothing is answered no command counts it as a loaded server', async () => {
  const cwd = workFolder();
  const file = join(cwd, 'resets.cjs');
  writeFileSync(file, "require('node:net').createServer((socket) => socket.resetAndDestroy()).listen(0, '127.0.0.1');");
  const load = ['--load', '/', '-d', '0.5', '--load-warmup', '0', '--', process.execPath, file];
  for (const command of [['flame', '--collector', 'v8'], ['perf-stat'], ['massif', '--rss']]) {
    const { code, stderr, survivors } = await runCli([...command, ...load], { cwd });
    expect(code, command.join(' ')).toBe(125);
    expect(stderr).toMatch(/error: the load was not answered: .*ECONNRESET/);
    expect(survivors).toEqual([]);
  }
});

test('what belongs to a load is refused without one', async () => {
  for (const command of ['flame', 'perf-stat', 'massif']) {
    const { code, stderr } = await runCli([command, '--load-rate', '5', '--', process.execPath, '-e', '1']);
    expect(stderr).toMatch(/--load-rate is for --load, which is not given/);
    expect(code).toBe(2);
  }
});

const heaptrack = requireTool('heaptrack', findTool('heaptrack') !== undefined);

test.skipIf(!heaptrack)('flame --heap of a loaded server', async () => {
  const cwd = workFolder();
  const file = join(cwd, 'server.cjs');
  writeFileSync(file, "require('node:http').createServer((_q, answer) => answer.end('ok')).listen(0, '127.0.0.1');");
  const load = ['--load', '/', '-c', '2', '-d', '0.5', '--load-warmup', '0'];
  const { code, stderr, survivors } = await runCli(
    ['flame', '--heap', '--collector', 'heaptrack', ...load, '--', process.execPath, file],
    { cwd },
  );
  expect(stderr).toMatch(/under load for 0\.\d s/);
  expect(code).toBe(0);
  expect(survivors).toEqual([]);
});

test('perf-stat and massif --rss of a loaded server', async () => {
  const cwd = workFolder();
  const load = ['--load', '/', '-c', '2', '-d', '0.5', '--load-warmup', '0'];
  const counted = await runCli(['perf-stat', ...load, '--', process.execPath, server()], { cwd });
  expect(counted.code).toBe(0);
  expect(counted.stderr).toMatch(/under load for 0\.\d s/);
  expect(counted.stdout + counted.stderr).toMatch(/seconds time elapsed/);
  const memory = await runCli(['massif', '--rss', ...load, '--', process.execPath, server()], { cwd });
  expect(memory.code).toBe(0);
  expect(memory.stderr).toMatch(/under load for 0\.\d s/);
  expect([...counted.survivors, ...memory.survivors]).toEqual([]);
});
