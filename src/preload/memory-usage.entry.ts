/**
 * Preload of the RSS collector: writes `TIME HEAP_TOTAL HEAP_USED EXTERNAL ARRAY_BUFFERS` a few times a second (milliseconds since the
 * epoch, bytes) into PID.memory of the collector's folder, for node programs and the node programs that they start.
 * Where the event loop is kept busy no line comes. It keeps no program alive.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { MEMORY_INTERVAL, MEMORY_VARIABLE } from './memory-log.ts';

const folder = process.env[MEMORY_VARIABLE];
if (isMainThread && folder !== undefined) follow(`${folder}/${process.pid}.memory`);
delete require.cache[__filename];

function follow(path: string): void {
  let file: number;
  try {
    file = openSync(path, 'a', 0o600);
  } catch {
    // A program runs as well without
    return;
  }
  const write = (): void => {
    const { heapTotal, heapUsed, external, arrayBuffers } = process.memoryUsage();
    try {
      writeSync(file, `${Date.now()} ${heapTotal} ${heapUsed} ${external} ${arrayBuffers}\n`);
    } catch {
      clearInterval(timer);
    }
  };
  const timer = setInterval(write, MEMORY_INTERVAL);
  timer.unref();
  // So that it is known how long a program says nothing that never pauses
  write();
  process.once('exit', () => {
    write();
    try {
      closeSync(file);
    } catch {
      // It is gone anyway
    }
  });
}
