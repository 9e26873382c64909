/**
 * Preload of `load`: writes `TIME ACTIVE IDLE P50 P99 MAX` into PID.loop of the folder of the load, a few times a second:
 * milliseconds since the epoch, milliseconds in which the event loop was at work and not, microseconds by which it was late
 * since the last line. It keeps no program alive.
 */
import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';
import { LOOP_INTERVAL, LOOP_VARIABLE } from './loop-log.ts';
import { writeRegularly } from './regular-lines.ts';

/** The delay is looked at this often: milliseconds. A timer that is on time shows this much. */
const RESOLUTION_MS = 10;

const folder = process.env[LOOP_VARIABLE];
if (isMainThread && folder !== undefined) follow(`${folder}/${process.pid}.loop`);
delete require.cache[__filename];

function follow(path: string): void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let last: EventLoopUtilization = performance.eventLoopUtilization();
  const late = (nanoseconds: number): number => Math.max(0, Math.round(nanoseconds / 1e3 - RESOLUTION_MS * 1e3));
  const write = writeRegularly(path, LOOP_INTERVAL, () => {
    const now = performance.eventLoopUtilization();
    const { active, idle } = performance.eventLoopUtilization(now, last);
    last = now;
    const [p50, p99, max] = [late(delay.percentile(50)), late(delay.percentile(99)), late(delay.max)];
    delay.reset();
    return `${Date.now()} ${active.toFixed(3)} ${idle.toFixed(3)} ${p50} ${p99} ${max}\n`;
  });
  if (write !== undefined) delay.enable();
}
