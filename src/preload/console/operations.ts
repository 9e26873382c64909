import { createHook, executionAsyncResource } from 'node:async_hooks';
import { Group, type LivingSums, reportOf } from './group.ts';
import { endsWithCall, isPending, keepsAlive, lifeOf, timerOf } from './liveness.ts';
import { type GroupReport, OLD_NS, type RawPlace } from './messages.ts';
import { currentStack } from './places.ts';

/** Operations that are followed one by one; what is more is thinned out. */
const MOST_FOLLOWED = 8192;
/** Places that are told apart; what is more goes to one group for each type. */
const MOST_GROUPS = 1000;
/** Calls that make a place different from another. */
const KEY_FRAMES = 3;
/** Promises that are looked at in one sweep: each takes microseconds. */
const INSPECTED = 150;
/** Stacks of one window may take so long; then fewer are taken. Nanoseconds. */
const STACKS_NS = 3e6;
const SPARSEST = 1 << 16;

/** An operation that is followed: one of those that were chosen when they were created. */
interface Followed {
  readonly group: Group;
  readonly ref: WeakRef<object>;
  readonly born: number;
  /** It was alive then. */
  seen: number;
  /** Operations that it stands for among those that a window shows. */
  every: number;
  /** Operations that it stands for among all. */
  weight: number;
}

const clock = performance;
const now = (): number => clock.now() * 1e6;

/**
 * What async_hooks tell, in fixed memory. While they are on, one of some operations is chosen when it is created: its
 * stack is taken, and it is followed to its end; all numbers are scaled up from those. There is no `destroy` hook, which
 * makes every promise three times as dear: whether something lives is told by its resource.
 */
export class Operations {
  /** Hook calls and nanoseconds spent on stacks since {@link begin}. */
  events = 0;
  stackTime = 0;
  /** One of so many operations is followed. */
  every = 1;
  /** Part of the time in which hooks are on: 0 to 1. */
  duty = 1;
  /** Things of the agent itself, which are not to be seen. */
  readonly own = new WeakSet<object>();
  /** Why hooks were given up, if so. */
  failure = '';
  private readonly all: boolean;
  private readonly groups = new Map<string, Group>();
  private readonly followed = new Map<number, Followed>();
  private readonly hook: ReturnType<typeof createHook>;
  private countdown = 1;
  private random = 0x2545f491;
  private firstId = Number.POSITIVE_INFINITY;
  private closesAt = Number.POSITIVE_INFINITY;
  private isOn = false;
  private muted = 0;
  private dropped = false;
  private sweepFrom = 0;
  // Calls under way, outermost first
  private readonly ids: number[] = [];
  private readonly running: (Followed | undefined)[] = [];
  private readonly starts: number[] = [];
  private readonly inner: number[] = [];

  constructor(all: boolean) {
    this.all = all;
    const guarded =
      <Rest extends unknown[]>(action: (...rest: Rest) => void) =>
      (...rest: Rest): void => {
        try {
          action(...rest);
        } catch (error) {
          // Node ends a process whose hooks throw
          this.failure = String(error);
          this.end();
        }
      };
    this.hook = createHook({
      init: guarded((id, type, trigger, resource) => this.init(id, type, trigger, resource)),
      before: guarded((id) => this.before(id)),
      after: guarded((id) => this.after(id)),
      promiseResolve: guarded((id) => this.resolved(id)),
    });
  }

  get on(): boolean {
    return this.isOn;
  }

  /** @param limit nanoseconds after which hooks end by themselves, should no timer of ours come to it */
  begin(limit: number): void {
    this.events = 0;
    this.stackTime = 0;
    this.closesAt = this.all ? Number.POSITIVE_INFINITY : now() + limit;
    if (this.isOn || this.failure !== '') return;
    this.isOn = true;
    this.forgetCalls();
    this.firstId = Number.POSITIVE_INFINITY;
    this.hook.enable();
  }

  end(): void {
    if (!this.isOn) return;
    this.isOn = false;
    this.hook.disable();
    this.forgetCalls();
  }

