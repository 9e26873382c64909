import { Readable, Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { main } from '../src/cli.ts';

/** What a pipe is whose reader has gone away. */
function brokenPipe(): Writable {
  return new Writable({
    write: (_bytes, _encoding, done) => done(Object.assign(new Error('gone'), { code: 'EPIPE' })),
  });
}

test.each([
  ['--version', 0],
  ['--help', 0],
  ['', 2],
])('%s: a reader that goes away is no crash', async (word, expected) => {
  const [stdout, stderr] = [brokenPipe(), brokenPipe()];
  const argv = ['node', 'pforge-prof', word].filter((text) => text !== '');
  const crashes: unknown[] = [];
  const crashed = (error: unknown): number => crashes.push(error);
  process.on('uncaughtException', crashed);
  try {
    expect(await main({ argv, env: {}, stdin: Readable.from([]), stdout, stderr })).toBe(expected);
    await setImmediate();
    expect(crashes).toEqual([]);
  } finally {
    process.off('uncaughtException', crashed);
  }
});
