import { readSync, writeSync } from 'node:fs';
import type { Answer } from './messages.ts';

/** The pipe to the tool. */
const WIRE = 3;
let unread = '';

/** Waits for a line and reads it as JSON. */
export function receive(): unknown {
  const room = Buffer.allocUnsafe(1 << 16);
  for (;;) {
    const end = unread.indexOf('\n');
    if (end >= 0) {
      const line = unread.slice(0, end);
      unread = unread.slice(end + 1);
      return JSON.parse(line);
    }
    const size = patiently(() => readSync(WIRE, room));
    // The tool is gone, and so are we
    if (size === 0) process.exit(1);
    unread += room.toString('utf8', 0, size);
  }
}

export function answer(words: Answer): void {
  const bytes = Buffer.from(`${JSON.stringify(words)}\n`);
  for (let at = 0; at < bytes.length; ) at += patiently(() => writeSync(WIRE, bytes, at));
}

/** A pipe that somebody has set not to block answers so when it is full or empty. */
function patiently(attempt: () => number): number {
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
