import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';

/** On the threads of our own, whichever console they belong to. */
const OWN = Symbol.for('pforge-prof.console.own');
const CHANNEL = 'worker_threads';
/** Threads whose numbers a note has room for. */
const MOST_NAMED = 5;

/** Makes a thread one that nobody need be told of. */
export function hideThread(worker: Worker): void {
  Object.defineProperty(worker, OWN, { value: true });
}

/**
 * Threads that a process starts after it was attached to: without `--require` in its options nobody watches them, and to get into a
 * thread that is only beginning would break it.
 */
export function countLateThreads(): { notes(): string[]; stop(): void } {
  let late: WeakRef<Worker>[] = [];
  const see = (message: unknown): void => {
    late.push(new WeakRef((message as { readonly worker: Worker }).worker));
  };
  subscribe(CHANNEL, see);
  return {
    notes() {
      // One that has ended has lost its number
      late = late.filter((ref) => (ref.deref()?.threadId ?? -1) >= 0);
      const threads = late.map((ref) => ref.deref()!).filter((worker) => !(OWN in worker));
      if (threads.length === 0) return [];
      const numbers = threads.slice(0, MOST_NAMED).map(({ threadId }) => threadId);
      const more = threads.length > MOST_NAMED ? ` and ${threads.length - MOST_NAMED} more` : '';
      const which = threads.length === 1 ? `thread ${numbers[0]} is` : `threads ${numbers.join(', ')}${more} are`;
      return [`worker ${which} not watched, as started after the console came: leave and attach again to see it all`];
    },
    stop: () => unsubscribe(CHANNEL, see),
  };
}
