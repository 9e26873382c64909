import { childrenOf } from '../processes/inside.ts';
import { type ProcUsage, procUsage, type ThreadUsage, threadUsages } from '../processes/proc-usage.ts';
import type { PartCounters } from '../profile/counters/counter-runs.ts';
import type { Measured } from '../profile/counters/measured.ts';
import { measuredColumns } from '../profile/counters/measured.ts';
import type { Series } from '../profile/profile.ts';

/** Threads that live shorter than this may not be seen. */
const THREAD_LOOK_MS = 10;
const LOOK_MS = 50;

export interface ProcWatchOptions {
  /** Keep a series, one value each so many milliseconds. */
  readonly intervalMs?: number;
  readonly perThread: boolean;
}

/** What was seen of a process in /proc while it was watched. */
interface ProcSeen {
  /** Since the watch began; memory: now, and most ever. Undefined where the process ended before it was seen again. */
  readonly usage: ProcUsage | undefined;
  readonly threads: readonly PartCounters[];
  /** Memory, CPU time, switches and faults in each interval. */
  readonly series: readonly Series[];
}

export interface ProcWatch {
  /** What the process waited for a CPU before now was not the program's. */
  began(): void;
  stop(): ProcSeen;
}

/**
 * Looks into /proc from time to time until it is stopped: what nobody else tells of processes that we did not start,
 * of threads that perf was not told of, and of memory over time.
 */
export function watchProc(pid: number, { intervalMs, perThread }: ProcWatchOptions): ProcWatch {
  let first = procUsage(pid);
  const started = performance.now();
  let last = first;
  let looks = 0;
  const threads = new Map<number, { process: number; usage: ThreadUsage; before: ThreadUsage | undefined }>();
  const series = new IntervalSeries(first);

  const lookAtThreads = (begun: boolean): void => {
    const processes = [pid];
    for (let i = 0; i < processes.length; i++) {
      const process = processes[i]!;
      for (const usage of threadUsages(process)) {
        const known = threads.get(usage.tid);
        threads.set(usage.tid, { process, usage, before: known?.before ?? (begun ? undefined : usage) });
      }
      processes.push(...(childrenOf(process) ?? []));
    }
  };
  const look = (): void => {
    const usage = procUsage(pid);
    if (usage !== undefined) {
      last = usage;
      looks++;
    }
    if (perThread) lookAtThreads(true);
  };
  if (perThread) lookAtThreads(false);
  const timers = [setInterval(look, perThread ? THREAD_LOOK_MS : LOOK_MS)];
  if (intervalMs !== undefined) {
    timers.push(
      setInterval(() => {
        look();
        if (last !== undefined) series.add((performance.now() - started) * 1e6, last);
      }, intervalMs),
    );
  }
  return {
    began() {
      const now = procUsage(pid);
      if (first !== undefined) first = { ...first, runDelay: now?.runDelay ?? Number.NaN };
    },
    stop() {
      look();
      for (const timer of timers) clearInterval(timer);
      return {
        usage: first === undefined || last === undefined || looks === 0 ? undefined : difference(first, last),
        threads: [...threads.values()].map(({ usage, before }) => threadPart(usage, before)),
        series: intervalMs === undefined ? [] : series.list(),
      };
    },
  };
}

function difference(before: ProcUsage, after: ProcUsage): ProcUsage {
  return {
    userTime: after.userTime - before.userTime,
    systemTime: after.systemTime - before.systemTime,
    minorFaults: after.minorFaults - before.minorFaults,
    majorFaults: after.majorFaults - before.majorFaults,
    // Threads that ended take theirs with them
    voluntarySwitches: Math.max(0, after.voluntarySwitches - before.voluntarySwitches),
    involuntarySwitches: Math.max(0, after.involuntarySwitches - before.involuntarySwitches),
    runDelay: Math.max(0, after.runDelay - before.runDelay),
    rss: after.rss,
    maxRss: after.maxRss,
  };
}

function threadPart(usage: ThreadUsage, before: ThreadUsage | undefined): PartCounters {
  const measured = (name: string, unit: string, field: Exclude<keyof ThreadUsage, 'name'>): Measured => ({
    name,
    unit,
    source: 'proc',
    value: usage[field] - (before?.[field] ?? 0),
  });
  const all = [
    measured('cpu-time', 'ns', 'cpuTime'),
    measured('run-delay', 'ns', 'runDelay'),
    measured('voluntary-switches', 'count', 'voluntarySwitches'),
    measured('involuntary-switches', 'count', 'involuntarySwitches'),
    measured('minor-faults', 'count', 'minorFaults'),
    measured('major-faults', 'count', 'majorFaults'),
  ];
  return {
    part: { kind: 'thread', name: `${usage.name}-${usage.tid}` },
    counters: measuredColumns([all.filter(({ value }) => !Number.isNaN(value))]),
  };
}

/** What was counted in each interval, and the memory held at its end. */
class IntervalSeries {
  private readonly time: number[] = [];
  private readonly rows: ProcUsage[] = [];
  private readonly held: number[] = [];
  private before: ProcUsage | undefined;

  constructor(first: ProcUsage | undefined) {
    this.before = first;
  }

  add(time: number, now: ProcUsage): void {
    this.time.push(time);
    this.held.push(now.rss);
    this.rows.push(this.before === undefined ? now : difference(this.before, now));
    this.before = now;
  }

  list(): Series[] {
    const one = (name: string, unit: string, value: (row: ProcUsage) => number): Series => ({
      name,
      unit,
      time: Float64Array.from(this.time),
      value: Float64Array.from(this.rows, value),
    });
    return [
      { name: 'rss', unit: 'bytes', time: Float64Array.from(this.time), value: Float64Array.from(this.held) },
      one('cpu-time', 'ns', ({ userTime, systemTime }) => userTime + systemTime),
      one('switches', 'count', ({ voluntarySwitches, involuntarySwitches }) => voluntarySwitches + involuntarySwitches),
      one('faults', 'count', ({ minorFaults, majorFaults }) => minorFaults + majorFaults),
    ];
  }
}
