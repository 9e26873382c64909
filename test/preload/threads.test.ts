import { describe, expect, test } from 'vitest';
import { profileProgram } from './profile-program.ts';

const HOT = `function hot(ms) { const end = Date.now() + ms; let x = 0; while (Date.now() < end) for (let i = 0; i < 1e5; i++) x += Math.sqrt(i); return x; }`;

/** Busy for a while, then says so to the main thread. */
const BUSY = "hot(250); require('node:worker_threads').parentPort.postMessage('busy');";

/** A program whose worker thread runs `work`. */
function withWorker(work: string, main: string, options = ''): string {
  return `const { Worker } = require('node:worker_threads');
const worker = new Worker(${JSON.stringify(`${HOT}\n${work}`)}, { eval: true, ${options} });\n${main}`;
}

describe('worker threads', () => {
  test.each([
    ['that ends', withWorker('hot(250)', ''), 0, ''],
    ['that calls process.exit', withWorker('hot(250); process.exit(3)', 'worker.on("exit", line)'), 0, '3\n'],
    ['that throws', withWorker('hot(250); throw 1', 'worker.on("error", () => line("error"))'), 0, 'error\n'],
    [
      'that is terminated while busy',
      withWorker(`${BUSY} for (;;) hot(10)`, 'worker.on("message", () => worker.terminate().then(line))'),
      0,
      '1\n',
    ],
    [
      'that is terminated while idle',
      withWorker(
        `${BUSY} setInterval(() => {}, 1000)`,
        'worker.on("message", () => setTimeout(() => worker.terminate().then(line), 100))',
      ),
      0,
      '1\n',
    ],
    [
      'that is busy when the process exits',
      withWorker(`${BUSY} for (;;) hot(10)`, 'worker.on("message", () => process.exit(4))'),
      4,
      '',
    ],
    ['with arguments and an environment of its own', withWorker('hot(1500)', '', 'execArgv: [], env: {}'), 0, ''],
  ])('one %s', async (_title, source, code, stdout) => {
    const result = await profileProgram({ source });
    expect(result).toMatchObject({ code, stdout, stderr: '' });
    expect(result.threads.map(({ name }) => name)).toEqual(['main.js', 'worker 1 ([worker eval])']);
    expect(result.threads[1]!.hot).toBeGreaterThan(0);
    expect(new Set(result.threads.map(({ pid }) => pid)).size).toBe(1);
    expect(result.threads[0]!.tid).toBe(result.threads[0]!.pid);
  });

  test('a signal finds them busy', async () => {
    const source = withWorker('for (;;) hot(10)', 'setTimeout(() => line("ready"), 1500)');
    const result = await profileProgram({ source, once: { printed: 'ready', send: 'SIGTERM' } });
    expect(result.signal).toBe('SIGTERM');
    expect(result.threads[1]!.hot).toBeGreaterThan(0);
  });

  test('checkpoints reach them while busy', async () => {
    const source = withWorker('for (;;) hot(10)', 'setTimeout(() => line("ready"), 2000)');
    const result = await profileProgram({ source, checkpointMs: 100, once: { printed: 'ready', send: 'SIGKILL' } });
    expect(result.signal).toBe('SIGKILL');
    expect(result.threads.map(({ name }) => name)).toEqual(['main.js', 'worker 1 ([worker eval])']);
  });

  test('one started by another', async () => {
    const inner = `${HOT} hot(250)`;
    const work = `new (require('node:worker_threads').Worker)(${JSON.stringify(inner)}, { eval: true }); hot(100)`;
    const result = await profileProgram({ source: withWorker(work, '') });
    expect(result.threads.map(({ name }) => name)).toEqual([
      'main.js',
      'worker 1 ([worker eval])',
      'worker 2 ([worker eval])',
    ]);
  });

  test('a hundred, one after the other, while checkpoints come all the time', async () => {
    const source = `const { Worker } = require('node:worker_threads');
let left = 100;
function next() { if (left-- > 0) new Worker('let x = 0; for (let i = 0; i < 1e6; i++) x += i;', { eval: true }).on('exit', next); }
for (let i = 0; i < 4; i++) next();`;
    const result = await profileProgram({ source, checkpointMs: 1 });
    expect(result).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(result.threads.length).toBeGreaterThan(90);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('none is lost to its own termination (%i)', async (round) => {
    const main = `setTimeout(() => worker.terminate().then(() => process.exit(7)), ${100 + round * 17})`;
    const result = await profileProgram({ source: withWorker('for (;;);', main), checkpointMs: 1 });
    expect(result).toMatchObject({ code: 7, stderr: '' });
  });
});
