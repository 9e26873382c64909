import { Session } from 'node:inspector';
import type { Worker } from 'node:worker_threads';
import { PROFILER_KEY } from './settings.ts';
import { isPending, type SharedState, settle, slotOf, WORD, waitWhile } from './shared-state.ts';

/** The program's worker threads, as the main thread reaches them. */
export interface WorkerThreads {
  /** Has all of them write what they have, also while they are busy. Does not wait. @returns their slots */
  ask(): number[];
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

/** Id of messages that nobody waits for. */
const NO_SLOT = -1;

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
      const slot = JSON.parse(params.message).id;
      if (slot >= 0) settle(shared, slot, 'answered');
    });
    session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  }

  /** @param id comes back with the answer */
  function evaluate(threadId: number, id: number, expression: string): boolean {
    const sessionId = sessions.get(threadId);
    if (session === undefined || sessionId === undefined) return false;
    // Only injection needs `require`, and that costs a call into JavaScript of node's.
    const params = { expression, includeCommandLineAPI: id === NO_SLOT };
    session.post('NodeWorker.sendMessageToWorker', {
      sessionId,
      message: JSON.stringify({ id, method: 'Runtime.evaluate', params }),
    });
    return true;
  }

  /** One request at a time: the second would write what the first has just written. */
  function askOne(threadId: number): number | undefined {
    const slot = slotOf(threadId);
    if (isPending(shared, slot, 'answered')) return slot;
    Atomics.add(shared, WORD.asked + slot, 1);
    // After `asked`: a thread that ends takes itself off the list, then waits for what it has been asked.
    if (Atomics.load(shared, WORD.listening + slot) === threadId && evaluate(threadId, slot, `${PROFILER}.answer()`)) {
      return slot;
    }
    Atomics.sub(shared, WORD.asked + slot, 1);
    return undefined;
  }

  function wait(slots: readonly number[], limit: number): void {
    const end = performance.now() + limit;
    for (const slot of slots) {
      const left = Math.max(0, Math.ceil(end - performance.now()));
      waitWhile(shared, WORD.answered + slot, () => isPending(shared, slot, 'answered'), left);
    }
  }

  function started(handle: WorkerHandle): void {
    const { threadId } = handle;
    // Node's message just before the first line of the program in that thread.
    handle.messagePort.on('message', ({ type }) => {
      if (type !== 'upAndRunning' || Atomics.load(shared, WORD.listening + slotOf(threadId)) === threadId) return;
      evaluate(threadId, NO_SLOT, `${PROFILER} ?? require(${JSON.stringify(preload)})`);
    });
    onExit(handle, () => {
      sessions.delete(threadId);
      settle(shared, slotOf(threadId), 'written');
      settle(shared, slotOf(threadId), 'answered');
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
    const slot = this === ownHandle ? undefined : askOne(this.threadId);
    if (slot !== undefined) wait([slot], TERMINATE_MS);
    return stopThread.call(this);
  };
  return {
    ask: () => [...sessions.keys()].flatMap((threadId) => askOne(threadId) ?? []),
    await: wait,
    stop() {
      for (const threadId of sessions.keys()) evaluate(threadId, NO_SLOT, `${PROFILER}?.stop()`);
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
