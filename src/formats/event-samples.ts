import { ProfileBuilder } from '../profile/builder.ts';
import { Float64Column, Int32Column } from '../profile/columns.ts';
import type { Meta, Profile, Thread, ValueType } from '../profile/profile.ts';

/** perf's software clocks: their periods are nanoseconds, all other events count. */
const clocks: ReadonlySet<string> = new Set(['cpu-clock', 'task-clock']);
const SAMPLES: ValueType = { type: 'samples', unit: 'count' };

/**
 * Samples of perf events that become known while reading: a {@link ProfileBuilder} wants its value types first. Frames,
 * stacks and threads go straight to `builder`; samples are kept as rows of (stack, event, weight, time, thread).
 */
export class EventSamples {
  readonly builder = new ProfileBuilder([SAMPLES]);
  private readonly events = new Map<string, { index: number; samples: number }>();
  private readonly stack = new Int32Column();
  private readonly event = new Int32Column();
  private readonly weight = new Float64Column();
  private readonly time = new Float64Column();
  private readonly thread = new Int32Column();
  private anyPeriod = false;
  private anyTime = false;
  private anyThread = false;

  get length(): number {
    return this.stack.length;
  }

  /**
   * @param stack the leaf's stack in `builder`, -1 for none
   * @param event without modifiers; '' = unknown: with a period it is called `period`, else only `samples` counts it
   * @param period 0 = the profiler gave none; it weighs 1, as in stackcollapse-perf.pl
   * @param time nanoseconds
   */
  add(stack: number, event: string, period: number, time: number | undefined, thread: Thread | undefined): void {
    this.stack.push(stack);
    const name = event === '' && period > 0 ? 'period' : event;
    this.event.push(name === '' ? -1 : this.eventIndex(name));
    this.weight.push(period || 1);
    this.time.push(time ?? 0);
    this.thread.push(thread === undefined ? -1 : this.builder.thread(thread));
    if (period > 0) this.anyPeriod = true;
    if (time !== undefined) this.anyTime = true;
    if (thread !== undefined) this.anyThread = true;
  }

  private eventIndex(name: string): number {
    let event = this.events.get(name);
    if (event === undefined) {
      event = { index: this.events.size, samples: 0 };
      this.events.set(name, event);
    }
    event.samples++;
    return event.index;
  }

  /**
   * Value types: `samples`, then one per event, the one with the most samples last (the default weight). One event
   * without any period adds nothing to `samples` and gets no column.
   * @param notes gets a line where there are several events
   */
  build(meta: Omit<Meta, 'notes'>, notes: string[]): Profile {
    const ranked = [...this.events].sort(([, a], [, b]) => a.samples - b.samples || b.index - a.index);
    const columns = this.anyPeriod || ranked.length > 1 ? ranked : [];
    if (ranked.length > 1) {
      const counts = ranked.map(([name, { samples }]) => `${name} (samples: ${samples})`).reverse();
      notes.push(`several events: ${counts.join(', ')}; ${ranked.at(-1)![0]} is the default weight`);
    }
    const built = this.builder.build({ ...meta, notes: [] });
    return {
      ...built,
      valueTypes: [SAMPLES, ...columns.map(([type]) => ({ type, unit: clocks.has(type) ? 'nanoseconds' : 'count' }))],
      samples: {
        length: this.length,
        stack: this.stack.toArray(),
        values: [new Float64Array(this.length).fill(1), ...columns.map(([, { index }]) => this.weightsOf(index))],
        ...(this.anyTime ? { time: this.time.toArray() } : {}),
        ...(this.anyThread ? { thread: this.thread.toArray() } : {}),
      },
    };
  }

  private weightsOf(event: number): Float64Array {
    const weights = this.weight.toArray();
    for (let i = 0; i < weights.length; i++) if (this.event.at(i) !== event) weights[i] = 0;
    return weights;
  }
}
