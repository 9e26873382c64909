import type { Operations } from './operations.ts';

/** Part of the program's own processor time that hooks may take: 0 to 1. */
const BUDGET = 0.01;
/** And of all time, where the program does next to nothing. */
const FLOOR = 0.002;
/** What one hook costs with all that node does for it where hooks are on for long: 50 to 60 measured, twice that allowed for. Nanoseconds. */
const EVENT_NS = 100;
/** And in a window, which finds the code for it cold; what of it is compiled there for speed is used for milliseconds: nanoseconds. */
const COLD_EVENT_NS = 500;
/** What it costs to have hooks on and off again: nanoseconds. */
const SWITCH_NS = 200e3;
/** A window, and the shortest and longest time from one to the next: milliseconds. */
const WINDOW_MS = 20;
const SHORTEST_MS = 200;
const LONGEST_MS = 2000;
/** A window ends earlier after so many hook calls: many short windows tell more than a few long ones. */
const MOST_EVENTS = 5_000;
/** As do hooks that are on all the time, from one look at their cost to the next. */
const MOST_BETWEEN_LOOKS = 10_000;
/** How often the cost is looked at while hooks are on all the time. */
const LOOK_MS = 500;
/** A program that begins is seen whole for so long after the first thing that it does itself, or for so long at most: milliseconds. */
const BEGINNING_MS = 1000;
const LONGEST_BEGINNING_MS = 10_000;
/** Part of a window that stacks may take. */
const STACKS = 0.05;

const set = setTimeout;
const clear = clearTimeout;
const clock = performance;

/**
 * Has hooks on as long as they cost next to nothing, which is so in most programs most of the time; in short windows
 * where they would be felt.
 */
export class Windows {
  /** Part of the time in which hooks were on, the last time that was asked. */
  private onTime = 0;
  private asked = clock.now();
  private spent = 0;
  private opened = 0;
  /** Hooks were on when it was opened. */
  private isWarm = false;
  /** Processor time of the process at the last look: microseconds, and when that was. */
  private cpu = process.cpuUsage();
  private looked = clock.now();
  private timer: NodeJS.Timeout | undefined;
  private readonly operations: Operations;
  private readonly all: boolean;
  private stopped = true;
  /** When its beginning is over, as far as that is known. */
  private begunAt: number | undefined;

  /** @param isBeginning the program has not done anything yet: what it sets up once and for all is to be seen */
  constructor(operations: Operations, all: boolean, isBeginning: boolean) {
    this.operations = operations;
    this.all = all;
    this.begunAt = isBeginning ? clock.now() + LONGEST_BEGINNING_MS : undefined;
    operations.unhurried = isBeginning;
  }

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    // A program in the midst of its work may be one of many operations
    this.open(this.all || this.begunAt !== undefined ? LOOK_MS : WINDOW_MS);
  }

  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    clear(this.timer);
    if (this.operations.on) this.account();
    this.operations.end();
  }

  /** Since the last time: part of the time in which hooks were on, and that they took, as far as it can be told: 0 to 1. */
  share(): { on: number; cost: number } {
    const time = clock.now();
    const elapsed = Math.max(1, time - this.asked);
    const now = this.operations.on ? time - this.opened : 0;
    const on = Math.min(1, (this.onTime + now) / elapsed);
    const cost = Math.min(1, this.spent / 1e6 / elapsed);
    this.asked = time;
    this.onTime = -now;
    this.spent = 0;
    return { on, cost };
  }

  /** Of the window that is over: milliseconds; `warm` is what it would have cost had hooks been on for long. */
  private account(): { readonly on: number; readonly cost: number; readonly warm: number } {
    const { events, stackTime, on, endedAt } = this.operations;
    const elapsed = (on ? clock.now() : Math.max(this.opened, endedAt)) - this.opened;
    const warm = events * EVENT_NS + stackTime;
    const cost = this.isWarm ? warm : events * COLD_EVENT_NS + stackTime;
    this.onTime += elapsed;
    this.spent += cost;
    return { on: elapsed, cost: cost / 1e6, warm: warm / 1e6 };
  }

  /** Part of the time since the last look that hooks may take: 0 to 1. */
  private allowed(): number {
    const time = clock.now();
    const cpu = process.cpuUsage();
    const used = (cpu.user - this.cpu.user + cpu.system - this.cpu.system) / 1e3 / Math.max(1, time - this.looked);
    this.cpu = cpu;
    this.looked = time;
    return Math.max(FLOOR, BUDGET * Math.min(1, used));
  }

  private later(ms: number, action: () => void): void {
    const guarded = (): void => {
      try {
        action();
      } catch {
        this.stop();
      }
    };
    this.timer = this.operations.unseen(() => set(guarded, ms));
    this.operations.own.add(this.timer);
    this.timer.unref();
  }

  private open(lengthMs: number): void {
    this.opened = clock.now();
    this.isWarm = this.operations.on;
    const isWhole = this.all || this.begunAt !== undefined;
    const mostEvents = lengthMs > WINDOW_MS ? MOST_BETWEEN_LOOKS : MOST_EVENTS;
    const limit = this.begunAt === undefined ? Math.max(5 * WINDOW_MS, 2 * lengthMs) : LONGEST_BEGINNING_MS;
    this.operations.begin(limit * 1e6, isWhole ? Number.POSITIVE_INFINITY : mostEvents);
    this.later(lengthMs, () => this.look());
  }

  private look(): void {
    if (this.stopped) return;
    const { operations } = this;
    const { on, cost, warm } = this.account();
    const allowed = this.allowed();
    if (this.all || this.begins()) {
      this.open(LOOK_MS);
      return;
    }
    if (operations.on && warm <= allowed * on) {
      operations.duty = 1;
      this.sparseness(on, allowed / 2);
      this.open(LOOK_MS);
      return;
    }
    operations.end();
    const period = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (cost + SWITCH_NS / 1e6) / allowed));
    // Where nothing else is known the next one is taken to be as long as this one was
    operations.duty = operations.partSeen ?? Math.min(1, Math.max(0.1, Math.min(on, WINDOW_MS)) / period);
    this.sparseness(on, STACKS);
    this.later(period - WINDOW_MS, () => {
      if (!this.stopped) this.open(WINDOW_MS);
    });
  }

  /** Whether the program is in its beginning still. */
  private begins(): boolean {
    if (this.begunAt === undefined) return false;
    const { operations } = this;
    const time = clock.now();
    if (operations.unhurried && operations.hasOwn) {
      this.begunAt = Math.min(this.begunAt, time + BEGINNING_MS);
    }
    if (time < this.begunAt) return true;
    this.begunAt = undefined;
    operations.unhurried = false;
    return false;
  }

  /** @param allowed part of a window of so many milliseconds that stacks may take */
  private sparseness(on: number, allowed: number): void {
    const { promises, others } = this.operations;
    for (const choice of [promises, others]) choice.adapt(choice.spent / 1e6 / Math.max(1, on), allowed / 2);
  }
}
