import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Settings } from './settings.ts';
import { newSharedState, type SharedState, WORD } from './shared-state.ts';

/** What the control thread is started with. */
export interface ControlData {
  readonly settings: Settings;
  readonly shared: SharedState;
  /** Path of the preload, for worker threads that run without it. */
  readonly preload: string;
}

/** From the main thread to the control thread. */
export type ControlMessage =
  | { readonly kind: 'worker-started' }
  /** Write what the worker threads have (one, or all); then set the word `answered` to `request`. */
  | { readonly kind: 'flush-workers'; readonly threadId: number | undefined; readonly request: number };

export interface Control {
  readonly shared: SharedState;
  /** Has the program's worker threads write their profiles, busy or not. Waits, up to `limit` milliseconds. */
  flushWorkers(threadId: number | undefined, limit: number): void;
  /** To be called last of all: from now on the control thread leaves the main thread alone. */
  leave(): void;
}

/** What node keeps behind a Worker (src/node_worker.cc). */
interface WorkerHandle {
  threadId: number;
  onexit: unknown;
  startThread(): unknown;
  stopThread(): unknown;
}

/** How long terminate() may be held up. */
const TERMINATE_MS = 200;
const LEAVE_MS = 300;

/**
 * Starts the control thread: it can reach into the main thread, and through it into every worker thread, while they
 * are busy; it hears signals while they are busy; it holds the line to the collector.
 */
export function startControl(settings: Settings, folder: string, preload: string): Control {
  const shared = newSharedState();
  const data: ControlData = { settings, shared, preload };
  const worker = new Worker(join(folder, 'v8-control.cjs'), {
    workerData: data,
    name: 'pforge-prof control',
    // An environment of its own: it must not preload itself. The internals give it node's signal handles.
    env: {},
    execArgv: ['--expose-internals'],
    stdout: true,
    stderr: true,
  });
  worker.on('error', () => Atomics.store(shared, WORD.ready, 0));
  worker.unref();
  let requests = 0;

  function flushWorkers(threadId: number | undefined, limit: number): void {
    if (Atomics.load(shared, WORD.ready) === 0 || Atomics.load(shared, WORD.workers) <= 0) return;
    const request = ++requests;
    post(worker, { kind: 'flush-workers', threadId, request });
    waitWhile(shared, WORD.answered, request - 1, limit);
  }

  watchWorkers(worker, shared, {
    started: () => post(worker, { kind: 'worker-started' }),
    stopping: (threadId) => flushWorkers(threadId, TERMINATE_MS),
  });
  return {
    shared,
    flushWorkers,
    leave() {
      Atomics.store(shared, WORD.exiting, 1);
      waitWhile(shared, WORD.connected, 1, LEAVE_MS);
    },
  };
}

function post(worker: Worker, message: ControlMessage): void {
  worker.postMessage(message);
}

/** Waits in short turns: between them V8 serves what the control thread asks of this thread. */
function waitWhile(shared: SharedState, word: number, value: number, limit: number): void {
  const end = process.hrtime.bigint() + BigInt(limit) * 1_000_000n;
  while (Atomics.load(shared, word) === value && process.hrtime.bigint() < end) Atomics.wait(shared, word, value, 5);
}

/** Learns of every worker thread that this thread starts and stops, at the native calls below class Worker. */
function watchWorkers(
  own: Worker,
  shared: SharedState,
  on: { started: () => void; stopping: (threadId: number) => void },
): void {
  const key = Object.getOwnPropertySymbols(own).find((symbol) => symbol.description === 'kHandle');
  if (key === undefined) return;
  const ownHandle = (own as unknown as Record<symbol, WorkerHandle>)[key]!;
  const prototype: WorkerHandle = Object.getPrototypeOf(ownHandle);
  const { startThread, stopThread } = prototype;
  prototype.startThread = function (this: WorkerHandle) {
    countWhileAlive(this, shared);
    const error = startThread.call(this);
    on.started();
    return error;
  };
  prototype.stopThread = function (this: WorkerHandle) {
    if (this !== ownHandle) on.stopping(this.threadId);
    return stopThread.call(this);
  };
}

/** Native code reads `onexit` when the thread has ended, and at no other time. */
function countWhileAlive(handle: WorkerHandle, shared: SharedState): void {
  let { onexit } = handle;
  let alive = true;
  Atomics.add(shared, WORD.workers, 1);
  Object.defineProperty(handle, 'onexit', {
    configurable: true,
    get() {
      if (alive) Atomics.sub(shared, WORD.workers, 1);
      alive = false;
      return onexit;
    },
    set(value) {
      onexit = value;
    },
  });
}
