import type { ValueType } from '../../profile/profile.ts';
import { type EventSamples, SAMPLES } from '../samples/event-samples.ts';
import type { KernelSamples } from './kernel-samples.ts';

/** For the kernel: the number of samples, of whatever event. */
export const ALL_EVENTS = -2;

/** What samples that the kernel has summed are weighed by. */
export interface WeighedEvents {
  /** As the profile would have them. */
  readonly types: readonly ValueType[];
  /** The event that is the default weight, for `layStacks`. */
  readonly event: number;
  /** Of each event that is measured its column among the types. */
  readonly columns: ReadonlyMap<number, number>;
  /** Whether a sample has neither stack nor thread. */
  readonly bare: boolean;
}

/** @param notes as of {@link EventSamples.weighed} */
export function weighedEvents({ kernel }: KernelSamples, samples: EventSamples, notes: string[]): WeighedEvents {
  const room = kernel.alloc(samples.eventCount * 8 + 8);
  const bare = Boolean(kernel.countEvents(room));
  const samplesOf = new Float64Array(kernel.memory(), room, samples.eventCount);
  const weighed = samples.weighed(samplesOf, Boolean(kernel.hasPeriods()), notes);
  return {
    types: [SAMPLES, ...weighed.map(({ type }) => type)],
    event: weighed.at(-1)?.index ?? ALL_EVENTS,
    columns: new Map(weighed.map(({ index }, i) => [index, i + 1])),
    bare,
  };
}
