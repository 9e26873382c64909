import { existsSync, readlinkSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import inspector from 'node:inspector';
import { basename } from 'node:path';
import type { Settings } from './settings.ts';

/** A CPU profile of the DevTools protocol, and whose it is. */
interface Segment extends inspector.Profiler.Profile {
  pforgeProf?: { pid: number; tid: number; process: string; thread: string };
}

export interface ThreadProfiler {
  /**
   * Writes what was sampled since the last call as one file `PID-TID-SEQ.cpuprofile` and goes on sampling.
   * @returns milliseconds it took; -1 where there is nothing to do
   */
  checkpoint(): number;
  /** Ends sampling, writes nothing. */
  stop(): void;
}

/** What to call this thread: `process` is the same in all threads of a process. */
export interface ThreadNames {
  readonly process: string;
  readonly thread: string;
}

// Taken now: programs and test frameworks replace them.
const now = process.hrtime.bigint;
const { stringify } = JSON;

/**
 * Samples this thread from here on.
 *
 * Profiles are started by console.profile of the inspector, not by `Profiler.start`: the profiles of one session share
 * a sampler, so the next can begin before the last ends. Stop and start would walk the whole heap for code each time
 * (measured: 400 ms with a heap of 460 MB, against 0.6 ms).
 */
export function startThreadProfiler(settings: Settings, names: () => ThreadNames): ThreadProfiler {
  const session = new inspector.Session();
  session.connect();
  // The method set of the inspector's console has no types.
  const console = inspector.console as unknown as { profile(title: string): void; profileEnd(title: string): void };
  const prefix = 'pforge-prof segment ';
  const tid = currentTid();
  let finished: Segment[] = [];
  let started = 0;
  let sequence = 0;
  let previousEnd = 0;
  let running = true;
  let busy = false;

  session.on('Profiler.consoleProfileFinished', ({ params }) => {
    // The program may use console.profile too.
    if (params.title?.startsWith(prefix)) finished.push(params.profile);
  });
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: settings.intervalMicros });
  console.profile(prefix + started);

  function stop(): void {
    if (running) session.disconnect();
    running = false;
  }

  function write(segment: Segment): void {
    trimStart(segment, previousEnd);
    previousEnd = segment.endTime;
    segment.pforgeProf = { pid: process.pid, tid, ...names() };
    const path = `${settings.dir}/${process.pid}-${tid}-`;
    // Process ids come round again, and execve keeps them.
    while (existsSync(`${path}${sequence}.cpuprofile`)) sequence++;
    const file = `${path}${sequence}.cpuprofile`;
    try {
      writeFileSync(`${file}.tmp`, stringify(segment), { mode: 0o600 });
      renameSync(`${file}.tmp`, file);
    } catch (error) {
      // An empty file needs no space on a full disk: the collector reads the loss from its name.
      attempt(() => unlinkSync(`${file}.tmp`));
      attempt(() => writeFileSync(`${path}${(error as NodeJS.ErrnoException).code}.lost`, '', { mode: 0o600 }));
      // Without the folder the collector is gone: to sample on would only take memory.
      if (!existsSync(settings.dir)) stop();
    }
  }

  function checkpoint(): number {
    // Busy: the control thread can interrupt this very function.
    if (!running || busy) return -1;
    busy = true;
    const start = now();
    try {
      console.profile(prefix + (started + 1));
      console.profileEnd(prefix + started);
      started++;
      const segments = finished;
      finished = [];
      for (const segment of segments) write(segment);
    } catch {
      // Whatever the program did to the built-ins we use: it must not see an error of ours.
      stop();
    } finally {
      busy = false;
    }
    return Number(now() - start) / 1e6;
  }

  return { checkpoint, stop };
}

/** Takes samples before `time` (microseconds) off: the profile before this one has them. */
function trimStart(segment: Segment, time: number): void {
  const { samples, timeDeltas } = segment;
  if (segment.startTime >= time || samples === undefined || timeDeltas === undefined) return;
  let at = segment.startTime;
  let count = 0;
  while (count < samples.length && at + timeDeltas[count]! < time) at += timeDeltas[count++]!;
  samples.splice(0, count);
  timeDeltas.splice(0, count);
  if (timeDeltas.length > 0) timeDeltas[0]! -= time - at;
  segment.startTime = time;
}

/** The kernel's id of this thread, as perf and ps show it. */
function currentTid(): number {
  return Number(basename(readlinkSync('/proc/thread-self')));
}

function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // Best effort on a path that reports another failure.
  }
}
