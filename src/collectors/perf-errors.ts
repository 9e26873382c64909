import { readFileSync } from 'node:fs';
import { EXIT, UserError } from '../errors.ts';
import type { Detection } from './collector.ts';

/** Why perf cannot record, told from what it printed, and the one thing that mends it. */
interface Cause {
  readonly pattern: RegExp;
  readonly why: string;
  readonly remedy: string;
  /** What mends it for perf stat, where that is another thing. */
  readonly whenCounting?: string;
  /** The event is known and this machine cannot count it. */
  readonly noEvent?: true;
}

const INSTALL_PERF = 'apt-get install linux-perf (Debian) or linux-tools-$(uname -r) (Ubuntu)';

const causes: readonly Cause[] = [
  {
    pattern: /perf not found for kernel|WARNING: perf not found/i,
    why: 'the perf on PATH is a wrapper without a perf for this kernel',
    remedy: INSTALL_PERF,
  },
  {
    pattern: /perf_event_paranoid|access to performance monitoring|permission denied|\(EACCES\)|returned with 13/i,
    why: 'the kernel does not let this user profile',
    remedy: 'sudo sysctl kernel.perf_event_paranoid=1',
  },
  {
    pattern: /no permission to enable|operation not permitted|returned with 1 \(/i,
    why: 'perf_event_open is forbidden here (a container?)',
    remedy: 'run the container with --cap-add PERFMON --security-opt seccomp=unconfined',
  },
  {
    pattern: /function not implemented|returned with 38/i,
    why: 'this kernel has no perf events (gVisor, WSL1)',
    remedy: 'profile node programs with --collector v8',
    whenCounting: 'count on the machine itself',
  },
  {
    pattern: /branch stack sampling|LBR callstack/i,
    why: 'this processor, or virtual machine, has no last branch records',
    remedy: 'use --call-graph fp or dwarf',
  },
  {
    pattern: /event is not supported|PMU hardware doesn't support|returned with 2 \(/i,
    why: 'this machine does not have that event',
    remedy: 'use -e cpu-clock, or see what `perf list` offers',
    whenCounting: 'pforge-prof perf-stat --list shows what it has',
    noEvent: true,
  },
  {
    pattern: /parser error|unknown term/i,
    why: 'this machine does not have that event',
    remedy: 'use -e cpu-clock, or see what `perf list` offers',
    whenCounting: 'pforge-prof perf-stat --list shows what it has',
  },
  {
    pattern: /too many events are opened|too many open files|returned with 24/i,
    why: 'perf ran out of file descriptors',
    remedy: 'ulimit -n 65536',
  },
  {
    pattern: /permission error mapping pages|failed to mmap|perf_event_mlock_kb/i,
    why: 'perf may not lock enough memory for its buffers',
    remedy: 'sudo sysctl kernel.perf_event_mlock_kb=2048',
  },
  {
    pattern: /no space left on device|returned with 28/i,
    why: 'the disk is full',
    remedy: 'free some space, or set TMPDIR to another disk',
  },
  {
    pattern: /no such process|couldn't create thread\/CPU maps|returned with 3 \(/i,
    why: 'the process ended before perf could attach',
    remedy: 'check the process id',
  },
];

/** What perf was asked to do. */
type Doing = 'record' | 'count';

/** perf could not begin: nothing of the program has run, so another collector may still take its place. */
export class PerfUnavailable extends UserError {
  /** The event is known and this machine cannot count it. */
  readonly noEvent: boolean;

  constructor(
    why: string,
    remedy: string,
    doing: Doing = 'record',
    more: { readonly noEvent?: boolean; readonly cause?: unknown } = {},
  ) {
    super(`perf cannot ${doing}: ${why}`, { hint: remedy, exitCode: EXIT.cannotCollect, cause: more.cause });
    this.name = 'PerfUnavailable';
    this.noEvent = more.noEvent ?? false;
  }
}

/** Makes the one clear line out of perf's own lines. */
export function explainPerf(stderr: string, doing: Doing = 'record'): PerfUnavailable {
  const cause = causes.find(({ pattern }) => pattern.test(stderr));
  if (cause !== undefined) {
    const remedy = (doing === 'count' && cause.whenCounting) || cause.remedy;
    return new PerfUnavailable(cause.why, remedy, doing, { noEvent: cause.noEvent ?? false });
  }
  const line = stderr.split('\n').find((text) => /\S/.test(text) && !/^(error|warning):?\s*$/i.test(text.trim()));
  const why = line?.trim() ?? 'it ended without a word';
  return new PerfUnavailable(why, 'pforge-prof doctor tells what works here', doing);
}

/** perf_event_paranoid and kptr_restrict, -2 where the file is missing. */
export function kernelSetting(name: 'perf_event_paranoid' | 'kptr_restrict' | 'perf_event_max_sample_rate'): number {
  try {
    return Number(readFileSync(`/proc/sys/kernel/${name}`, 'utf8'));
  } catch {
    return -2;
  }
}

export function perfMissing(): Extract<Detection, { ok: false }> {
  return { ok: false, why: 'perf is not installed', remedy: INSTALL_PERF };
}
