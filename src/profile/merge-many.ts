import { merge } from './merge.ts';
import { mergeMeta } from './merge-meta.ts';
import type { Profile } from './profile.ts';

/** Profiles that wait for being added up; more at once is sooner, and takes more memory. */
const WAITING = 32;

/**
 * The merge of any number of profiles in the memory of a few: as {@link merge}, but samples of the same stack and thread are
 * added up, so there are no times. Add them in their order; what is added is not kept.
 */
export class ProfileMerger {
  /** By the weights that they have, as sums of others would choose another default weight. */
  private readonly groups = new Map<string, { sum: Profile | undefined; waiting: Profile[]; names: string[] }>();
  private count = 0;
  private timed = 0;

  /** @param name what notes call it */
  add(profile: Profile, name: string): void {
    const key = JSON.stringify(profile.valueTypes);
    let group = this.groups.get(key);
    if (group === undefined) {
      group = { sum: undefined, waiting: [], names: [] };
      this.groups.set(key, group);
    }
    group.waiting.push(profile);
    // Notes name three at most
    if (group.names.length < 4) group.names.push(name);
    this.count++;
    if (profile.samples.time !== undefined) this.timed++;
    if (group.waiting.length >= WAITING) group.sum = added(group.sum, group.waiting.splice(0));
  }

  /** @throws {RangeError} nothing was added */
  build(): Profile {
    const groups = [...this.groups.values()];
    const sums = groups.map(({ sum, waiting }) => added(sum, waiting));
    const names = groups.map(({ names: [first = ''], names: all }) => (all.length > 1 ? `${first} and others` : first));
    const merged = summedUp(merge(sums, names));
    if (this.timed === 0) return merged;
    const note = `times of samples are left out, as ${this.count} profiles were merged`;
    return { ...merged, meta: { ...merged.meta, notes: [...merged.meta.notes, note] } };
  }
}

function added(sum: Profile | undefined, more: readonly Profile[]): Profile {
  const all = sum === undefined ? more : [sum, ...more];
  if (all.length === 1) return summedUp(all[0]!);
  const merged = summedUp(merge(all));
  // The same note of thousands of files is said once
  const { notes, ...meta } = mergeMeta(all.map((one) => one.meta));
  return { ...merged, meta: { ...meta, notes: [...new Set(notes)] } };
}

/** One row for each stack and thread. */
function summedUp(profile: Profile): Profile {
  const { samples, threads } = profile;
  const rowOf = new Map<number, number>();
  const row = new Int32Array(samples.length);
  const first: number[] = [];
  for (let i = 0; i < samples.length; i++) {
    const key = (samples.stack[i]! + 1) * (threads.length + 1) + (samples.thread?.[i] ?? -1) + 1;
    let found = rowOf.get(key);
    if (found === undefined) {
      found = first.push(i) - 1;
      rowOf.set(key, found);
    }
    row[i] = found;
  }
  const values = samples.values.map((column) => {
    const sums = new Float64Array(first.length);
    for (let i = 0; i < samples.length; i++) sums[row[i]!]! += column[i]!;
    return sums;
  });
  const { thread } = samples;
  return {
    ...profile,
    samples: {
      length: first.length,
      stack: Int32Array.from(first, (i) => samples.stack[i]!),
      values,
      ...(thread === undefined ? {} : { thread: Int32Array.from(first, (i) => thread[i]!) }),
    },
  };
}
