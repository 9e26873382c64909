import { ProfileBuilder } from '../../profile/builder.ts';
import { labelKind } from '../../profile/kind.ts';
import type { Profile, Thread, ValueType } from '../../profile/profile.ts';
import type { Notes } from '../format.ts';

const NANOSECONDS: ReadonlySet<string> = new Set(['cpu-clock', 'task-clock']);

/** Samples whose frames are what another tool writes between two `;`: names and nothing else. */
export class CollapsedSamples {
  private readonly builder = new ProfileBuilder([{ type: 'samples', unit: 'count' }]);
  private readonly frames = new Map<string, number>();

  get length(): number {
    return this.builder.sampleCount;
  }

  frame(name: string): number {
    let frame = this.frames.get(name);
    if (frame === undefined) {
      frame = this.builder.frame({ name, kind: labelKind(name) });
      this.frames.set(name, frame);
    }
    return frame;
  }

  thread(thread: Thread): number {
    return this.builder.thread(thread);
  }

  /**
   * @param root a frame below all others; -1 = none
   * @param frames leaf first
   */
  add(root: number, frames: readonly number[], weight: number, thread?: number): void {
    const { builder } = this;
    let stack = root < 0 ? -1 : builder.stack(-1, root);
    for (let i = frames.length - 1; i >= 0; i--) stack = builder.stack(stack, frames[i]!);
    builder.sample(stack, [weight], undefined, thread);
  }

  /** @param type what the weights are */
  build(notes: Notes, tool: string, type: ValueType = { type: 'samples', unit: 'count' }): Profile {
    return { ...this.builder.build({ tool, notes: notes.list }), valueTypes: [type] };
  }
}

/** The unit of an event's periods, modifiers (`cycles:ppp`) left out of its name. */
export function eventType(event: string): ValueType {
  const type = event.replace(/:[a-zA-Z]*$/, '') || 'samples';
  return { type, unit: NANOSECONDS.has(type) ? 'nanoseconds' : 'count' };
}
