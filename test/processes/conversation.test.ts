import { describe, expect, test } from 'vitest';
import { converse } from '../../src/processes/conversation.ts';
import { isAlive } from '../../src/processes/proc.ts';

/** Says what it hears, in capitals, until it hears `end`. */
const ECHO = `const fs = require('node:fs');
const room = Buffer.alloc(1000);
for (;;) {
  const words = room.toString('utf8', 0, fs.readSync(3, room)).trim();
  if (words === 'end') break;
  fs.writeSync(3, words.toUpperCase() + '\\n');
}
console.log('said'); console.error('cried');`;

const node = (script: string): string[] => [process.execPath, '-e', script];

/** Runs a script that tells the id of a process which it has started. */
async function hearPid(script: string, timeoutMs: number) {
  let pid = 0;
  const end = await converse(node(script), '', {
    timeoutMs,
    hear: (line) => {
      pid = Number(line);
      return undefined;
    },
  });
  return { end, pid };
}

describe('a conversation', () => {
  test('goes on line by line on file descriptor 3, while output is taken', async () => {
    const heard: string[] = [];
    const end = await converse(node(ECHO), 'one', {
      timeoutMs: 20_000,
      hear: (line) => {
        heard.push(line);
        return heard.length < 3 ? `answer ${heard.length}` : 'end';
      },
    });
    expect(heard).toEqual(['ONE', 'ANSWER 1', 'ANSWER 2']);
    expect(end).toMatchObject({ exit: { code: 0, signal: undefined }, timedOut: false, printedBytes: 11 });
    expect(end.printed.split('\n').sort()).toEqual(['', 'cried', 'said']);
  });

  test('time stands still while the program waits for an answer', async () => {
    const end = await converse(node(ECHO), 'one', {
      timeoutMs: 3_000,
      hear: (line) => (line === 'ONE' ? new Promise((done) => setTimeout(done, 3_500, 'end')) : undefined),
    });
    expect(end).toMatchObject({ exit: { code: 0 }, timedOut: false });
  });

  test('of what is printed a part is kept, all is counted', async () => {
    const script = "for (let i = 0; i < 100; i++) require('node:fs').writeSync(1, 'x'.repeat(10000));";
    const end = await converse(node(script), '', { timeoutMs: 20_000, keep: 1234, hear: () => undefined });
    expect(end.printed).toHaveLength(1234);
    expect(end.printedBytes).toBe(1_000_000);
  });

  test('when its time is over all that it has started is killed', async () => {
    const script = `const { spawn } = require('node:child_process');
require('node:fs').writeSync(3, spawn('sleep', ['1000'], { stdio: 'inherit' }).pid + '\\n');
for (;;);`;
    const { end, pid } = await hearPid(script, 1_500);
    expect(end).toMatchObject({ timedOut: true, exit: { signal: 'SIGKILL' } });
    expect(pid).toBeGreaterThan(0);
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
  });

  test('a daemon that it has made, with its output open, is not waited for', async () => {
    const script = `const daemon = require('node:child_process').spawn('sleep', ['1000'], { detached: true, stdio: 'inherit' });
daemon.unref();
require('node:fs').writeSync(3, daemon.pid + '\\n');`;
    const { end, pid } = await hearPid(script, 20_000);
    expect(end).toMatchObject({ timedOut: false, exit: { code: 0 } });
    process.kill(pid, 'SIGKILL');
  }, 30_000);

  test('when its time is over what it has started in other groups is killed too', async () => {
    const script = `const { spawn } = require('node:child_process');
require('node:fs').writeSync(3, spawn('sleep', ['1000'], { detached: true, stdio: 'inherit' }).pid + '\\n');
for (;;);`;
    const { end, pid } = await hearPid(script, 3_000);
    expect(end.timedOut).toBe(true);
    expect(pid).toBeGreaterThan(0);
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
  });

  test('what a program leaves behind goes with it', async () => {
    const script = `const { spawn } = require('node:child_process');
require('node:fs').writeSync(3, spawn('sleep', ['1000'], { stdio: 'inherit' }).pid + '\\n');
process.exit(3);`;
    const { end, pid } = await hearPid(script, 20_000);
    expect(end).toMatchObject({ timedOut: false, exit: { code: 3 } });
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
  });
});
