/**
 * Words that all threads of a profiled process share (Int32Array over a SharedArrayBuffer): the only way to agree while
 * one of them is busy.
 */
export type SharedState = Int32Array<SharedArrayBuffer>;

/** Worker threads have a slot by their thread id; two of one slot at a time only wait for each other. */
const SLOTS = 256;

/** Index of each word. */
export const WORD = {
  /** 1: the main thread is about to exit; the control thread opens no further session. */
  exiting: 0,
  /** 1: the control thread has a session with the main thread, which must not exit now (node would print a message). */
  connected: 1,
  /** Signal that the program has just sent to itself; all is written, so die at once. */
  dying: 2,
  /** Never changes: waited upon until the process is dead. */
  never: 3,
  /** + signal number: how many handles of the program catch the signal. */
  caught: 16,
  /** + signal number: how often such a handle was given the signal. */
  dispatched: 96,
  /** + signal number: 1 while the control thread catches the signal. */
  held: 176,
  /** + slot: id of the worker thread that takes requests. */
  listening: 256,
  /** + slot: requests sent to the worker thread. */
  asked: 256 + SLOTS,
  /** + slot: requests that it has carried out. */
  written: 256 + 2 * SLOTS,
  /** + slot: requests whose answer the main thread has: the inspector is done with the worker thread. */
  answered: 256 + 3 * SLOTS,
} as const;

const WORDS = 256 + 4 * SLOTS;
/** V8 serves other threads between two waits. */
const TURN_MS = 5;

export function newSharedState(): SharedState {
  return new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT));
}

export function slotOf(threadId: number): number {
  return threadId % SLOTS;
}

/** True while a request to the worker thread of a slot is not carried out, or not answered. */
export function isPending(shared: SharedState, slot: number, until: 'written' | 'answered'): boolean {
  return Atomics.load(shared, WORD.asked + slot) !== Atomics.load(shared, WORD[until] + slot);
}

/** To be called when all requests of a slot are carried out, or answered. */
export function settle(shared: SharedState, slot: number, until: 'written' | 'answered'): void {
  Atomics.store(shared, WORD[until] + slot, Atomics.load(shared, WORD.asked + slot));
  Atomics.notify(shared, WORD[until] + slot);
}

/** Blocks this thread until `word` changes so that `blocked` is false, or `limit` milliseconds are over. */
export function waitWhile(shared: SharedState, word: number, blocked: () => boolean, limit: number): void {
  const end = now() + BigInt(limit) * 1_000_000n;
  while (now() < end) {
    const value = Atomics.load(shared, word);
    if (!blocked()) return;
    Atomics.wait(shared, word, value, TURN_MS);
  }
}

// Taken now: programs and test frameworks replace the clock.
const now = process.hrtime.bigint;
