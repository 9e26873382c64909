import { ProfileBuilder } from '../profile/builder.ts';
import type { Meta, Profile, StackTable, Thread, ValueType } from '../profile/profile.ts';

/** perf's software clocks: their periods are nanoseconds, all other events count. */
const clocks: ReadonlySet<string> = new Set(['cpu-clock', 'task-clock']);
const SAMPLES: ValueType = { type: 'samples', unit: 'count' };

/** Where the stacks of samples are kept while reading. */
export interface StackStore {
  /**
   * @param frames frames of the builder, leaf first
   * @returns a number for the stack, -1 for no frames
   */
  stack(frames: readonly number[]): number;
  /**
   * The tree of all stacks.
   * @param stacks numbers of stacks, one a sample; gets the rows of the tree instead
   * @param profile what their frames are rows of
   */
  finish(stacks: Int32Array, profile: Profile): StackTable;
}

/** Keeps stacks in the prefix tree of a builder, node by node. */
class BuilderStacks implements StackStore {
  private readonly builder: ProfileBuilder;

  constructor(builder: ProfileBuilder) {
    this.builder = builder;
  }

  stack(frames: readonly number[]): number {
    let stack = -1;
    for (let i = frames.length - 1; i >= 0; i--) stack = this.builder.stack(stack, frames[i]!);
    return stack;
  }

  finish(_stacks: Int32Array, profile: Profile): StackTable {
    return profile.stacks;
  }
}

/**
 * Samples of perf events that become known while reading: a {@link ProfileBuilder} wants its value types first. Frames
 * and threads go straight to `builder`; samples are kept as rows of (stack, event, weight, time, thread).
 */
export class EventSamples {
  readonly builder = new ProfileBuilder([SAMPLES]);
  readonly stacks: StackStore;
  private readonly eventNames = new Map<string, number>();
  private readonly eventSamples: number[] = [];
  /** Samples so far. The columns hold room for more. */
  length = 0;
  private stack = new Int32Array(1024);
  private event = new Int32Array(1024);
  private weight = new Float64Array(1024);
  private time = new Float64Array(1024);
  private thread = new Int32Array(1024);
  private anyPeriod = false;
  private anyTime = false;
  private anyThread = false;

  /** @param stacks where stacks are kept, given the builder that their frames are of. Default: in the builder */
  constructor(stacks: (builder: ProfileBuilder) => StackStore = (builder) => new BuilderStacks(builder)) {
    this.stacks = stacks(this.builder);
  }

  /** The number of an event, for {@link add}. '' = unknown: only `samples` counts it. */
  eventIndex(name: string): number {
    if (name === '') return -1;
    let index = this.eventNames.get(name);
    if (index === undefined) {
      index = this.eventNames.size;
      this.eventNames.set(name, index);
      this.eventSamples.push(0);
    }
    return index;
  }

  threadIndex(thread: Thread): number {
    return this.builder.thread(thread);
  }

  /**
   * @param stack a number of `stacks`, -1 for none
   * @param event from {@link eventIndex}
   * @param period 0 = the profiler gave none; it weighs 1, as in stackcollapse-perf.pl
   * @param time nanoseconds; NaN = unknown
   * @param thread from {@link threadIndex}, -1 = unknown
   */
  add(stack: number, event: number, period: number, time: number, thread: number): void {
    const row = this.length++;
    if (row === this.stack.length) this.grow();
    this.stack[row] = stack;
    this.event[row] = event;
    this.weight[row] = period || 1;
    this.time[row] = Number.isNaN(time) ? 0 : time;
    this.thread[row] = thread;
    if (event >= 0) this.eventSamples[event]!++;
    if (period > 0) this.anyPeriod = true;
    if (!Number.isNaN(time)) this.anyTime = true;
    if (thread >= 0) this.anyThread = true;
  }

  /**
   * Value types: `samples`, then one per event, the one with the most samples last (the default weight). One event
   * without any period adds nothing to `samples` and gets no column.
   * @param notes gets a line where there are several events
   */
  build(meta: Omit<Meta, 'notes'>, notes: string[]): Profile {
    const counted = [...this.eventNames].map(([name, index]) => ({ name, index, samples: this.eventSamples[index]! }));
    const ranked = counted
      .filter(({ samples }) => samples > 0)
      .sort((a, b) => a.samples - b.samples || b.index - a.index);
    const columns = this.anyPeriod || ranked.length > 1 ? ranked : [];
    if (ranked.length > 1) {
      const counts = ranked.map(({ name, samples }) => `${name} (samples: ${samples})`).reverse();
      notes.push(`several events: ${counts.join(', ')}; ${ranked.at(-1)!.name} is the default weight`);
    }
    const { length } = this;
    const stack = this.stack.slice(0, length);
    const built = this.builder.build({ ...meta, notes: [] });
    const stacks = this.stacks.finish(stack, built);
    return {
      ...built,
      stacks,
      valueTypes: [SAMPLES, ...columns.map(({ name }) => ({ type: name, unit: unitOf(name) }))],
      samples: {
        length,
        stack,
        values: [new Float64Array(length).fill(1), ...columns.map(({ index }) => this.weightsOf(index))],
        ...(this.anyTime ? { time: this.time.slice(0, length) } : {}),
        ...(this.anyThread ? { thread: this.thread.slice(0, length) } : {}),
      },
    };
  }

  private weightsOf(event: number): Float64Array {
    const weights = this.weight.slice(0, this.length);
    for (let i = 0; i < weights.length; i++) if (this.event[i] !== event) weights[i] = 0;
    return weights;
  }

  private grow(): void {
    this.stack = longer(Int32Array, this.stack);
    this.event = longer(Int32Array, this.event);
    this.weight = longer(Float64Array, this.weight);
    this.time = longer(Float64Array, this.time);
    this.thread = longer(Int32Array, this.thread);
  }
}

function longer<Column extends Int32Array | Float64Array>(
  Kind: new (length: number) => Column,
  column: Column,
): Column {
  const copy = new Kind(column.length * 2);
  copy.set(column);
  return copy;
}

function unitOf(event: string): string {
  return clocks.has(event) ? 'nanoseconds' : 'count';
}
