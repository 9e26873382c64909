import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openAgentLine } from '../../../src/console/node/agent-line.ts';
import { attachConsole } from '../../../src/console/node/attach.ts';
import { agentScript } from '../../../src/console/node/settings.ts';
import { startConsole } from '../../../src/console/node/start.ts';
import { UserError } from '../../../src/errors.ts';
import { listeningPorts } from '../../../src/processes/sockets.ts';
import { attachWatched, type Plain, startPlain, startWatched, writeProgram } from './watched.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-console-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Tells on a signal what anybody may have left in it. */
const TELLS = `const { hasSubscribers } = require('node:diagnostics_channel');
setInterval(() => {}, 1000);
process.on('SIGUSR2', () => {
  gc();
  console.log('left ' + JSON.stringify({
    listeners: process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
    emit: Object.hasOwn(process, 'emit'),
    resources: process.getActiveResourcesInfo(),
    symbols: Object.getOwnPropertySymbols(globalThis).map(String).filter((name) => name.includes('pforge')),
    modules: Object.keys(require.cache).filter((name) => name.includes('preload')),
    channels: ['net.server.socket', 'net.client.socket'].map((name) => hasSubscribers(name)),
    option: process.env.NODE_OPTIONS ?? null,
    variables: Object.keys(process.env).filter((name) => name.includes('PFORGE')),
    inspector: require('node:inspector').url() ?? null,
  }) + ' ' + process.memoryUsage().heapUsed);
});
console.log('ready');
`;
const tells = writeProgram(folder, 'tells.cjs', TELLS);

async function told(plain: Plain): Promise<{ state: unknown; heap: number; threads: number; files: number }> {
  const before = plain.printed().split('left ').length;
  process.kill(plain.pid, 'SIGUSR2');
  while (plain.printed().split('left ').length === before || !plain.printed().endsWith('\n'))
    await new Promise((done) => setTimeout(done, 10));
  const [, state, heap] = /left (.*) (\d+)\n/.exec(plain.printed().slice(plain.printed().lastIndexOf('left ')))!;
  const count = (name: string): number => readdirSync(`/proc/${plain.pid}/${name}`).length;
  return { state: JSON.parse(state!), heap: Number(heap), threads: count('task'), files: count('fd') };
}

test('attached to and left again and again: nothing stays, and nothing grows', async () => {
  const plain = await startPlain(['--expose-gc', tells]);
  const before = await told(plain);
  const ports = listeningPorts(plain.pid);
  let early = 0;
  for (let i = 0; i < 20; i++) {
    const source = await attachConsole(plain.pid);
    await source.close();
    expect(await source.ended).toMatchObject({ how: 'left' });
    if (i === 9) early = (await told(plain)).heap;
  }
  // On a busy machine its inspector may take a while to close
  let after = await told(plain);
  for (let i = 0; i < 50 && JSON.stringify(after.state) !== JSON.stringify(before.state); i++)
    after = await told(plain);
  expect(after.state).toEqual(before.state);
  expect(after.files).toBe(before.files);
  expect(after.threads).toBeLessThanOrEqual(before.threads + 1);
  expect(after.heap - early).toBeLessThan(1.5e6);
  expect(listeningPorts(plain.pid)).toEqual(ports);
  expect(plain.child.exitCode).toBe(null);
}, 90_000);

test('two consoles at once: both see it, and each leaves alone', async () => {
  const plain = await startPlain(['--expose-gc', tells]);
  const before = await told(plain);
  const first = await attachWatched(plain);
  const second = await attachWatched(plain);
  const seesLoop = (one: typeof first) => one.until('its loop', ({ loop }) => (loop?.memory.heapUsed ?? 0) > 0);
  await Promise.all([seesLoop(first), seesLoop(second)]);
  await first.source.close();
  const count = second.seen.length;
  await second.until('more', () => second.seen.length > count + 2);
  await second.source.close();
  expect((await told(plain)).state).toEqual(before.state);
});

test('a worker thread that is started after the attach: both consoles watch it, too, until it ends', async () => {
  const starts = writeProgram(
    folder,
    'starts.cjs',
    `const { Worker } = require('node:worker_threads');
let late;
process.on('SIGUSR2', () => {
  if (late === undefined) late = new Worker('setInterval(() => {}, 1000)', { eval: true });
  else void late.terminate();
});
new Worker('setInterval(() => {}, 1000)', { eval: true }).once('online', () => console.log('ready'));
`,
  );
  const plain = await startPlain([starts]);
  const watched = await attachWatched(plain);
  const second = await attachWatched(plain);
  for (const one of [watched, second]) await one.until('both threads', ({ target }) => target.threads === 2);
  process.kill(plain.pid, 'SIGUSR2');
  for (const one of [watched, second]) {
    const { notes } = await one.until(
      'the third, with what it does',
      ({ target, tasks }) => target.threads === 3 && new Set(tasks.map(({ thread }) => thread)).size === 3,
    );
    expect(notes.filter((note) => note.includes('not watched'))).toEqual([]);
  }
  process.kill(plain.pid, 'SIGUSR2');
  const count = watched.seen.length;
  await watched.until('two again', (one) => watched.seen.indexOf(one) > count && one.target.threads === 2);
  await second.source.close();
});