  /** Runs something of the agent's own: what it creates is not seen. */
  unseen<Value>(action: () => Value): Value {
    this.muted++;
    try {
      return action();
    } finally {
      this.muted--;
    }
  }

  private forgetCalls(): void {
    for (const entry of this.running) if (entry !== undefined) entry.group.running = 0;
    this.ids.length = this.running.length = this.starts.length = this.inner.length = 0;
  }

  private init(id: number, type: string, trigger: number, resource: object): void {
    this.events++;
    if (id < this.firstId) this.firstId = id;
    if (this.muted > 0) {
      this.own.add(resource);
      return;
    }
    if ((this.events & 1023) === 0 && now() > this.closesAt) {
      this.end();
      return;
    }
    if (--this.countdown > 0) return;
    this.countdown = this.nextGap();
    const start = now();
    const stack = currentStack();
    const caller = this.running.at(-1)?.group ?? this.followed.get(trigger)?.group;
    if (stack !== undefined) this.follow(id, type, resource, this.groupOf(type, stack, caller), caller, start);
    this.stackTime += now() - start;
    if (!this.all && this.stackTime > STACKS_NS) {
      this.stackTime -= STACKS_NS;
      this.every = Math.min(SPARSEST, this.every * 4);
    }
  }

  /** Choosing must not fall into step with what the program does in turns. */
  private nextGap(): number {
    if (this.every === 1) return 1;
    this.random = (Math.imul(this.random, 1664525) + 1013904223) >>> 0;
    return 1 + Math.floor((this.random / 2 ** 32) * (2 * this.every - 1));
  }

  private follow(
    id: number,
    type: string,
    resource: object,
    group: Group,
    caller: Group | undefined,
    time: number,
  ): void {
    const { every } = this;
    const weight = every / this.duty;
    group.created += weight;
    group.live += weight;
    group.seenLive++;
    group.changed = true;
    if (weight > 1) group.estimate = true;
    if (type === 'Timeout') {
      const { delay, repeats } = timerOf(resource);
      group.delay = delay;
      group.repeats = repeats;
      if (caller === group) group.reset += weight;
    }
    this.followed.set(id, { group, ref: new WeakRef(resource), born: time, seen: time, every, weight });
    if (this.followed.size > MOST_FOLLOWED) this.thin();
  }

  private groupOf(type: string, stack: readonly RawPlace[], parent: Group | undefined): Group {
    // Frames of the program itself, of its packages where there are none
    const app = stack.filter(([, file]) => !file.includes('/node_modules/'));
    const frames = (app.length > 0 ? app : stack).slice(0, KEY_FRAMES);
    let key = type;
    for (const [, file, line, column] of frames) key += `|${file}:${line}:${column}`;
    let group = this.groups.get(key);
    if (group === undefined && this.groups.size >= MOST_GROUPS) {
      this.dropped = true;
      return this.plainGroup(type, 'other places');
    }
    if (group === undefined) {
      group = new Group(this.groups.size + 1, type, stack, parent);
      this.groups.set(key, group);
    }
    return group;
  }

  /** Of operations whose place nobody knows. */
  private plainGroup(type: string, why: string): Group {
    const key = `${type}|${why}`;
    let group = this.groups.get(key);
    if (group === undefined) {
      group = new Group(this.groups.size + 1, type, [[`(${why})`, '', 0, 0]], undefined);
      this.groups.set(key, group);
    }
    return group;
  }

  private before(id: number): void {
    this.events++;
    const entry = this.followed.get(id);
    if (entry !== undefined) entry.group.running++;
    this.ids.push(id);
    this.running.push(entry);
    this.starts.push(now());
    this.inner.push(0);
  }

  private after(id: number): void {
    this.events++;
    const { ids, running, starts, inner } = this;
    if (ids.at(-1) !== id) {
      // Its beginning was not seen, or an exception has taken others off
      const known = ids.lastIndexOf(id);
      if (known < 0) return;
      ids.length = running.length = starts.length = inner.length = known + 1;
    }
    ids.pop();
    const entry = running.pop();
    const duration = now() - starts.pop()!;
    const own = duration - inner.pop()!;
    if (inner.length > 0) inner[inner.length - 1]! += duration;
    if (entry !== undefined) {
      const { group } = entry;
      group.running = Math.max(0, group.running - 1);
      group.poll(own, entry.every / this.duty);
      if (endsWithCall(group.type)) this.finish(id, entry, now());
    } else if (id < this.firstId) {
      const resource = executionAsyncResource();
      if (!this.own.has(resource)) this.unknown(resource, own);
    }
  }

