import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ACCOUNTANTS } from '../../src/processes/accountant/binaries.ts';
import { readAccount } from '../../src/processes/accountant/records.ts';
import { findTool } from '../../src/processes/executables.ts';
import { startMeasured } from '../../src/processes/measured-target.ts';
import { readProcess, sendSignal } from '../../src/processes/proc.ts';
import { optionalTool } from '../require-tool.ts';

const folder = mkdtempSync(join(tmpdir(), 'measured-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...program: string[]) {
  const target = await startMeasured(program, { env: process.env, folder });
  target.resume();
  const exit = await target.exited;
  return { exit, account: await target.account };
}

describe('the account of a program', () => {
  test('a program that does next to nothing is told as small as it is, not as large as we are', async () => {
    const { exit, account } = await run('true');
    expect(exit).toEqual({ code: 0, signal: undefined });
    expect(account!.end!.usage.maxRss).toBeLessThan(8 << 20);
    expect(account!.end!.usage.maxRss).toBeGreaterThan(100 << 10);
    expect(account!.end!.usage.minorFaults).toBeGreaterThan(10);
    expect(account!.end!.time).toBeGreaterThan(account!.start!);
  });

  test('what it counts is what the program itself sees', async () => {
    const script = `
      const held = Buffer.alloc(100 << 20, 1);
      const until = process.cpuUsage().user + 3e5;
      while (process.cpuUsage().user < until);
      for (let i = 0; i < 20; i++) require('child_process').spawnSync('true');
      const { userCPUTime, systemCPUTime, maxRSS, voluntaryContextSwitches } = process.resourceUsage();
      require('fs').writeFileSync(process.argv[1], JSON.stringify({ userCPUTime, systemCPUTime, maxRSS, voluntaryContextSwitches }));`;
    const file = join(folder, 'seen.json');
    const { account } = await run(process.execPath, '-e', script, file);
    const seen = JSON.parse(readFileSync(file, 'utf8'));
    const { usage } = account!.end!;
    // The kernel shares its clock out between user and system time anew whenever it is asked: some microseconds move
    expect(usage.userTime).toBeGreaterThanOrEqual(seen.userCPUTime * 1e3 - 1e6);
    expect(usage.userTime + usage.systemTime).toBeGreaterThanOrEqual((seen.userCPUTime + seen.systemCPUTime) * 1e3);
    expect(usage.maxRss).toBeGreaterThanOrEqual(seen.maxRSS * 1024);
    expect(usage.maxRss).toBeLessThan(seen.maxRSS * 1024 * 1.3);
    // 20 children that were waited for are in it
    expect(usage.voluntarySwitches).toBeGreaterThanOrEqual(seen.voluntaryContextSwitches + 20);
  });

  test.each([
    ['exit 7', { code: 7, signal: undefined }],
    ['kill -SEGV $$', { code: undefined, signal: 'SIGSEGV' }],
    ['kill -KILL $$', { code: undefined, signal: 'SIGKILL' }],
    ['kill -40 $$', { code: 168, signal: undefined }],
  ])('%s', async (script, exit) => {
    expect((await run('sh', '-c', script)).exit).toEqual(exit);
  });

  test('a script without a first line runs by the shell, with its arguments', async () => {
    const script = join(folder, 'plain');
    writeFileSync(script, 'test "$1" = "a  b" && exit 5\n');
    chmodSync(script, 0o755);
    expect((await run(script, 'a  b')).exit.code).toBe(5);
  });

  test('an interpreter that is not there is 127', async () => {
    const script = join(folder, 'lost');
    writeFileSync(script, '#!/no/such/interpreter\n');
    chmodSync(script, 0o755);
    await expect(run(script)).rejects.toMatchObject({ exitCode: 127, message: /interpreter is not there/ });
  });

  test('variables whose names are no identifiers reach the program', async () => {
    const env = { ...process.env, 'npm_config_a.b': 'c' };
    const script = 'process.exit(process.env["npm_config_a.b"] === "c" ? 0 : 1)';
    const target = await startMeasured([process.execPath, '-e', script], { env, folder });
    target.resume();
    expect((await target.exited).code).toBe(0);
  });
});

describe('the helper', () => {
  const program = (name: string): string => {
    const path = join(folder, name);
    writeFileSync(path, Buffer.from(ACCOUNTANTS.get(process.arch)!, 'base64'), { mode: 0o755 });
    return path;
  };

  test('is for nobody else to run or to change', async () => {
    await run('true');
    expect(statSync(join(folder, 'accountant')).mode & 0o777).toBe(0o700);
  });

  test('does not count what it took to create the program and to hold it back', async () => {
    const switches: number[] = [];
    for (let i = 0; i < 5; i++) switches.push((await run('true')).account!.end!.usage.voluntarySwitches);
    expect(Math.min(...switches)).toBeLessThanOrEqual(1);
    const words = (...list: number[]): Buffer => Buffer.from(BigInt64Array.from(list, BigInt).buffer);
    const usage = (each: number): number[] => [1, each, 2, each, 64, 0, 0, 0, ...Array<number>(10).fill(each)];
    const bytes = Buffer.concat([words(1, 42), words(2, 1000, ...usage(3)), words(4, 0, 5000, ...usage(10))]);
    expect(readAccount(bytes)).toMatchObject({
      pid: 42,
      start: 1000,
      end: { time: 5000, usage: { userTime: 7e3, systemTime: 7e3, maxRss: 64 << 10, minorFaults: 7, blocksOut: 7 } },
    });
  });

  test('says nothing of a program that could not be created', async () => {
    const limited = process.getuid!() === 0 ? ['setpriv', '--reuid=54321', '--clear-groups'] : [];
    chmodSync(folder, 0o755);
    const [file, ...words] = [...limited, 'prlimit', '--nproc=1', program('shared'), '/bin/true', 'true'];
    const child = spawn(file!, words, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    const bytes: Buffer[] = [];
    child.stdio[3]!.on('data', (chunk: Buffer) => bytes.push(chunk));
    const code = await new Promise((done) => child.once('close', done));
    expect({ code, bytes: Buffer.concat(bytes).length }).toEqual({ code: 1, bytes: 0 });
  });

  test('leaves no stopped program behind when it is killed', async () => {
    const child = spawn(program('killed'), ['/bin/sleep', 'sleep', '60'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const pid = await new Promise<number>((done) =>
      child.stdio[3]!.once('data', (chunk: Buffer) => done(readAccount(chunk).pid!)),
    );
    await expect.poll(() => readProcess(pid)?.state).toBe('T');
    child.kill('SIGKILL');
    await expect.poll(() => readProcess(pid)?.state ?? 'Z', { timeout: 3000 }).toBe('Z');
  });
});

test('where the helper cannot be written the program runs all the same, and nobody tells its cost', async () => {
  const target = await startMeasured(['sh', '-c', 'exit 3'], { env: process.env, folder: '/proc/nowhere' });
  target.resume();
  expect(await target.exited).toEqual({ code: 3, signal: undefined });
  expect(await target.account).toBeUndefined();
});

const emulator = findTool('qemu-aarch64');
const ready = optionalTool('qemu-aarch64', emulator !== undefined);

test.skipIf(!ready)('the helper for arm64 does the same, in an emulator', async () => {
  const helper = join(folder, 'accountant-arm64');
  writeFileSync(helper, Buffer.from(ACCOUNTANTS.get('arm64')!, 'base64'), { mode: 0o755 });
  const child = spawn(emulator!, [helper, '/bin/sh', 'sh', '-c', 'exit 9'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  let bytes = Buffer.alloc(0);
  child.stdio[3]!.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
  });
  const waiting = setInterval(() => {
    const { pid } = readAccount(bytes);
    if (pid !== undefined && readProcess(pid)?.state === 'T') sendSignal(pid, 'SIGCONT');
  }, 10);
  await new Promise((done) => child.once('close', done));
  clearInterval(waiting);
  const { start, end } = readAccount(bytes);
  expect(end?.exit).toEqual({ code: 9, signal: undefined });
  expect(end!.time).toBeGreaterThan(start!);
});

test('the helpers are what their source says', () => {
  const script = join(import.meta.dirname, '../../scripts/build-accountant.mjs');
  const said = execFileSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect(said).not.toContain('DIFFERENT');
  expect(said).toContain('source: the same');
  const compared = said.split('\n').filter((line) => /: the same$/.test(line) && !line.startsWith('source'));
  if (compared.length === 0) console.log(`compared by the hash of the source only: ${said.trim() || 'no gcc'}`);
});

test.each([
  ['is interrupted', 'kill -INT $$', { message: 'interrupted before the program began', exitCode: 130 }],
  ['cannot make a process', 'exit 1', { message: 'no more processes can be started', exitCode: 125 }],
])('a helper that %s before it has begun', async (_what, script, refusal) => {
  const other = mkdtempSync(join(tmpdir(), 'measured-'));
  writeFileSync(join(other, 'accountant'), `#!/bin/sh\n${script}\n`, { mode: 0o700 });
  await expect(startMeasured(['true'], { env: process.env, folder: other })).rejects.toMatchObject(refusal);
  rmSync(other, { recursive: true });
});

test('a helper that dies before it has begun is done without', async () => {
  const other = mkdtempSync(join(tmpdir(), 'measured-'));
  writeFileSync(join(other, 'accountant'), '#!/bin/sh\nkill -SEGV $$\n', { mode: 0o700 });
  const target = await startMeasured(['sh', '-c', 'exit 3'], { env: process.env, folder: other });
  target.resume();
  expect(await target.exited).toEqual({ code: 3, signal: undefined });
  expect(await target.account).toBeUndefined();
  rmSync(other, { recursive: true });
});