test('a thread that two ways lead to while the process is attached to has one agent', async () => {
  const twice = writeProgram(
    folder,
    'twice.cjs',
    `const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');
const agents = () => process.listeners('exit').filter((listener) => String(listener).includes('exiting')).length;
if (isMainThread) {
  const [, , script, line] = process.argv;
  const settings = { line, token: 'twice', watcher: script.replace('console.cjs', 'console-watcher.cjs'), all: false, blockingMs: 0, reportMs: 300 };
  require(script).attach(settings);
  require(script).attach(settings);
  const count = agents();
  new Worker(__filename, { workerData: { script, settings } }).once('message', (inWorker) => {
    console.log('ready', JSON.stringify([count, inWorker]));
  });
} else {
  const { script, settings } = workerData;
  require(script).attach(settings);
  // The agent of the main thread comes in here, too, before or after that
  setTimeout(() => parentPort.postMessage(agents()), 1000);
  setInterval(() => {}, 1000);
}
`,
  );
  const line = await openAgentLine();
  try {
    const plain = await startPlain([twice, agentScript('console'), line.path]);
    expect(plain.printed()).toContain('ready [1,1]');
    plain.child.kill('SIGKILL');
  } finally {
    await line.close();
  }
});

test('a process that is gone before it is attached to: said, and nothing is left open', async () => {
  const plain = await startPlain([tells]);
  plain.child.kill('SIGKILL');
  await new Promise((done) => plain.child.once('exit', done));
  const handles = process.getActiveResourcesInfo().filter((name) => name === 'PipeServerWrap' || name === 'PipeWrap');
  for (const begin of [openAgentLine, attachConsole]) {
    await expect(begin(plain.pid)).rejects.toThrow(`there is no process ${plain.pid}`);
  }
  await new Promise((done) => setImmediate(done));
  expect(process.getActiveResourcesInfo().filter((name) => name === 'PipeServerWrap' || name === 'PipeWrap')).toEqual(
    handles,
  );
});

test('a program that is killed while it is watched', async () => {
  const plain = await startPlain([tells]);
  const watched = await attachWatched(plain);
  process.kill(plain.pid, 'SIGKILL');
  expect(await watched.source.ended).toEqual({ how: 'exited', text: `process ${plain.pid} was killed` });
  expect(watched.seen.at(-1)!.state).toBe('ended');

  const launched = await startWatched([tells]);
  process.kill(launched.pid, 'SIGKILL');
  expect(await launched.source.ended).toEqual({
    how: 'exited',
    text: `process ${launched.pid} was killed by SIGKILL`,
    exitCode: 137,
  });
});

test('a program that ends by itself: its exit code is known, and it says nothing of a debugger', async () => {
  const ends = writeProgram(
    folder,
    'ends.cjs',
    "console.log('ready'); setTimeout(() => process.exit(7), Number(process.argv[2]));\n",
  );
  // Longer than it takes to come to it, on a busy machine too
  const plain = await startPlain([ends, '5000']);
  const watched = await attachWatched(plain);
  const end = await watched.source.ended;
  expect(end).toEqual({ how: 'exited', text: `process ${plain.pid} has ended with exit code 7` });
  expect(plain.printed()).not.toMatch(/Waiting for the debugger/);

  const launched = await startWatched([ends, '1500']);
  expect(await launched.source.ended).toMatchObject({ how: 'exited', exitCode: 7 });
  expect(launched.printed()).toBe('ready\n');
});

test('closing ends a program that we started, and only that', async () => {
  const launched = await startWatched([tells]);
  await launched.source.close();
  expect(await launched.source.ended).toMatchObject({ how: expect.stringMatching(/left|exited/) });
  expect(() => process.kill(launched.pid, 0)).toThrow();
});

test('the program does not see the agent: environment, listeners, arguments', async () => {
  const launched = await startWatched(['--expose-gc', tells, 'one', 'two']);
  process.kill(launched.pid, 'SIGUSR2');
  await launched.until('what it has', () => launched.printed().includes('left '));
  const state = JSON.parse(/left (.*) \d+\n/.exec(launched.printed())![1]!);
  // What the tests themselves were started with is not of the agent
  const ours = Object.keys(process.env).filter((name) => name.startsWith('PFORGE'));
  expect(state).toMatchObject({ option: null, variables: ours, modules: [], inspector: null });
  expect(launched.seen.at(-1)!.target.title).toMatch(/tells\.cjs one two$/);
});

test('what cannot be watched', async () => {
  const refused = async (program: string[]): Promise<UserError> => {
    const error: unknown = await startConsole({ program, output: () => {} }).then(
      () => undefined,
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(UserError);
    return error as UserError;
  };
  expect((await refused(['/nowhere/at/all'])).exitCode).toBe(127);
  const ended = await refused(['true']);
  expect(ended.exitCode).toBe(125);
  expect(ended.message).toBe('true ended (exit code 0) before it could be watched');
});
