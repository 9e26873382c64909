/**
 * Words that the main thread and the control thread share (Int32Array over a SharedArrayBuffer): the only way to agree
 * while one of the two is busy.
 */
export type SharedState = Int32Array<SharedArrayBuffer>;

/** Index of each word. */
export const WORD = {
  /** 1: the main thread is about to exit; the control thread opens no further session. */
  exiting: 0,
  /** 1: the control thread has a session with the main thread, which must not exit now (node would print a message). */
  connected: 1,
  /** 1: the control thread listens for signals and requests. */
  ready: 2,
  /** Number of the last request of the main thread that is done. */
  answered: 3,
  /** Signal that the program has just sent to itself; all is written, so die at once. */
  dying: 4,
  /** Worker threads of the program that are alive. */
  workers: 5,
  /** Never changes: waited upon until the process is dead. */
  never: 6,
  /** + signal number: how many handles of the program catch the signal. */
  caught: 16,
  /** + signal number: how often such a handle was given the signal. */
  dispatched: 96,
  /** + signal number: 1 while the control thread catches the signal. */
  held: 176,
} as const;

export function newSharedState(): SharedState {
  return new Int32Array(new SharedArrayBuffer(256 * Int32Array.BYTES_PER_ELEMENT));
}