  /** Of an operation that was created while nobody watched. */
  private unknown(resource: object, duration: number): void {
    const type = resource instanceof Promise ? 'PROMISE' : (resource.constructor?.name ?? 'unknown');
    const group = this.plainGroup(type === 'Object' ? 'unknown' : type, 'created unwatched');
    if (this.duty < 1) group.estimate = true;
    group.poll(duration, 1 / this.duty);
  }

  private resolved(id: number): void {
    this.events++;
    const entry = this.followed.get(id);
    if (entry !== undefined) this.finish(id, entry, now());
  }

  private finish(id: number, entry: Followed, time: number): void {
    if (!this.followed.delete(id)) return;
    const { group, weight } = entry;
    group.seenLive--;
    group.live = group.seenLive === 0 ? 0 : Math.max(0, group.live - weight);
    group.total += Math.max(0, time - entry.born) * weight;
    group.changed = true;
  }

  /** Leaves out every second one, so that each that stays stands for twice as many. */
  private thin(): void {
    let stays = false;
    for (const [id, entry] of this.followed) {
      const { group, weight } = entry;
      stays = !stays;
      group.estimate = true;
      if (stays) {
        group.live += weight;
        entry.weight *= 2;
        entry.every *= 2;
      } else {
        this.followed.delete(id);
        group.seenLive--;
        group.live = Math.max(0, group.live - weight);
      }
    }
  }

  /** Finds out what is over of what is followed; to be called about once a second. */
  sweep(): void {
    const time = now();
    let inspected = 0;
    let index = 0;
    const from = this.sweepFrom;
    this.sweepFrom = 0;
    for (const [id, entry] of this.followed) {
      const resource = entry.ref.deref();
      let life = resource === undefined ? 'over' : lifeOf(entry.group.type, resource);
      if (life === 'unknown' && entry.group.type === 'PROMISE' && index >= from && inspected < INSPECTED) {
        inspected++;
        life = isPending(resource!) ? 'live' : 'over';
        if (inspected === INSPECTED) this.sweepFrom = index + 1;
      }
      index++;
      // When it ended nobody saw: between the last look and this one
      if (life === 'over') this.finish(id, entry, (entry.seen + time) / 2);
      else if (life === 'live') entry.seen = time;
    }
  }

  /** @param full also groups that have not changed */
  report(full: boolean): GroupReport[] {
    const time = now();
    const living = new Map<Group, LivingSums>();
    for (const { group, ref, born, weight } of this.followed.values()) {
      let sums = living.get(group);
      if (sums === undefined) {
        sums = { age: 0, oldest: 0, old: 0, keepAlive: 0 };
        living.set(group, sums);
      }
      const age = time - born;
      sums.age += age * weight;
      sums.oldest = Math.max(sums.oldest, age);
      if (age > OLD_NS) sums.old += weight;
      const resource = group.type === 'PROMISE' ? undefined : ref.deref();
      if (resource !== undefined && keepsAlive(group.type, resource)) sums.keepAlive++;
    }
    const reports: GroupReport[] = [];
    for (const group of this.groups.values()) {
      if (!full && !group.changed && !living.has(group)) continue;
      group.changed = false;
      reports.push(reportOf(group, living.get(group)));
    }
    return reports;
  }

  notes(): string[] {
    return [
      ...(this.failure === '' ? [] : [`operations are no longer watched: ${this.failure}`]),
      ...(this.dropped ? [`more than ${MOST_GROUPS} places create operations: the others are summed up by type`] : []),
    ];
  }

  /** Stack of the operation with this id, where it is known. */
  stackOf(id: number): readonly RawPlace[] | undefined {
    return this.followed.get(id)?.group.stack;
  }
}
