import type { ResourceUsage } from '../processes/accountant/records.ts';
import type { ProcUsage, SystemUsage, Throttling } from '../processes/proc-usage.ts';
import type { CounterSource } from '../profile/counters/counter-runs.ts';
import type { Measured } from '../profile/counters/measured.ts';

/** @param value nanoseconds */
export function wallTime(value: number): Measured {
  return { name: 'wall-time', unit: 'ns', source: 'clock', value };
}

/** What the kernel says of a program that has ended. */
export function accounted(usage: ResourceUsage): Measured[] {
  const one = of('rusage');
  return [
    ...common(one, usage),
    one('blocks-in', 'blocks', usage.blocksIn),
    one('blocks-out', 'blocks', usage.blocksOut),
  ];
}

/** What both the kernel's account and /proc tell. */
function common(one: ReturnType<typeof of>, usage: ResourceUsage | ProcUsage): Measured[] {
  return [
    one('user-time', 'ns', usage.userTime),
    one('system-time', 'ns', usage.systemTime),
    one('max-rss', 'bytes', usage.maxRss),
    one('minor-faults', 'count', usage.minorFaults),
    one('major-faults', 'count', usage.majorFaults),
    one('voluntary-switches', 'count', usage.voluntarySwitches),
    one('involuntary-switches', 'count', usage.involuntarySwitches),
  ];
}

/** How long it could have run and had no CPU; of threads that have ended nobody tells, so it is the least. */
export function runDelay(usage: ProcUsage | undefined): Measured[] {
  if (usage === undefined || Number.isNaN(usage.runDelay)) return [];
  return [of('proc')('run-delay', 'ns', usage.runDelay)];
}

/** What /proc said of a process when it was last looked at. */
export function ofProcess(usage: ProcUsage | undefined): Measured[] {
  if (usage === undefined) return [];
  return [...common(of('proc'), usage), ...runDelay(usage)];
}

/** What the whole system did between two looks. */
export function ofSystem(before: SystemUsage, after: SystemUsage): Measured[] {
  const one = of('proc');
  const counted = (name: string, unit: string, field: keyof SystemUsage): Measured =>
    one(name, unit, after[field] - before[field]);
  return [
    counted('user-time', 'ns', 'userTime'),
    counted('system-time', 'ns', 'systemTime'),
    counted('idle-time', 'ns', 'idleTime'),
    counted('io-wait-time', 'ns', 'ioWaitTime'),
    counted('steal-time', 'ns', 'stealTime'),
    counted('context-switches', 'count', 'contextSwitches'),
    counted('processes-started', 'count', 'processesStarted'),
    counted('page-faults', 'count', 'pageFaults'),
    counted('major-faults', 'count', 'majorFaults'),
  ];
}

/** How the control group's limit held the program back; none where it has no limit, or never did. */
export function throttled(before: Throttling | undefined, after: Throttling | undefined): Measured[] {
  if (before === undefined || after === undefined || after.periods === before.periods) return [];
  const one = of('proc');
  return [
    one('throttled-periods', 'count', after.periods - before.periods),
    one('throttled-time', 'ns', after.time - before.time),
  ];
}

function of(source: CounterSource) {
  return (name: string, unit: string, value: number): Measured => ({ name, unit, source, value });
}
