import { type GroupReport, OLD_NS, type ThreadReport } from '../../preload/console/messages.ts';
import type { Warning } from '../snapshot.ts';
import { culprit, type Places } from './places.ts';

/** A callback that holds the loop for longer is worth a word: nanoseconds. */
const LONG_POLL = 100e6;
/** Reports, about one a second, that a group's growth is judged by. */
const HISTORY = 15;
/** Operations that must be alive, and have been seen alive, before their number means anything. */
const MANY = 50;
const SEEN = 10;
/** What part more is growth. */
const GROWTH = 0.02;
/** Whether one of these lives is known at once; what the garbage collector has to tell rises and falls by itself. */
const SURE = /^(?:PROMISE|Timeout|TCPWRAP|TCPSERVERWRAP|PIPEWRAP|UDPWRAP)$/;
/** How many promises may wait for long. */
const WAITING = 10;
/** How often a timer sets itself anew before that is its way. */
const RESETS = 5;
/** A process that has had nothing but timers for so many reports is kept alive by them. */
const ALONE = 5;

/** What a thread takes to settle once it is watched, and a report to come: seconds. */
export const LEAST_SECONDS = 2;

/**
 * Seconds of watching, with a report each second, before there can be a warning of each kind: one of what is there all the time, so that
 * those who watch for less cannot say that there is none.
 */
export const WARNING_SECONDS: ReadonlyMap<Warning['kind'], number> = new Map([
  ['never-yields', LEAST_SECONDS],
  ['unhandled-rejection', LEAST_SECONDS],
  ['rescheduling-timer', RESETS + 1],
  ['keeps-alive', ALONE + 1],
  ['growing', HISTORY],
  // They must be old, and more of them must have become so since
  ['never-resolved', 2 * (OLD_NS / 1e9)],
]);

interface History {
  readonly live: number[];
  readonly old: number[];
}

/** Finds what is wrong in what the threads tell, and says it in one sentence. Keeps the last reports; pure otherwise. */
export class Warnings {
  private readonly histories = new Map<string, History>();
  /** Reports in a row in which the main thread had nothing but timers. */
  private alone = 0;

  /** To be called once with each report. @param groups all of its thread */
  look(report: ThreadReport, groups: ReadonlyMap<number, GroupReport>): void {
    for (const group of groups.values()) {
      const key = `${report.thread}.${group.id}`;
      let history = this.histories.get(key);
      if (history === undefined) {
        history = { live: [], old: [] };
        this.histories.set(key, history);
      }
      push(history.live, group.live);
      push(history.old, group.liveOld);
    }
    if (report.thread === 0) this.alone = onlyTimers(report) ? this.alone + 1 : 0;
  }

  gone(thread: number): void {
    for (const key of this.histories.keys()) if (key.startsWith(`${thread}.`)) this.histories.delete(key);
  }

  /** @param longestBlock of its thread: nanoseconds */
  ofGroup(thread: number, group: GroupReport, longestBlock: number): Warning[] {
    const history = this.histories.get(`${thread}.${group.id}`);
    return [
      ...neverYields(group, longestBlock),
      ...(history === undefined ? [] : [...neverResolved(group, history), ...growing(group, history)]),
      ...reschedules(group),
    ];
  }

  /** Warnings of the program as a whole. */
  ofProgram(
    reports: readonly ThreadReport[],
    groups: ReadonlyMap<number, ReadonlyMap<number, GroupReport>>,
    rejections: readonly ThreadReport['rejections'][],
    places: Places,
  ): Warning[] {
    const warnings: Warning[] = [];
    for (const { count, last, stack } of rejections) {
      if (count === 0) continue;
      const place = culprit(places.of(stack));
      const where = place === undefined ? '' : `, at ${place.file}:${place.line}`;
      const often = count === 1 ? 'a promise was rejected' : `${count} promises were rejected`;
      warnings.push({
        kind: 'unhandled-rejection',
        text: `${often} and nobody handled it; the last: ${last}${where}: add a catch there`,
      });
    }
    const main = reports.find(({ thread }) => thread === 0);
    if (main !== undefined && this.alone >= ALONE) warnings.push(keepsAlive(main, groups.get(0) ?? new Map(), places));
    return warnings;
  }
}

