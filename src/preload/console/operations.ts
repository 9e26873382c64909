import { createHook, executionAsyncResource } from 'node:async_hooks';
import { Choice } from './choice.ts';
import { type Followed, FollowedOperations } from './followed.ts';
import { boundByDescriptors, descriptors, reportOf } from './group.ts';
import { Groups } from './groups.ts';
import { endsWithCall, hasDescriptor, setsItself, timerOf } from './liveness.ts';
import type { GroupReport } from './messages.ts';
import { currentStack } from './places.ts';
import { arePromisesWatched, SeenPart } from './seen-part.ts';

/** Stacks of one window may take so long, those of promises and those of all else; then fewer are taken. Nanoseconds. */
const STACKS_NS = 0.5e6;
/** And those of the beginning of a program. */
const BEGINNING_NS = 100e6;
/** Operations of one kind, promises apart, that are followed one by one however much a program begins with. */
const MOST_RARE = 1000;
/** A stack takes no longer; what does has waited for a processor. */
const LONGEST_STACK_NS = 100e3;

const clock = performance;
const soon = queueMicrotask;
const now = (): number => clock.now() * 1e6;

/**
 * What async_hooks tell, in fixed memory. While they are on, one of some operations is chosen when it is created: its
 * stack is taken, and it is followed to its end; all numbers are scaled up from those. There is no `destroy` hook, which
 * makes every promise three times as dear: whether something lives is told by its resource.
 */
export class Operations {
  /** Hook calls since {@link begin}. */
  events = 0;
  /** When hooks went off the last time: milliseconds of `performance.now`. */
  endedAt = 0;
  /** Which operations are followed: there may be a thousand promises to each of the others. */
  readonly promises = new Choice();
  readonly others = new Choice();
  /** Part of all operations that is seen: 0 to 1. */
  duty = 1;
  /** As many stacks may be taken as it needs to see the beginning of a program whole. */
  unhurried = false;
  /** Something was created by a call of the program itself. */
  hasOwn = false;
  /** Things of the agent itself, which are not to be seen. */
  readonly own = new WeakSet<object>();
  private failure = '';
  private readonly all: boolean;
  private readonly groups = new Groups();
  private readonly followed = new FollowedOperations();
  private readonly hook: ReturnType<typeof createHook>;
  private readonly rare = new Map<string, number>();
  private readonly seenPart = new SeenPart();
  private firstId = Number.POSITIVE_INFINITY;
  private lastId = 0;
  /** Operations since hooks went on that have an id also while nobody watches: promises have where somebody else watches those. */
  private numbered = 0;
  private arePromisesNumbered = false;
  private isLong = false;
  private closesAt = Number.POSITIVE_INFINITY;
  private mostEvents = Number.POSITIVE_INFINITY;
  private isOn = false;
  private muted = 0;
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
        if (!this.isOn) return;
        try {
          action(...rest);
        } catch (error) {
          // Node ends a process whose hooks throw
          this.failure = String(error);
          this.endFromWithin();
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

  /** Nanoseconds spent on stacks since {@link begin}. */
  get stackTime(): number {
    return this.promises.spent + this.others.spent;
  }

  /** Part of all operations that the last windows have shown: 0 to 1; undefined: that is not known. */
  get partSeen(): number | undefined {
    return this.seenPart.part;
  }

  /**
   * @param limit nanoseconds after which hooks end by themselves, should no timer of ours come to it
   * @param mostEvents hook calls after which they do, too: some programs make a million in a second, all in one turn of the loop
   */
  begin(limit: number, mostEvents: number): void {
    this.events = 0;
    this.mostEvents = mostEvents;
    const stacks = this.all ? Number.POSITIVE_INFINITY : this.unhurried ? BEGINNING_NS : STACKS_NS;
    for (const choice of [this.promises, this.others]) choice.begin(stacks);
    this.closesAt = this.all ? Number.POSITIVE_INFINITY : now() + limit;
    if (this.isOn || this.failure !== '') {
      this.isLong = true;
      return;
    }
    this.isOn = true;
    this.isLong = false;
    this.forgetCalls();
    this.firstId = Number.POSITIVE_INFINITY;
    this.numbered = 0;
    this.arePromisesNumbered = arePromisesWatched();
    this.hook.enable();
  }

  end(): void {
    if (!this.isOn) return;
    this.over();
    this.hook.disable();
  }

  /** Of hooks that are disabled by one of them node leaves those of promises on, for good: each promise then costs as much as with ours. */
  private endFromWithin(): void {
    this.over();
    this.unseen(() =>
      soon(() => {
        if (!this.isOn) this.hook.disable();
      }),
    );
  }

  private over(): void {
    this.isOn = false;
    this.endedAt = clock.now();
    // Without an operation the next window goes on with what this one has not seen
    if (this.isLong) this.seenPart.forget(this.lastId);
    else if (this.firstId < Number.POSITIVE_INFINITY) this.seenPart.ends(this.lastId, this.numbered);
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
    if (id < this.firstId) {
      this.firstId = id;
      this.seenPart.begins(id);
    }
    this.lastId = id;
    if (this.muted > 0) {
      this.own.add(resource);
      return;
    }
    if (this.events > this.mostEvents || ((this.events & 1023) === 0 && now() > this.closesAt)) {
      this.endFromWithin();
      return;
    }
    const isPromise = type === 'PROMISE';
    if (!isPromise || this.arePromisesNumbered) this.numbered++;
    const choice = isPromise ? this.promises : this.others;
    if (choice.every > 1 && this.unhurried && this.isRare(type)) this.follow(id, type, trigger, resource, choice, 1);
    else if (choice.takes()) this.follow(id, type, trigger, resource, choice, choice.every);
  }

  /** @param every it stands for so many */
  private follow(id: number, type: string, trigger: number, resource: object, choice: Choice, every: number): void {
    const start = now();
    const stack = currentStack();
    // A socket that is used again gets another id, not another life
    if (stack !== undefined && resource.constructor?.name !== 'ReusedHandle') {
      const parent = this.running.at(-1)?.group ?? this.followed.get(trigger)?.group;
      const group = this.groups.at(type, stack, parent);
      if (stack.length > 0) this.hasOwn = true;
      const weight = every / this.duty;
      this.followed.add(id, { group, ref: new WeakRef(resource), born: start, seen: start, every, weight });
      if (type === 'Timeout') {
        const { delay, repeats } = timerOf(resource);
        group.delay = delay;
        group.repeats = repeats;
        if (setsItself(resource, executionAsyncResource())) group.reset += weight;
      }
    }
    choice.spend(Math.min(LONGEST_STACK_NS, now() - start));
  }

  /** Promises come by the thousand; what a program sets up once and for all must not be left out among them. */
  private isRare(type: string): boolean {
    const count = this.rare.get(type) ?? 0;
    if (type === 'PROMISE' || count >= MOST_RARE) return false;
    this.rare.set(type, count + 1);
    return true;
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
      if (endsWithCall(group.type)) this.followed.finish(id, entry, now());
    } else if (id < this.firstId) {
      const resource = executionAsyncResource();
      if (!this.own.has(resource)) this.unknown(resource, own);
    }
  }

