import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { stackOfBlock } from '../../../src/console/node/blocking.ts';
import { culprit } from '../../../src/console/node/places.ts';
import type { ConsoleSnapshot } from '../../../src/console/snapshot.ts';
import type { BlockReport } from '../../../src/preload/console/messages.ts';
import { WatchedThread } from '../../../src/preload/console/watched-thread.ts';
import { nodes } from '../../other-nodes.ts';
import { attachWatched, startPlain, startWatched, writeProgram } from './watched.ts';

const folder = mkdtempSync(join(tmpdir(), 'pforge-console-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * Each holds the loop for a twentieth of a second or so by work of its own, not by the clock: what it waits for a processor does not
 * count. The line that does it is marked.
 */
const PROGRAM = `const crypto = require('node:crypto');
const { execSync } = require('node:child_process');
const big = JSON.stringify(Array.from({ length: 200000 }, (_, i) => ({ i, text: 'x' + i })));
function jsLoop() {
  let x = 0;
  for (let i = 0; i < 6e6; i++) x += Math.sqrt(x + 1); // jsLoop
  return x;
}
function regular() {
  const pattern = /^(a+)+$/;
  return pattern.test('aaaaaaaaaaaaaaaaaaaaaaaa!'); // regular
}
function derive() {
  const salt = 'salt';
  return crypto.pbkdf2Sync('secret', salt, 150000, 64, 'sha512'); // derive
}
function shell() {
  const command = 'sleep 0.12';
  return execSync(command); // shell
}
function parse() {
  const before = 1;
  const value = JSON.parse(big); // parse
  const after = value.length + before;
  return Object.keys(value[0]).length + after;
}
const all = [jsLoop, regular, derive, shell, parse];
let turn = 0;
setInterval(() => all[turn++ % all.length](), 200);
console.log('ready');
`;
const NAMES = ['jsLoop', 'regular', 'derive', 'shell', 'parse'];
const lineOf = (name: string): number => PROGRAM.split('\n').findIndex((line) => line.endsWith(`// ${name}`)) + 1;

const file = writeProgram(folder, 'blocks.cjs', PROGRAM);
/** Two rounds are done in three seconds, on a machine that has nothing else to do. */
const PATIENCE_MS = 100_000;
const LIMIT_MS = PATIENCE_MS + 20_000;

/** All five, each at its line and seen twice there. */
function allFive({ blocking }: ConsoleSnapshot): boolean {
  return NAMES.every((name) =>
    blocking.some(({ stack, count }) => {
      const place = culprit(stack);
      return place?.function === name && place.line === lineOf(name) && place.file === file && count >= 2;
    }),
  );
}

test(
  'launched: five kinds of blocks, each at its function and line',
  async () => {
    const watched = await startWatched([file]);
    const { blocking } = await watched.until('all five', allFive, PATIENCE_MS);
    const byName = (name: string) => blocking.find(({ stack }) => culprit(stack)?.function === name)!;
    for (const name of NAMES) {
      expect(byName(name).thread).toBe(0);
      expect(byName(name).longest).toBeGreaterThan(20e6);
      expect(byName(name).total).toBeGreaterThanOrEqual(byName(name).longest);
    }
    expect(byName('shell').longest).toBeGreaterThan(100e6);
    expect(byName('derive').stack[0]!.file).toMatch(/^node:/);
    expect(watched.printed()).toBe('ready\n');
  },
  LIMIT_MS,
);

// The agent is the same however it gets in: the node that runs the tests has had its turn above
const [own, ...others] = nodes();
test.concurrent.each(others.length > 0 ? others : [own!])(
  'attached, node %s: five kinds of blocks, each at its function and line',
  async (_version, node) => {
    const plain = await startPlain([file], node);
    const watched = await attachWatched(plain);
    await watched.until('all five', allFive, PATIENCE_MS);
    await watched.source.close();
    expect(plain.printed()).not.toMatch(/Waiting for the debugger/);
    expect(plain.child.exitCode).toBe(null);
  },
  LIMIT_MS,
);

test('an endless loop is told of while it goes on, and can be attached to', async () => {
  const endless = writeProgram(
    folder,
    'endless.cjs',
    "console.log('ready');\nsetTimeout(function spin() {\n  for (;;) ;\n}, 100);\n",
  );
  const plain = await startPlain([endless]);
  await new Promise((done) => setTimeout(done, 300));
  const watched = await attachWatched(plain);
  const { notes } = await watched.until('held', (snapshot) =>
    snapshot.notes.some((note) => /has been held/.test(note)),
  );
  expect(notes.join()).toMatch(/the main thread has been held for \d+\.\d s/);
  await watched.source.close();
});

test('a thread that is not held is not told of', async () => {
  const idle = writeProgram(folder, 'idle.cjs', 'setInterval(() => {}, 50);\n');
  const watched = await startWatched([idle], { blockingMs: 250 });
  await watched.until('five snapshots', () => watched.seen.length > 5);
  expect(watched.seen.at(-1)!.blocking).toEqual([]);
});

test('a block whose stack is known is told of also while another one waits for its samples', async () => {
  const delay = { count: 1 };
  const thread = new WatchedThread({
    thread: 0,
    // A thread that there is not: it waits for no processor
    tid: 0,
    words: new Int32Array(new SharedArrayBuffer(64)),
    times: new Float64Array(new SharedArrayBuffer(16)),
    delay,
  });
  const told: BlockReport[] = [];
  const look = (ask: () => void): void => {
    thread.look(20e6, ask, (report) => told.push(report));
  };
  for (const name of ['', 'known']) {
    const stack = name === '' ? [] : [[name, '/a.js', 1, 1] as const];
    await new Promise((done) => setTimeout(done, 60));
    look(() => thread.answered({ beats: delay.count, stack }));
    delay.count++;
    look(() => {});
  }
  thread.close();
  expect(told.map(({ stack }) => stack)).toEqual([[['known', '/a.js', 1, 1]]]);
});

describe('what a block is put down to', () => {
  const block = (part: Partial<BlockReport>): BlockReport => ({
    t: 'block',
    thread: 0,
    time: 0,
    duration: 100e6,
    waited: 1e6,
    ...part,
  });

  test('its stack, where that came at once', () => {
    const stack = [['f', '/a.js', 3, 1]] as const;
    const samples = [{ hits: 9, stack: [['g', '/a.js', 9, 0]] as const }];
    expect(stackOfBlock(block({ stack, samples }))).toEqual({ stack, isExact: true });
  });

  test('samples, where it came late; the callers are those of the stack', () => {
    const stack = [
      ['keys', '', 0, 0],
      ['Type.f', 'file:///a.js', 5, 1],
      ['g', '/a.js', 20, 2],
    ] as const;
    const samples = [
      {
        hits: 9,
        stack: [
          ['f', '/a.js', 3, 0],
          ['g', '/a.js', 18, 1],
        ] as const,
      },
    ];
    const held = stackOfBlock(block({ stack, samples, waited: 90e6 }));
    expect(held).toEqual({ stack: [samples[0]!.stack[0], stack[2]], isExact: true });
  });

  test('a late stack alone says that it is late', () => {
    const held = stackOfBlock(block({ stack: [['f', '/a.js', 5, 1]], waited: 90e6 }));
    expect(held!.stack[0]![0]).toBe('(native code, before this line)');
    expect(held!.isExact).toBe(false);
  });

  test('the garbage collector', () => {
    const samples = [{ hits: 1, stack: [['(garbage collector)', '', 0, 0]] as const }];
    const held = stackOfBlock(block({ stack: [['f', '/a.js', 5, 1]], samples, waited: 90e6 }));
    expect(held!.stack[0]![0]).toBe('(garbage collector)');
  });

  test('nothing, where nothing is known', () => {
    expect(stackOfBlock(block({}))).toBe(undefined);
  });
});
