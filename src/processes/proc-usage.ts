import { readdirSync } from 'node:fs';
import { readProc } from './inside.ts';

/** What /proc tells that a living process, or one of its threads, has used so far (proc(5)). */
export interface ProcUsage {
  /** Nanoseconds; the kernel gives hundredths of a second. */
  readonly userTime: number;
  readonly systemTime: number;
  readonly minorFaults: number;
  readonly majorFaults: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
  /** Nanoseconds in which its living threads could have run and had no CPU; NaN where the kernel keeps no such account. */
  readonly runDelay: number;
  /** Bytes held now, and most that were ever held. */
  readonly rss: number;
  readonly maxRss: number;
}

/** One thread. */
export interface ThreadUsage {
  readonly tid: number;
  readonly name: string;
  /** Nanoseconds on a CPU, and waiting for one; exact. NaN where the kernel keeps no such account. */
  readonly cpuTime: number;
  readonly runDelay: number;
  readonly minorFaults: number;
  readonly majorFaults: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
}

/** USER_HZ is 100 on every architecture that node runs on. */
const TICK = 1e7;

/** Looks at a process; its switches are those of its living threads. Undefined when it is gone or has ended. */
export function procUsage(pid: number): ProcUsage | undefined {
  const stat = statFields(`/proc/${pid}/stat`);
  const status = readProc(`/proc/${pid}/status`);
  if (stat === undefined || status === undefined || stat.fields[0] === 'Z') return undefined;
  const { fields } = stat;
  let voluntary = 0;
  let involuntary = 0;
  let runDelay = 0;
  for (const tid of threadIds(pid)) {
    const thread = readProc(`/proc/${pid}/task/${tid}/status`) ?? '';
    voluntary += line(thread, 'voluntary_ctxt_switches') ?? 0;
    involuntary += line(thread, 'nonvoluntary_ctxt_switches') ?? 0;
    runDelay += runDelayOf(`/proc/${pid}/task/${tid}`);
  }
  return {
    userTime: Number(fields[11]) * TICK,
    systemTime: Number(fields[12]) * TICK,
    minorFaults: Number(fields[7]),
    majorFaults: Number(fields[9]),
    voluntarySwitches: voluntary,
    involuntarySwitches: involuntary,
    runDelay,
    rss: (line(status, 'VmRSS') ?? 0) * 1024,
    maxRss: (line(status, 'VmHWM') ?? 0) * 1024,
  };
}

/** Looks at every thread of a process. */
export function threadUsages(pid: number): ThreadUsage[] {
  const found: ThreadUsage[] = [];
  for (const tid of threadIds(pid)) {
    const folder = `/proc/${pid}/task/${tid}`;
    const stat = statFields(`${folder}/stat`);
    const status = readProc(`${folder}/status`);
    if (stat === undefined || status === undefined) continue;
    found.push({
      tid,
      name: stat.comm,
      cpuTime: schedstat(folder)[0] ?? Number.NaN,
      runDelay: runDelayOf(folder),
      minorFaults: Number(stat.fields[7]),
      majorFaults: Number(stat.fields[9]),
      voluntarySwitches: line(status, 'voluntary_ctxt_switches') ?? Number.NaN,
      involuntarySwitches: line(status, 'nonvoluntary_ctxt_switches') ?? Number.NaN,
    });
  }
  return found;
}

/** Time on a CPU, time waiting for one, and how often it got one (sched-stats.rst); empty where there is no account. */
function schedstat(folder: string): number[] {
  const text = readProc(`${folder}/schedstat`);
  return text === undefined ? [] : text.trim().split(' ').map(Number);
}

function runDelayOf(folder: string): number {
  return schedstat(folder)[1] ?? Number.NaN;
}

function threadIds(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

/** The fields of a stat file from the third on: the name before them may hold blanks and parentheses. */
function statFields(path: string): { comm: string; fields: string[] } | undefined {
  const text = readProc(path);
  if (text === undefined) return undefined;
  const close = text.lastIndexOf(')');
  const comm = Buffer.from(text.slice(text.indexOf('(') + 1, close), 'latin1').toString();
  return { comm, fields: text.slice(close + 2).split(' ') };
}

function line(text: string, name: string): number | undefined {
  const value = new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1];
  return value === undefined ? undefined : Number(value);
}

/** What /proc/stat and /proc/vmstat tell of the whole system since it started: nanoseconds over all CPUs, and counts. */
export interface SystemUsage {
  readonly userTime: number;
  readonly systemTime: number;
  readonly idleTime: number;
  /** Idle while something waited for a disk. */
  readonly ioWaitTime: number;
  /** Taken by the hypervisor for other machines. */
  readonly stealTime: number;
  readonly contextSwitches: number;
  readonly processesStarted: number;
  readonly pageFaults: number;
  readonly majorFaults: number;
}

export function systemUsage(): SystemUsage {
  const stat = readProc('/proc/stat') ?? '';
  const vmstat = readProc('/proc/vmstat') ?? '';
  // user nice system idle iowait irq softirq steal guest guest_nice; guests are in user already
  const cpu = (/^cpu +(.*)$/m.exec(stat)?.[1] ?? '').split(' ').map((ticks) => Number(ticks) * TICK);
  const at = (index: number): number => cpu[index] ?? 0;
  const counted = (text: string, name: string): number =>
    Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
  return {
    userTime: at(0) + at(1),
    systemTime: at(2) + at(5) + at(6),
    idleTime: at(3),
    ioWaitTime: at(4),
    stealTime: at(7),
    contextSwitches: counted(stat, 'ctxt'),
    processesStarted: counted(stat, 'processes'),
    pageFaults: counted(vmstat, 'pgfault'),
    majorFaults: counted(vmstat, 'pgmajfault'),
  };
}

/** How often and how long a process's control group had to wait because it had used up its share of the CPUs. */
export interface Throttling {
  readonly periods: number;
  /** Nanoseconds, over all CPUs. */
  readonly time: number;
}

/** Reads cpu.stat of our own control group (version 2), which our programs share; undefined where there is no limit. */
export function throttling(): Throttling | undefined {
  const group = /^0::(.*)$/m.exec(readProc('/proc/self/cgroup') ?? '')?.[1];
  if (group === undefined) return undefined;
  // A container sees its own group as the root
  for (const folder of [`/sys/fs/cgroup${group}`, '/sys/fs/cgroup']) {
    const stat = readProc(`${folder}/cpu.stat`) ?? '';
    const periods = /^nr_throttled (\d+)$/m.exec(stat)?.[1];
    const time = /^throttled_usec (\d+)$/m.exec(stat)?.[1];
    if (periods !== undefined && time !== undefined) return { periods: Number(periods), time: Number(time) * 1e3 };
  }
  return undefined;
}