  /** Of an operation that was created while nobody watched. */
  private unknown(resource: object, duration: number): void {
    const type = resource instanceof Promise ? 'PROMISE' : (resource.constructor?.name ?? 'Object');
    const group = this.groups.nowhere(type === 'Object' ? 'script' : type, 'created unwatched');
    if (this.duty < 1) group.estimate = true;
    group.poll(duration, 1 / this.duty);
  }

  private resolved(id: number): void {
    this.events++;
    const entry = this.followed.get(id);
    if (entry !== undefined) this.followed.finish(id, entry, now());
  }

  /** Finds out what is over of what is followed; to be called about once a second. */
  sweep(): void {
    this.followed.sweep(now);
  }

  /** @param full also groups that have not changed */
  report(full: boolean): GroupReport[] {
    const living = this.followed.sums(now());
    const open = [...this.groups].filter(({ type, live }) => live > 0 && hasDescriptor(type));
    if (open.some(({ estimate, live, seenLive }) => estimate && live > seenLive))
      boundByDescriptors(open, descriptors());
    const reports: GroupReport[] = [];
    for (const group of this.groups) {
      if (!full && !group.changed && !living.has(group)) continue;
      group.changed = false;
      reports.push(reportOf(group, living.get(group)));
    }
    return reports;
  }

  notes(): string[] {
    const failed = this.failure === '' ? [] : [`operations are no longer watched: ${this.failure}`];
    return [...failed, ...this.groups.notes()];
  }
}
