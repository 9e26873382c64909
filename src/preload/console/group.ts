import { readdirSync } from 'node:fs';
import { type GroupReport, POLL_BOUNDS, type RawPlace } from './messages.ts';

/** All operations of one type that were created at one place; sums are scaled up to all there were. */
export class Group {
  readonly id: number;
  readonly type: string;
  readonly stack: readonly RawPlace[];
  parent: Group | undefined;
  created = 0;
  live = 0;
  seenLive = 0;
  /** Of those that are over: nanoseconds. */
  total = 0;
  busy = 0;
  polls = 0;
  longest = 0;
  readonly pollTimes: number[] = new Array(POLL_BOUNDS.length).fill(0);
  reset = 0;
  delay: number | undefined;
  repeats: boolean | undefined;
  running = 0;
  estimate = false;
  /** It has changed since the last report. */
  changed = true;

  constructor(id: number, type: string, stack: readonly RawPlace[], parent: Group | undefined) {
    this.id = id;
    this.type = type;
    this.stack = stack;
    this.parent = parent;
  }

  /** @param weight how many polls this one stands for */
  poll(duration: number, weight: number): void {
    this.busy += duration * weight;
    this.polls += weight;
    if (duration > this.longest) this.longest = duration;
    // Bin b ends at 1000 * 2 ** b
    const bin = duration < 1000 ? 0 : Math.min(POLL_BOUNDS.length - 1, 32 - Math.clz32(Math.ceil(duration / 1000) - 1));
    this.pollTimes[bin]! += weight;
    this.changed = true;
  }
}

/**
 * A few that stay for long, scaled up from one window, stand for many that there never were: no more can be open than the process
 * has descriptors. What is too many is taken off what was created, too.
 * @param groups of handles with a descriptor each
 */
export function boundByDescriptors(groups: readonly Group[], descriptors: number): void {
  const sum = groups.reduce((total, { live }) => total + live, 0);
  for (const group of groups) {
    const live = Math.max(group.seenLive, (group.live * descriptors) / sum);
    if (sum <= descriptors || !group.estimate || live >= group.live) continue;
    group.created -= group.live - live;
    group.live = live;
    group.changed = true;
  }
}

/** How many descriptors this process has open. */
export function descriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** What only a walk over all living operations of a group tells. */
export interface LivingSums {
  age: number;
  oldest: number;
  old: number;
  keepAlive: number;
}

export function reportOf(group: Group, living: LivingSums | undefined): GroupReport {
  return {
    id: group.id,
    type: group.type,
    stack: group.stack,
    ...(group.parent === undefined ? {} : { parent: group.parent.id }),
    created: group.created,
    live: Math.max(group.seenLive, group.live),
    seenLive: group.seenLive,
    liveOld: living?.old ?? 0,
    oldest: living?.oldest ?? 0,
    total: group.total + (living?.age ?? 0),
    busy: group.busy,
    polls: group.polls,
    longest: group.longest,
    pollTimes: group.pollTimes,
    reset: group.reset,
    ...(group.delay === undefined ? {} : { delay: group.delay }),
    ...(group.repeats === undefined ? {} : { repeats: group.repeats }),
    keepAlive: living?.keepAlive ?? 0,
    running: group.running > 0,
    estimate: group.estimate,
  };
}
