import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, describe, expect, test } from 'vitest';
import type { ConsoleSnapshot, WarningKind } from '../../../src/console/snapshot.ts';
import { startWatched, writeProgram } from './watched.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-console-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function kindsOf({ tasks, warnings }: ConsoleSnapshot): Set<WarningKind> {
  return new Set([...warnings, ...tasks.flatMap((task) => task.warnings)].map(({ kind }) => kind));
}

test('a leak of promises, an interval, a timer that sets itself anew, rejections: each with its place', async () => {
  const file = writeProgram(
    folder,
    'leaks.cjs',
    `const kept = [];
async function forever() {
  await new Promise((done) => kept.push(done));
}
setInterval(function leak() { for (let i = 0; i < 3; i++) forever(); }, 50);
(function again() { setTimeout(again, 30); })();
process.on('unhandledRejection', () => {});
setTimeout(function reject() { Promise.reject(new Error('boom')); }, 500);
`,
  );
  // Reports come often, so that a while of them is not long
  const watched = await startWatched([file], { everyMs: 250 });
  const wanted: WarningKind[] = ['growing', 'rescheduling-timer', 'unhandled-rejection', 'keeps-alive'];
  const snapshot = await watched.until('warnings', (one) => wanted.every((kind) => kindsOf(one).has(kind)));
  const promise = snapshot.tasks.find(({ kind, place }) => kind === 'PROMISE' && place?.line === 3)!;
  expect(promise).toMatchObject({ name: 'forever', state: 'idle', place: { file }, thread: 0 });
  expect(promise.live).toBeGreaterThan(50);
  expect(promise.stack.map(({ line }) => line)).toEqual(expect.arrayContaining([3, 5]));
  expect(promise.warnings.find(({ kind }) => kind === 'growing')!.text).toMatch(
    /^\d+ are alive, \d+ more than a while ago/,
  );
  const timer = snapshot.resources.find(({ kind, place }) => kind === 'timer' && place?.line === 5)!;
  expect(timer).toMatchObject({ opened: 1, closed: 0, live: 1, keepsAlive: true });
  const [rejected] = snapshot.warnings.filter(({ kind }) => kind === 'unhandled-rejection');
  expect(rejected!.text).toMatch(
    /^a promise was rejected and nobody handled it; the last: Error: boom, at .*leaks\.cjs:8/,
  );
  const never = await watched.until('never resolved', (one) => kindsOf(one).has('never-resolved'));
  expect(never.tasks.some((task) => task.place?.line === 3 && task.warnings.length > 0)).toBe(true);
});

test('an interval that keeps the process alive is named, with its place', async () => {
  const file = writeProgram(folder, 'alone.cjs', '\nsetInterval(function poll() {}, 700);\n');
  const watched = await startWatched([file], { everyMs: 250 });
  const { warnings } = await watched.until('why', (one) => one.warnings.length > 0);
  expect(warnings).toEqual([{ kind: 'keeps-alive', text: expect.stringContaining(`${file}:2`) }]);
  expect(warnings[0]!.text).toMatch(/^nothing but a timer keeps the process alive: setInterval\(700 ms\)/);
});

test('a callback that holds the loop for long never yields: said of the place that sets it', async () => {
  const file = writeProgram(
    folder,
    'never-yields.cjs',
    `setInterval(function work() {
  const { user } = process.cpuUsage();
  while (process.cpuUsage().user - user < 150e3);
}, 300);
setInterval(function isShort() {}, 300);
`,
  );
  const watched = await startWatched([file]);
  const { tasks } = await watched.until('it', (one) => kindsOf(one).has('never-yields'));
  const timers = tasks.filter(({ kind, place }) => kind === 'Timeout' && place?.file === file);
  const warned = timers.filter(({ warnings }) => warnings.some(({ kind }) => kind === 'never-yields'));
  expect(warned.map(({ place }) => place!.line)).toEqual([1]);
  expect(warned[0]!.warnings[0]!.text).toMatch(/^a callback of it held the event loop for \d{3,} ms/);
});

