import { ProfileBuilder } from '../../profile/builder.ts';
import { Float64Column, Int32Column, NarrowColumn } from '../../profile/columns.ts';
import type { Meta, Profile, StackTable, Thread, ValueType, WeightColumn } from '../../profile/profile.ts';
import { isWaiting, OFF_CPU, PREEMPTED, WAITS_NOTE } from '../../profile/waiting.ts';

/** perf's software clocks, and the waits of a recording: their periods are nanoseconds, all other events count. */
const clocks: ReadonlySet<string> = new Set(['cpu-clock', 'task-clock', OFF_CPU, PREEMPTED]);
export const SAMPLES: ValueType = { type: 'samples', unit: 'count' };

/** One column a property, one row a sample. */
export interface SampleColumns {
  /** Rows of the tree of stacks, -1 for none. */
  readonly stack: Int32Array;
  /** Indexes of threads, -1 for unknown. */
  readonly thread: Int32Array;
  /** Numbers of events, -1 for unknown. */
  readonly event: Int32Array;
  /** 0 where the profiler gave none. */
  readonly period: WeightColumn;
  /** Nanoseconds; NaN = unknown. */
  readonly time: Float64Array;
}

/** Where samples and their stacks are kept while reading. */
export interface SampleStore {
  readonly length: number;
  /** @param frames of a stack, frames of the builder, leaf first */
  add(frames: readonly number[], thread: number, event: number, period: number, time: number): void;
  /**
   * All samples and the tree of their stacks. Called once, at the end.
   * @param profile what the frames are rows of
   */
  finish(profile: Profile): { columns: SampleColumns; stacks: StackTable };
}

/** Keeps stacks in the prefix tree of a builder, node by node. */
class BuilderSamples implements SampleStore {
  private readonly builder: ProfileBuilder;
  private readonly stack = new Int32Column();
  private readonly thread = new Int32Column();
  private readonly event = new Int32Column();
  private readonly period = new NarrowColumn();
  private readonly time = new Float64Column();

  constructor(builder: ProfileBuilder) {
    this.builder = builder;
  }

  get length(): number {
    return this.stack.length;
  }

  add(frames: readonly number[], thread: number, event: number, period: number, time: number): void {
    let stack = -1;
    for (let i = frames.length - 1; i >= 0; i--) stack = this.builder.stack(stack, frames[i]!);
    this.stack.push(stack);
    this.thread.push(thread);
    this.event.push(event);
    this.period.push(period);
    this.time.push(time);
  }

  finish(profile: Profile): { columns: SampleColumns; stacks: StackTable } {
    const columns = {
      stack: this.stack.toArray(),
      thread: this.thread.toArray(),
      event: this.event.toArray(),
      period: this.period.toArray(),
      time: this.time.toArray(),
    };
    return { columns, stacks: profile.stacks };
  }
}

/**
 * Samples of perf events that become known while reading: a {@link ProfileBuilder} wants its value types first. Frames
 * and threads go straight to `builder`.
 */
export class EventSamples {
  readonly builder = new ProfileBuilder([SAMPLES]);
  readonly store: SampleStore;
  private readonly eventNames = new Map<string, number>();

  /** @param store where samples are kept, given the builder that their frames are of. Default: in the builder */
  constructor(store: (builder: ProfileBuilder) => SampleStore = (builder) => new BuilderSamples(builder)) {
    this.store = store(this.builder);
  }

  get length(): number {
    return this.store.length;
  }

  /** The number of an event. '' = unknown: only `samples` counts it. */
  eventIndex(name: string): number {
    if (name === '') return -1;
    let index = this.eventNames.get(name);
    if (index === undefined) {
      index = this.eventNames.size;
      this.eventNames.set(name, index);
    }
    return index;
  }

  threadIndex(thread: Thread): number {
    return this.builder.thread(thread);
  }

  /**
   * Value types: `samples`, then one per event, the one with the most samples last (the default weight). One event
   * without any period adds nothing to `samples` and gets no column. A sample without a period weighs 1, as in
   * stackcollapse-perf.pl.
   * @param notes gets a line where there are several events
   */
  build(meta: Omit<Meta, 'notes'>, notes: string[]): Profile {
    const built = this.builder.build({ ...meta, notes: [] });
    const { columns, stacks } = this.store.finish(built);
    const { stack, thread, event, period, time } = columns;
    const samplesOf = new Float64Array(this.eventNames.size);
    for (let i = 0; i < event.length; i++) if (event[i]! >= 0) samplesOf[event[i]!]!++;
    const weighed = this.weighed(samplesOf, hasPositive(period), notes);
    const timed = time.some((value) => !Number.isNaN(value));
    if (timed) for (let i = 0; i < time.length; i++) if (Number.isNaN(time[i])) time[i] = 0;
    return {
      ...built,
      stacks,
      valueTypes: [SAMPLES, ...weighed.map(({ type }) => type)],
      samples: {
        length: stack.length,
        stack,
        values: [new Uint8Array(stack.length).fill(1), ...weighed.map(({ index }) => weights(columns, index))],
        ...(timed ? { time } : {}),
        ...(thread.some((index) => index >= 0) ? { thread } : {}),
      },
    };
  }

  /**
   * The events that are measured, the default weight last.
   * @param samplesOf how many samples each event has
   * @param notes as in {@link build}
   */
  weighed(
    samplesOf: Float64Array,
    anyPeriod: boolean,
    notes: string[],
  ): { readonly type: ValueType; readonly index: number }[] {
    const ranked = [...this.eventNames]
      .map(([name, index]) => ({ name, index, samples: samplesOf[index]! }))
      // Where waits are recorded, that there were none is known
      .filter(({ name, samples }) => samples > 0 || isWaiting(name))
      .sort(
        (a, b) => Number(isWaiting(b.name)) - Number(isWaiting(a.name)) || a.samples - b.samples || b.index - a.index,
      );
    const events = ranked.filter(({ name }) => !isWaiting(name));
    if (events.length > 0 && events.length < ranked.length) notes.push(WAITS_NOTE);
    if (events.length > 1) {
      const counts = events.map(({ name, samples }) => `${name} (samples: ${samples})`).reverse();
      notes.push(`several events: ${counts.join(', ')}; ${ranked.at(-1)!.name} is the default weight`);
    }
    const weighed = anyPeriod || ranked.length > 1 ? ranked : [];
    return weighed.map(({ name, index }) => ({ type: { type: name, unit: unitOf(name) }, index }));
  }

  /** How many events have a number. */
  get eventCount(): number {
    return this.eventNames.size;
  }
}

function weights({ event, period }: SampleColumns, index: number): WeightColumn {
  const column = new NarrowColumn();
  for (let i = 0; i < event.length; i++) column.push(event[i] === index ? period[i]! || 1 : 0);
  return column.toArray();
}

function hasPositive(column: WeightColumn): boolean {
  for (let i = 0; i < column.length; i++) if (column[i]! > 0) return true;
  return false;
}

function unitOf(event: string): string {
  return clocks.has(event) ? 'nanoseconds' : 'count';
}
