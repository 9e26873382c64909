import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Occasion, Settings } from './settings.ts';
import { type SharedState, WORD, waitWhile } from './shared-state.ts';

/** What the control thread is started with. */
export interface ControlData {
  readonly settings: Settings;
  readonly shared: SharedState;
}

/** What the control thread may call in the main thread (the global of {@link PROFILER_KEY}). */
export interface Controlled {
  /** Has every thread write what it has; worker threads may need a little longer. */
  checkpointAll(occasion: Occasion): Checkpoint;
  /** Ends sampling in every thread. */
  stopAll(): void;
}

/** JSON, from the main thread to the control thread. */
export interface Checkpoint {
  /** Milliseconds that the main thread took. */
  readonly cost: number;
  /** Slots of the worker threads that were asked. */
  readonly slots: readonly number[];
}

const LEAVE_MS = 300;

/**
 * Starts the control thread: it can reach into the main thread while that is busy; it hears signals while that is
 * busy; it holds the line to the collector.
 */
export function startControl(settings: Settings, folder: string, shared: SharedState): Worker {
  const worker = new Worker(join(folder, 'v8-control.cjs'), {
    workerData: { settings, shared } satisfies ControlData,
    name: 'pforge-prof control',
    // An environment of its own: it must not preload itself. The internals give it node's signal handles.
    env: {},
    execArgv: ['--expose-internals'],
    stdout: true,
    stderr: true,
  });
  // A failure leaves a profile that is written at the end.
  worker.on('error', () => {});
  worker.unref();
  return worker;
}

/** Has the control thread leave the main thread alone from now on, and waits until it does. */
export function leaveControl(shared: SharedState): void {
  Atomics.store(shared, WORD.exiting, 1);
  waitWhile(shared, WORD.connected, () => Atomics.load(shared, WORD.connected) === 1, LEAVE_MS);
}
