import type { Group, LivingSums } from './group.ts';
import { isPending, keepsAlive, lifeOf } from './liveness.ts';
import { OLD_NS } from './messages.ts';

/** Operations that are followed one by one; what is more is thinned out. */
const MOST = 8192;
/** Promises are looked at for so long in one sweep, each takes microseconds: nanoseconds. */
const INSPECTING = 3e6;
/** A promise that was pending is looked at again when it has become older by this part. */
const LATER = 0.2;

/** An operation that is followed: one of those that were chosen when they were created. Times are nanoseconds. */
export interface Followed {
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

/** Operations that are followed from their creation to their end, by async id: a bounded number of them. */
export class FollowedOperations {
  private readonly byId = new Map<number, Followed>();
  private sweepFrom = 0;

  get(id: number): Followed | undefined {
    return this.byId.get(id);
  }

  add(id: number, entry: Followed): void {
    const { group, weight } = entry;
    group.created += weight;
    group.live += weight;
    group.seenLive++;
    group.changed = true;
    if (weight > 1) group.estimate = true;
    this.byId.set(id, entry);
    if (this.byId.size > MOST) this.thin();
  }

  finish(id: number, entry: Followed, time: number): void {
    if (!this.byId.delete(id)) return;
    const { group, weight } = entry;
    group.seenLive--;
    group.live = group.seenLive === 0 ? 0 : Math.max(0, group.live - weight);
    group.total += Math.max(0, time - entry.born) * weight;
    group.changed = true;
  }

  /** Leaves out every second one, so that each that stays stands for twice as many. */
  private thin(): void {
    let stays = false;
    for (const [id, entry] of this.byId) {
      const { group, weight } = entry;
      stays = !stays;
      group.estimate = true;
      if (stays) {
        group.live += weight;
        entry.weight *= 2;
        entry.every *= 2;
      } else {
        this.byId.delete(id);
        group.seenLive--;
        group.live = Math.max(0, group.live - weight);
      }
    }
  }

  /** Finds out what is over; to be called about once a second. @param now the clock: nanoseconds */
  sweep(now: () => number): void {
    const time = now();
    let left = true;
    let index = 0;
    const from = this.sweepFrom;
    this.sweepFrom = 0;
    for (const [id, entry] of this.byId) {
      const resource = entry.ref.deref();
      let life = resource === undefined ? 'over' : lifeOf(entry.group.type, resource);
      if (life === 'unknown' && entry.group.type === 'PROMISE' && index >= from && left) {
        if (time - entry.seen >= LATER * (time - entry.born)) life = isPending(resource!) ? 'live' : 'over';
        left = (index & 15) !== 0 || now() - time < INSPECTING;
        if (!left) this.sweepFrom = index + 1;
      }
      index++;
      // When it ended nobody saw: between the last look and this one
      if (life === 'over') this.finish(id, entry, (entry.seen + time) / 2);
      else if (life === 'live') entry.seen = time;
    }
  }

  /** What only a walk over all that live can tell. */
  sums(time: number): Map<Group, LivingSums> {
    const living = new Map<Group, LivingSums>();
    for (const { group, ref, born, weight } of this.byId.values()) {
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
    return living;
  }
}
