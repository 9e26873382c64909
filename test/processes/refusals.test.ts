import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, expect, test, vi } from 'vitest';
import { collectJemalloc } from '../../src/collectors/jemalloc.ts';
import { nodeProgram } from '../../src/collectors/node-program.ts';
import { PerfStat } from '../../src/collectors/perf-stat.ts';
import { checkMemory } from '../../src/commands/heap/snapshot-process.ts';
import { startFedPipeline } from '../../src/processes/fed-pipeline.ts';
import { checkOut } from '../../src/processes/git.ts';
import { startMeasured } from '../../src/processes/measured-target.ts';
import { overhear } from '../../src/processes/overheard-program.ts';
import { makePrivateDir, removePrivateDir, withLostDir } from '../../src/processes/private-dir.ts';
import { runStep } from '../../src/processes/run-step.ts';
import { streamTool } from '../../src/processes/run-tool.ts';
import { startTarget, waitUntilStopped } from '../../src/processes/target.ts';

vi.mock('../../src/processes/libraries.ts', () => ({ findLibrary: () => undefined }));

const folder = mkdtempSync(join(tmpdir(), 'pforge-process-refusals-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

test('a state of a repository that cannot be checked out', async () => {
  await expect(checkOut(at('out'), 'HEAD', folder)).rejects.toThrow(/is not in a git repository/);
  const repository = at('repository');
  mkdirSync(repository);
  const git = (...words: string[]): Buffer =>
    execFileSync('git', ['-C', repository, '-c', 'user.name=a', '-c', 'user.email=a@b', ...words]);
  git('init', '-q');
  git('commit', '-q', '--allow-empty', '-m', 'first');
  await expect(checkOut(at('out'), 'nonesuch', repository)).rejects.toThrow(/there is no commit 'nonesuch'/);
  mkdirSync(at('full'));
  writeFileSync(at('full/file'), '');
  await expect(checkOut(at('full'), 'HEAD', repository)).rejects.toMatchObject({
    message: expect.stringMatching(/^git \w+ failed: /),
    exitCode: 125,
  });
});

test('tools that are not there', async () => {
  vi.stubEnv('PATH', folder);
  try {
    await expect(checkOut(at('out'), 'HEAD', folder)).rejects.toMatchObject({
      message: 'git is not there',
      hint: 'apt-get install git',
      exitCode: 125,
    });
  } finally {
    vi.unstubAllEnvs();
  }
  const nothing = { say() {}, progress() {} } as unknown as Parameters<typeof collectJemalloc>[1];
  await expect(collectJemalloc(['true'], nothing)).rejects.toMatchObject({
    message: 'jemalloc is not installed',
    exitCode: 125,
  });
});

test('Ctrl-C before the program that is counted has begun: it never does', async () => {
  const stat = await PerfStat.open({
    detailed: false,
    perThread: false,
    allCpus: false,
    say() {},
    progress() {},
    cancelled: () => true,
  });
  try {
    const ran = at('ran');
    await expect(stat.run({ program: ['touch', ran] })).rejects.toMatchObject({
      message: 'interrupted before the program began',
      exitCode: 130,
    });
    expect(existsSync(ran)).toBe(false);
  } finally {
    await stat.dispose();
  }
});

test('a command with more arguments than the system takes', async () => {
  const words = ['true', 'x'.repeat(1 << 18)];
  const env = { PATH: process.env.PATH };
  const tooLong = { message: 'cannot run true: its arguments are too long', exitCode: 126 };
  for (const stopped of [true, false])
    await expect(startTarget(words, { env, stopped })).rejects.toMatchObject(tooLong);
  await expect(startMeasured(words, { env, folder })).rejects.toMatchObject(tooLong);
  await expect(runStep(words, '--prepare')).rejects.toMatchObject(tooLong);
  await expect(overhear(words, env, new PassThrough())).rejects.toMatchObject(tooLong);
});

test('a program that nobody can hold back is killed', async () => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  const ended = new Promise((done) => child.once('exit', (_code, signal) => done(signal)));
  const clock = vi.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValue(1e9);
  try {
    await expect(waitUntilStopped(child.pid!, ended)).rejects.toMatchObject({
      message: expect.stringMatching(/^the program could not be held back for the profiler/),
      exitCode: 125,
    });
  } finally {
    clock.mockRestore();
  }
  expect(await ended).toBe('SIGKILL');
});

test('tools that cannot be started', async () => {
  expect(await (await streamTool(at('none'), [])).ended).toMatchObject({ code: undefined });
  const files = { output: at('output'), log: at('log'), env: {} };
  await expect(startFedPipeline({ ...files, pipe: at('none/pipe'), tools: [] })).rejects.toMatchObject({
    message: expect.stringMatching(/^cannot make a named pipe: /),
    exitCode: 125,
  });
  const pipeline = await startFedPipeline({ ...files, pipe: at('pipe'), tools: [[at('none')]] });
  await expect(pipeline.finish(1000)).rejects.toMatchObject({ exitCode: 125 });
  pipeline.kill();
});

test('a private folder where none can be', async () => {
  await expect(makePrivateDir(at('none/there'))).rejects.toMatchObject({ exitCode: 125 });
});

test('a private folder that a program has removed is told of, before and after it is given up', async () => {
  const dir = await makePrivateDir();
  const failure = (path: string) => Object.assign(new Error('ENOENT'), { code: 'ENOENT', path });
  expect(withLostDir(failure(join(dir, 'log')))).toMatchObject({ message: 'ENOENT' });
  rmSync(dir, { recursive: true });
  const told = { message: `the recording is lost: its folder, ${dir}, was removed meanwhile`, exitCode: 125 };
  for (const path of [dir, join(dir, 'log')]) expect(withLostDir(failure(path))).toMatchObject(told);
  await removePrivateDir(dir);
  expect(withLostDir(failure(dir))).toMatchObject(told);
  for (const other of [failure(`${dir}-2/log`), failure('/none'), new Error('other'), undefined, 'text'])
    expect(withLostDir(other)).toBe(other);
});

test('a snapshot for which the memory will not suffice is not begun', async () => {
  const target = { send: async () => ({ usedSize: 2 ** 60 }) } as unknown as Parameters<typeof checkMemory>[0];
  const progress = { say() {}, show() {}, end() {} } as unknown as Parameters<typeof checkMemory>[3];
  await expect(checkMemory(target, process.pid, false, progress)).rejects.toMatchObject({
    message: expect.stringMatching(/^a snapshot of .* of heap needs about .*: only .* are left$/),
    exitCode: 125,
  });
  await expect(checkMemory(target, process.pid, true, progress)).resolves.toBeUndefined();
});

test('what only node programs can be', () => {
  expect(() => nodeProgram({ pid: process.pid }, '0x')).toThrow(/0x cannot be attached to a running process/);
  expect(() => nodeProgram({ program: ['/bin/true'] }, '0x')).toThrow(/^0x /);
});
