import { ProfileBuilder } from './builder.ts';
import { Float64Column, PairInterner } from './columns.ts';
import { internStacks } from './intern-stacks.ts';
import { mergeMeta } from './merge-meta.ts';
import { mergeValueTypes } from './merge-value-types.ts';
import type { Counter, Meta, Profile, ValueType } from './profile.ts';

/** Notes that are kept; more kinds of them say nothing that a person reads. */
const MOST_NOTES = 50;

/** Nothing is measured of what only interns. */
const NO_WEIGHT: readonly ValueType[] = [{ type: '', unit: '' }];

/**
 * A merge that takes profiles one after the other and keeps none of them: samples of one stack and thread are added up, so
 * that memory grows with what is different in them, not with their number. Weights are exact, times of samples are not
 * kept. Threads are told apart by their names and those of their processes, unless `ids` are wanted: over many recordings
 * numbers of processes mean nothing, and there is no end of them.
 */
export class RunningMerge {
  private readonly keepsIds: boolean;
  private readonly names: string[] = [];
  private readonly builder = new ProfileBuilder(NO_WEIGHT);
  /** A stack and a thread, both plus one as there may be none. */
  private readonly rows = new PairInterner();
  /** Of each kind of weight its sums by row; behind their end they are 0. */
  private readonly sums = new Map<string, Float64Column>();
  /** Lists of value types that profiles have, each once, and of each profile which it has. */
  private readonly typeLists = new Map<string, readonly ValueType[]>();
  private readonly listOf: string[] = [];
  private readonly counters = new Map<string, Counter>();
  private readonly notes = new Map<string, number>();
  private notesLeftOut = 0;
  private meta: Meta | undefined;
  private lostTimes = false;
  private lostSeries = false;

  constructor({ ids = false } = {}) {
    this.keepsIds = ids;
  }

  /** @param name what notes call the profile */
  add(profile: Profile, name: string): void {
    this.names.push(name);
    this.addSamples(profile);
    for (const counter of profile.counters) this.addCounter(counter);
    for (const note of profile.meta.notes) this.addNote(note);
    const meta = { ...profile.meta, notes: [] };
    this.meta = this.meta === undefined ? meta : mergeMeta([this.meta, meta]);
    this.lostTimes ||= profile.samples.time !== undefined;
    this.lostSeries ||= profile.series.length > 0;
  }

  /**
   * All that was added, as one profile.
   * @throws {RangeError} nothing was
   */
  build(): Profile {
    if (this.meta === undefined) throw new RangeError('there are no profiles to merge');
    const union = mergeValueTypes(
      this.listOf.map((key) => this.typeLists.get(key)!),
      this.names,
    );
    const values = union.valueTypes.map(() => new Float64Array(this.rows.length));
    const added = new Set<string>();
    this.listOf.forEach((list, i) => {
      if (added.has(list)) return;
      added.add(list);
      keysOf(this.typeLists.get(list)!).forEach((key, v) => {
        if (added.has(key)) return;
        added.add(key);
        addTo(values[union.columns[i]![v]!]!, this.sums.get(key)!.toArray());
      });
    });
    const built = this.builder.build(
      { ...this.meta, notes: [...this.keptNotes(), ...union.notes] },
      { counters: [...this.counters.values()] },
    );
    return { ...built, valueTypes: union.valueTypes, samples: this.samples(values, built.threads.length > 0) };
  }

  private samples(values: readonly Float64Array[], hasThreads: boolean): Profile['samples'] {
    const minusOne = (column: Int32Array): Int32Array => column.map((number) => number - 1);
    return {
      length: this.rows.length,
      stack: minusOne(this.rows.first.toArray()),
      values,
      ...(hasThreads ? { thread: minusOne(this.rows.second.toArray()) } : {}),
    };
  }

  private addSamples(profile: Profile): void {
    const { samples, valueTypes } = profile;
    const stacks = internStacks(this.builder, profile);
    const threads = profile.threads.map(({ pid, tid, process, name }) => {
      if (this.keepsIds) return this.builder.thread({ pid, tid, process, name });
      return process === '' && name === '' ? -1 : this.builder.thread({ pid: -1, tid: -1, process, name });
    });
    const keys = keysOf(valueTypes);
    const list = JSON.stringify(keys);
    this.listOf.push(list);
    if (!this.typeLists.has(list)) this.typeLists.set(list, valueTypes);
    const columns = keys.map((key) => this.columnOf(key));
    for (let i = 0; i < samples.length; i++) {
      const stack = samples.stack[i]!;
      const thread = samples.thread?.[i] ?? -1;
      const row = this.rows.intern(stack < 0 ? 0 : stacks[stack]! + 1, thread < 0 ? 0 : threads[thread]! + 1);
      for (let v = 0; v < columns.length; v++) {
        const column = columns[v]!;
        column.padTo(row + 1, 0);
        column.add(row, samples.values[v]![i]!);
      }
    }
  }

  private columnOf(key: string): Float64Column {
    let column = this.sums.get(key);
    if (column === undefined) {
      column = new Float64Column();
      this.sums.set(key, column);
    }
    return column;
  }

  private addCounter(counter: Counter): void {
    const key = JSON.stringify([counter.name, counter.unit]);
    const { name, unit, value, supported } = counter;
    const before = this.counters.get(key);
    const sum = { name, unit, value: value + (before?.value ?? 0), supported: supported || before?.supported === true };
    this.counters.set(key, before === undefined ? counter : sum);
  }

  private addNote(note: string): void {
    const times = this.notes.get(note) ?? 0;
    if (times > 0 || this.notes.size < MOST_NOTES) this.notes.set(note, times + 1);
    else this.notesLeftOut++;
  }

  private keptNotes(): string[] {
    const lost = [...(this.lostTimes ? ['times of samples'] : []), ...(this.lostSeries ? ['series over time'] : [])];
    const said = lost.length === 0 ? '' : `; they have no ${lost.join(' and no ')} then`;
    return [
      `${this.names.length} inputs are added up by stack and thread${said}`,
      ...[...this.notes].map(([note, times]) => (times === 1 ? note : `${note} (${times} times)`)),
      ...(this.notesLeftOut === 0 ? [] : [`${this.notesLeftOut} further notes of inputs are left out`]),
    ];
  }
}

/** Value types as keys of columns: the second of one type goes with the second of another profile. */
function keysOf(valueTypes: readonly ValueType[]): string[] {
  const seen = new Map<string, number>();
  return valueTypes.map(({ type, unit }) => {
    const name = JSON.stringify([type, unit]);
    const nth = seen.get(name) ?? 0;
    seen.set(name, nth + 1);
    return `${nth} ${name}`;
  });
}

function addTo(sum: Float64Array, column: Float64Array): void {
  for (let i = 0; i < column.length; i++) sum[i]! += column[i]!;
}