function push(values: number[], value: number): void {
  values.push(value);
  if (values.length > HISTORY) values.shift();
}

/** The clock goes on where a callback waits for a processor; a block is without that. */
function neverYields({ longest }: GroupReport, longestBlock: number): Warning[] {
  if (longest < LONG_POLL || longestBlock < LONG_POLL / 2) return [];
  const text = `a callback of it held the event loop for ${(longest / 1e6).toFixed(0)} ms: split the work, or give it to a worker thread`;
  return [{ kind: 'never-yields', text }];
}

function neverResolved(group: GroupReport, { old }: History): Warning[] {
  if (group.type !== 'PROMISE' || old.length < HISTORY) return [];
  const now = old.at(-1)!;
  const before = old[0]!;
  // Some promises wait for the end of the program; more and more of them do not
  if (now < WAITING || group.seenLive < SEEN || now < before * 1.1 + 1) return [];
  const age = (group.oldest / 1e9).toFixed(0);
  return [
    {
      kind: 'never-resolved',
      text: `${Math.round(now)} promises made here have waited for more than 10 s, the oldest for ${age} s, and they become more: who is to resolve them?`,
    },
  ];
}

function growing(group: GroupReport, { live }: History): Warning[] {
  if (live.length < HISTORY || group.live < MANY || group.seenLive < SEEN || !SURE.test(group.type)) return [];
  const third = HISTORY / 3;
  const [first, middle, last] = [live.slice(0, third), live.slice(third, -third), live.slice(-third)];
  // What comes and goes has a high among the early ones, or a low among the late ones
  if (Math.max(...first) >= Math.min(...middle) || Math.max(...middle) >= Math.min(...last)) return [];
  const [from, to] = [Math.round(live[0]!), Math.round(live.at(-1)!)];
  if (to - from < Math.max(MANY / 2, from * GROWTH)) return [];
  return [
    {
      kind: 'growing',
      text: `${to} are alive, ${to - from} more than a while ago, and never fewer: who is to let go of them?`,
    },
  ];
}

function reschedules({ type, reset, created, delay }: GroupReport): Warning[] {
  if (type !== 'Timeout' || reset < RESETS || reset < created / 2) return [];
  return [
    {
      kind: 'rescheduling-timer',
      text: `the timer sets itself anew, ${Math.round(reset)} times so far${delay === undefined ? '' : `, each for ${delay} ms`}: wait for an event instead of asking again and again`,
    },
  ];
}

/** Nothing but timers keeps the thread alive. */
function onlyTimers({ active, handles, loop }: ThreadReport): boolean {
  if (!active.some(([name]) => name === 'Timeout')) return false;
  if (active.some(([name]) => name !== 'Timeout' && !/^(?:TTYWrap|PipeWrap|Immediate)$/.test(name))) return false;
  if (handles.some(({ kind, keepAlive }) => keepAlive > 0 && kind !== 'pipe' && kind !== 'handle')) return false;
  const busy = loop.active / Math.max(1, loop.active + loop.idle);
  return busy < 0.5;
}

function keepsAlive(report: ThreadReport, groups: ReadonlyMap<number, GroupReport>, places: Places): Warning {
  const count = report.active.find(([name]) => name === 'Timeout')?.[1] ?? 0;
  const known = [...groups.values()].filter(({ type, keepAlive }) => type === 'Timeout' && keepAlive > 0);
  known.sort((a, b) => b.keepAlive - a.keepAlive);
  const [first] = known;
  const place = first === undefined ? undefined : culprit(places.of(first.stack));
  const what = first?.repeats === true ? `setInterval(${first.delay} ms)` : 'setTimeout';
  const where =
    place === undefined ? '' : `: ${what} in ${place.function || 'the script'} at ${place.file}:${place.line}`;
  const timers = count === 1 ? 'a timer keeps' : `${count} timers keep`;
  return {
    kind: 'keeps-alive',
    text: `nothing but ${timers} the process alive${where}; clear it, or unref() it, when it is no longer needed`,
  };
}
