/**
 * Preload of the RSS collector: writes `TIME HEAP_TOTAL HEAP_USED EXTERNAL ARRAY_BUFFERS` a few times a second (milliseconds since the
 * epoch, bytes) into PID.memory of the collector's folder, for node programs and the node programs that they start.
 * Where the event loop is kept busy no line comes. It keeps no program alive.
 */
import { isMainThread } from 'node:worker_threads';
import { MEMORY_INTERVAL, MEMORY_VARIABLE } from './memory-log.ts';
import { writeRegularly } from './regular-lines.ts';

const folder = process.env[MEMORY_VARIABLE];
if (isMainThread && folder !== undefined) follow(`${folder}/${process.pid}.memory`);
delete require.cache[__filename];

function follow(path: string): void {
  const write = writeRegularly(path, MEMORY_INTERVAL, () => {
    const { heapTotal, heapUsed, external, arrayBuffers } = process.memoryUsage();
    return `${Date.now()} ${heapTotal} ${heapUsed} ${external} ${arrayBuffers}\n`;
  });
  // So that it is known how long a program says nothing that never pauses
  write?.();
}
