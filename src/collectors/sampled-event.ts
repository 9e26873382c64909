import { hasHardwareCounters } from './hardware-counters.ts';
import { PerfUnavailable } from './perf-errors.ts';

/** How perf is told to sample an event. */
export interface SampledEvent {
  /** With the modifiers that it needs. */
  readonly event: string;
  /** One sample each so many of them; undefined = by time. */
  readonly period: number | undefined;
}

/** Things that happen thousands of times a second at most; those that only the kernel does are marked so. */
const COUNTED: ReadonlyMap<string, { readonly inKernel: boolean }> = new Map([
  ['page-faults', { inKernel: false }],
  ['faults', { inKernel: false }],
  ['minor-faults', { inKernel: false }],
  ['major-faults', { inKernel: false }],
  ['context-switches', { inKernel: true }],
  ['cs', { inKernel: true }],
  ['cpu-migrations', { inKernel: true }],
  ['migrations', { inKernel: true }],
]);

/** Copied stacks are of 16 kB each: with every page fault they would fill a disk. */
const PERIOD_OF_COPIES = 10;

/**
 * Faults, switches and migrations are sampled one by one: at a frequency perf guesses how many each sample stands for,
 * which is far off for programs that start others. What only the kernel does is asked for with `:k`, because where the
 * kernel may not be looked at perf would quietly count none.
 * @param copies the stack is copied with each sample (`--call-graph dwarf`)
 */
export function sampledEvent(event: string, copies: boolean): SampledEvent {
  const [, name = event, modifiers] = /^([\w-]+)(?::([ukpPh]+))?$/.exec(event) ?? [];
  const counted = COUNTED.get(name);
  if (counted === undefined) return { event, period: undefined };
  const often = copies && !counted.inKernel && name !== 'major-faults';
  return {
    event: counted.inKernel && modifiers === undefined ? `${name}:k` : event,
    period: often ? PERIOD_OF_COPIES : 1,
  };
}

/**
 * What to say when an event that was asked for by name is one that the machine does not have.
 * @param event undefined where nobody asked for one
 * @returns all other errors as they are
 */
export function aboutEvent(event: string | undefined, error: unknown): unknown {
  if (event === undefined || !(error instanceof PerfUnavailable) || !error.noEvent) return error;
  const why = hasHardwareCounters() ? '' : ': there are no hardware counters here (a virtual machine?)';
  return new PerfUnavailable(
    `this machine does not have ${event}${why}`,
    'use -e page-faults for what touches memory, -e cpu-clock for time; pforge-prof perf-stat --list shows what it has',
    'record',
    { cause: error },
  );
}