test('what is set up in the first lines has its place, however much begins with it', async () => {
  const file = writeProgram(
    folder,
    'beginning.mjs',
    `const start = performance.now();
while (performance.now() - start < 500) await Promise.all(Array.from({ length: 500 }, async () => {}));
setInterval(function heartbeat() {}, 100);
`,
  );
  const watched = await startWatched([file]);
  const { tasks } = await watched.until('its calls', ({ tasks: rows }) =>
    rows.some(({ kind, polls }) => kind === 'Timeout' && polls > 5),
  );
  expect(tasks.filter(({ kind }) => kind === 'Timeout').map(({ place }) => place?.line)).toEqual([3]);
});

test('what node has closed is no longer alive, whatever the garbage collector does', async () => {
  const file = writeProgram(
    folder,
    'closed.cjs',
    `const { gzip } = require('node:zlib');
const { pbkdf2Sync } = require('node:crypto');
const { execFile } = require('node:child_process');
setInterval(function squeeze() {
  gzip('text', () => {});
  pbkdf2Sync('secret', 'salt', 1, 8, 'sha1');
}, 10);
const http = require('node:http');
const agent = new http.Agent({ keepAlive: true });
const server = http.createServer((_request, response) => response.end('hello')).listen(0, () => {
  setInterval(function ask() {
    http.get({ port: server.address().port, agent }, (response) => response.resume());
  }, 10);
});
setInterval(function start() { execFile('true', () => {}); }, 100);
`,
  );
  const watched = await startWatched([file], { all: true });
  const made = (row: ConsoleSnapshot['tasks'][number]): boolean =>
    // node makes those of http once a socket is there, below no call of the program
    row.place !== undefined || row.kind === 'HTTPCLIENTREQUEST';
  const kinds = { ZLIB: 50, PBKDF2REQUEST: 50, HTTPCLIENTREQUEST: 50, PROCESSWRAP: 5 };
  const { tasks } = await watched.until('many', ({ tasks: rows }) =>
    Object.entries(kinds).every(([kind, many]) =>
      rows.some((row) => row.kind === kind && made(row) && row.created > many),
    ),
  );
  for (const [kind, many] of Object.entries(kinds)) {
    const row = tasks.find((one) => one.kind === kind && made(one))!;
    expect([kind, row.live < many / 2]).toEqual([kind, true]);
  }
});

test('a server that is well has no warning, and its parts are seen', async () => {
  const file = writeProgram(
    folder,
    'server.cjs',
    `const http = require('node:http');
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
async function answer(response) {
  await wait(2);
  response.end('hello');
}
const server = http.createServer((request, response) => void answer(response));
server.listen(0, '127.0.0.1', () => {
  const agent = new http.Agent({ keepAlive: true });
  const ask = () => http.get({ port: server.address().port, agent }, (response) => {
    response.resume();
    response.on('end', () => setTimeout(next, 1));
  });
  function next() { ask(); }
  for (let i = 0; i < 4; i++) ask();
});
`,
  );
  const watched = await startWatched([file], { everyMs: 250, blockingMs: 500 });
  await watched.until('a while of it', () => watched.seen.length > 24);
  const snapshot = watched.seen.at(-1)!;
  expect(snapshot.tasks.flatMap((task) => task.warnings.map((w) => [task.kind, task.place, w.kind, w.text]))).toEqual(
    [],
  );
  expect([...kindsOf(snapshot)]).toEqual([]);
  const answer = snapshot.tasks.find(({ kind, place }) => kind === 'PROMISE' && place?.line === 4)!;
  expect(answer.name).toBe('answer');
  expect(answer.created).toBeGreaterThan(10);
  expect(answer.live).toBeLessThan(answer.created / 2);
  const server = snapshot.resources.find(({ kind }) => kind === 'server')!;
  expect(server).toMatchObject({ live: 1, keepsAlive: true });
  const accepted = snapshot.resources.find(({ type }) => type === 'all accepted')!;
  expect(accepted.live).toBe(4);
  expect(accepted.opened).toBeGreaterThanOrEqual(4);
  expect(snapshot.loop!.utilization).toBeGreaterThan(0);
  expect(snapshot.loop!.delay.p99).toBeGreaterThanOrEqual(snapshot.loop!.delay.p50);
  expect(snapshot.cost).toMatchObject({ mode: 'windows' });
});

