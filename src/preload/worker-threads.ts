import { Session } from 'node:inspector';
import type { Worker } from 'node:worker_threads';
import { type Occasion, PROFILER_KEY } from './settings.ts';
import { isPending, type SharedState, settle, slotOf, WORD, waitWhile } from './shared-state.ts';

/** The program's worker threads, as the main thread reaches them. */
export interface WorkerThreads {
  /** Has all of them write what they have, also while they are busy. Does not wait. @returns their slots */
  ask(occasion: Occasion): number[];
  /**
   * Waits until these have written, for `limit` milliseconds at most, and until the inspector has let go of them: it
   * cancels the termination of a thread in which it is evaluating, and that thread would never end.
   */
  await(slots: readonly number[], limit: number): void;
  /** Ends sampling in all of them. */
  stop(): void;
  /** Lets go of them: the process ends. */
  leave(): void;
}

/** What node keeps behind a Worker (src/node_worker.cc). */
interface WorkerHandle {
  readonly threadId: number;
  /** The main thread's end of the channel between node's own code in both threads. */
  readonly messagePort: { on(event: 'message', listener: (message: { type?: string }) => void): void };
  onexit: unknown;
  startThread(): unknown;
  stopThread(): unknown;
}

/** How long terminate() may be held up by a worker thread that is blocked outside JavaScript. */
const TERMINATE_MS = 200;

const PROFILER = `globalThis[Symbol.for(${JSON.stringify(PROFILER_KEY)})]`;

/**
 * Keeps one inspector session to every worker thread (the NodeWorker domain, as debuggers do), from its start to its
 * end: it reaches worker threads that are busy. Sessions that come and go crash node where a thread starts or ends
 * just then.
 * @param own a worker thread of ours: left alone, and the way to node's native calls below class Worker
 * @param preload path of the preload, for worker threads that were started without it (with `execArgv` or `env`)
 */
export function reachWorkerThreads(own: Worker, shared: SharedState, preload: string): WorkerThreads {
  /** Session ids, by thread id. */
  const sessions = new Map<number, string>();
  const ownHandle = handleOf(own);
  let session: Session | undefined;

  function open(): void {
    session = new Session();
    session.connect();
    session.on('NodeWorker.attachedToWorker', ({ params: { sessionId, workerInfo } }) => {
      // `[worker 3] name`; workerId is a count of its own.
      const threadId = Number(/^\[worker (\d+)\]/.exec(workerInfo.title)?.[1]);
      if (threadId === own.threadId) session?.post('NodeWorker.detach', { sessionId });
      else sessions.set(threadId, sessionId);
    });
    session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
      const { id } = JSON.parse(params.message);
      if (id !== undefined) settleAll(id);
    });
    session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  }

  /**
   * Sends an expression. That it is pending shows in the shared state, until its answer is back: a thread must not be
   * terminated while the inspector is at work in it.
   * @returns the slot of the thread; undefined where it cannot be reached
   */
  function evaluate(threadId: number, expression: string, includeCommandLineAPI = false): number | undefined {
    const sessionId = sessions.get(threadId);
    if (session === undefined || sessionId === undefined) return undefined;
    const slot = slotOf(threadId);
    Atomics.add(shared, WORD.asked + slot, 1);
    const message = { id: slot, method: 'Runtime.evaluate', params: { expression, includeCommandLineAPI } };
    session.post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify(message) });
    return slot;
  }

  /** One request at a time: the second would write what the first has just written. */
  function askOne(threadId: number, occasion: Occasion): number | undefined {
    const slot = slotOf(threadId);
    if (isPending(shared, slot, 'answered')) return slot;
    // A thread that ends takes itself off the list, then waits for what is pending: so first the one, then the other.
    Atomics.add(shared, WORD.asked + slot, 1);
    const listens = Atomics.load(shared, WORD.listening + slot) === threadId;
    const reached = listens ? evaluate(threadId, `${PROFILER}.answer(${JSON.stringify(occasion)})`) : undefined;
    Atomics.sub(shared, WORD.asked + slot, 1);
    return reached;
  }

  function wait(slots: readonly number[], limit: number): void {
    const end = performance.now() + limit;
    for (const slot of slots) {
      const left = Math.max(0, Math.ceil(end - performance.now()));
      waitWhile(shared, WORD.answered + slot, () => isPending(shared, slot, 'answered'), left);
    }
  }

  function settleAll(slot: number): void {
    settle(shared, slot, 'written');
    settle(shared, slot, 'answered');
  }

  function started(handle: WorkerHandle): void {
    const { threadId } = handle;
    // Node's message just before the first line of the program in that thread.
    handle.messagePort.on('message', ({ type }) => {
      if (type !== 'upAndRunning' || Atomics.load(shared, WORD.listening + slotOf(threadId)) === threadId) return;
      evaluate(threadId, `${PROFILER} ?? require(${JSON.stringify(preload)})`, true);
    });
    onExit(handle, () => {
      sessions.delete(threadId);
      settleAll(slotOf(threadId));
    });
  }

  const prototype: WorkerHandle = Object.getPrototypeOf(ownHandle);
  const { startThread, stopThread } = prototype;
  prototype.startThread = function (this: WorkerHandle) {
    if (session === undefined && Atomics.load(shared, WORD.exiting) === 0) open();
    const error = startThread.call(this);
    started(this);
    return error;
  };
  prototype.stopThread = function (this: WorkerHandle) {
    const slot = this === ownHandle ? undefined : askOne(this.threadId, 'last');
    // The control thread interrupts this wait, too, and must not ask again.
    sessions.delete(this.threadId);
    if (slot !== undefined) wait([slot], TERMINATE_MS);
    return stopThread.call(this);
  };
  return {
    ask: (occasion) => [...sessions.keys()].flatMap((threadId) => askOne(threadId, occasion) ?? []),
    await: wait,
    stop() {
      for (const threadId of sessions.keys()) evaluate(threadId, `${PROFILER}?.stop()`);
    },
    leave() {
      sessions.clear();
      session?.disconnect();
      session = undefined;
    },
  };
}

function handleOf(worker: Worker): WorkerHandle {
  const key = Object.getOwnPropertySymbols(worker).find((symbol) => symbol.description === 'kHandle');
  return (worker as unknown as Record<symbol, WorkerHandle>)[key!]!;
}

/** Native code reads `onexit` when the thread has ended, and at no other time. */
function onExit(handle: WorkerHandle, action: () => void): void {
  let { onexit } = handle;
  Object.defineProperty(handle, 'onexit', {
    configurable: true,
    get() {
      action();
      return onexit;
    },
    set(value) {
      onexit = value;
    },
  });
}
