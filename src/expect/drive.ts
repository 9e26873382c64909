/** What a measurement wants done next: so many calls. */
export interface Calls {
  readonly count: number;
  /** Where the time of each call goes, in nanoseconds; absent: only that of all together is wanted. */
  readonly each?: Float64Array;
  /** Results are kept here, so that what they hold stays in memory. */
  readonly keep?: unknown[];
  /** The first call gets this number, the next one that and 1, ... */
  readonly from?: number;
}

/** A measurement as a conversation: it asks for calls, and is told how long they took: nanoseconds. */
export type Conversation<Result> = Generator<Calls, Result, number>;

type Fn = (at: number) => unknown;

/** Kept where the compiler cannot know that nobody looks: what a function returns must be computed. */
const sink: { last: unknown } = { last: undefined };
Object.defineProperty(globalThis, Symbol.for('pforge-prof.expect.sink'), { value: sink, configurable: true });

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

/** Holds a conversation about a function that is done when it returns. */
export function driveSync<Result>(conversation: Conversation<Result>, fn: Fn): Result {
  for (let step = conversation.next(0); ; ) {
    if (step.done === true) return step.value;
    const { count, each, keep, from = 0 } = step.value;
    const start = process.hrtime.bigint();
    if (each !== undefined) {
      for (let i = 0; i < count; i++) {
        const before = process.hrtime.bigint();
        sink.last = fn(from + i);
        each[i] = Number(process.hrtime.bigint() - before);
      }
    } else if (keep !== undefined) {
      for (let i = 0; i < count; i++) keep[i] = fn(from + i);
    } else {
      for (let i = 0; i < count; i++) sink.last = fn(from + i);
    }
    step = conversation.next(Number(process.hrtime.bigint() - start));
  }
}

/** Holds a conversation about a function that is done when its promise is; calls follow each other. */
export async function driveAsync<Result>(conversation: Conversation<Result>, fn: Fn): Promise<Result> {
  for (let step = conversation.next(0); ; ) {
    if (step.done === true) return step.value;
    const { count, each, keep, from = 0 } = step.value;
    const start = process.hrtime.bigint();
    for (let i = 0; i < count; i++) {
      const before = each === undefined ? 0n : process.hrtime.bigint();
      const value = await fn(from + i);
      if (each !== undefined) each[i] = Number(process.hrtime.bigint() - before);
      if (keep === undefined) sink.last = value;
      else keep[i] = value;
    }
    step = conversation.next(Number(process.hrtime.bigint() - start));
  }
}