test('all: every operation is counted, none is an estimate', async () => {
  const file = writeProgram(
    folder,
    'exact.cjs',
    `let left = 2000;
(async function work() {
  while (left-- > 0) {
    await new Promise((done) => setImmediate(done));
  }
})();
setInterval(() => {}, 1000);
`,
  );
  const watched = await startWatched([file], { all: true });
  // The first one is made under the script's own call
  const immediates = ({ tasks }: ConsoleSnapshot) =>
    tasks.filter(({ kind, place }) => kind === 'Immediate' && place?.line === 4 && place.file === file);
  const sum = (snapshot: ConsoleSnapshot, field: 'created' | 'polls' | 'live') =>
    immediates(snapshot).reduce((total, task) => total + task[field], 0);
  const snapshot = await watched.until('all of it', (one) => sum(one, 'created') === 2000);
  expect([sum(snapshot, 'polls'), sum(snapshot, 'live')]).toEqual([2000, 0]);
  expect(immediates(snapshot).every(({ isEstimate }) => !isEstimate)).toBe(true);
  const { pollTimes, polls } = immediates(snapshot).at(-1)!;
  expect(pollTimes!.counts.reduce((total, count) => total + count, 0)).toBe(polls);
  expect(pollTimes!.bounds.at(-1)).toBe(Number.POSITIVE_INFINITY);
  expect(snapshot.cost!.mode).toBe('all');
});

test('worker threads have rows of their own', async () => {
  const file = writeProgram(
    folder,
    'threads.cjs',
    `const { Worker, isMainThread } = require('node:worker_threads');
if (isMainThread) for (let i = 0; i < 2; i++) new Worker(__filename);
else setInterval(function inWorker() {}, 20);
`,
  );
  const watched = await startWatched([file]);
  const inWorker = ({ tasks }: ConsoleSnapshot) =>
    tasks.filter(({ thread, place, polls }) => thread! > 0 && place?.line === 3 && polls > 0);
  const snapshot = await watched.until('both', (one) => inWorker(one).length === 2);
  expect(snapshot.target.threads).toBe(3);
  expect(new Set(inWorker(snapshot).map(({ id }) => id)).size).toBe(2);
});

test('pause: hooks are off until it goes on', async () => {
  const file = writeProgram(folder, 'ticks.cjs', 'setInterval(function tick() { setImmediate(() => {}); }, 10);\n');
  const watched = await startWatched([file]);
  const created = ({ tasks }: ConsoleSnapshot) =>
    tasks.find(({ kind, place }) => kind === 'Immediate' && place !== undefined)?.created ?? 0;
  await watched.until('some', (one) => created(one) > 0);
  await watched.source.pause();
  await watched.until('paused', ({ state }) => state === 'paused');
  await new Promise((done) => setTimeout(done, 600));
  const count = created(watched.seen.at(-1)!);
  await new Promise((done) => setTimeout(done, 900));
  expect(watched.seen.at(-1)).toMatchObject({ state: 'paused' });
  expect(created(watched.seen.at(-1)!)).toBe(count);
  await watched.source.resume();
  await watched.until('more', (one) => created(one) > count);
});

describe('source maps', () => {
  test('places are those of the sources', async () => {
    const source = writeProgram(
      folder,
      'typed.ts',
      `interface Kept { readonly done: () => void }
const kept: Kept[] = [];
export function leak(): void {
  void new Promise<void>((done) => kept.push({ done }));
}
setInterval(leak, 20);
`,
    );
    const outfile = join(folder, 'typed.cjs');
    await build({ entryPoints: [source], outfile, format: 'cjs', sourcemap: true, minify: true, logLevel: 'error' });
    const watched = await startWatched([outfile]);
    const { tasks } = await watched.until('the source', (one) =>
      one.tasks.some(({ kind, place }) => kind === 'PROMISE' && place?.file.endsWith('typed.ts')),
    );
    const { place } = tasks.find((task) => task.kind === 'PROMISE' && task.place?.file === source)!;
    expect(place).toMatchObject({ line: 4, file: source });
  });
});
