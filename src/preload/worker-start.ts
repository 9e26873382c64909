import { basename } from 'node:path';
import { setEnvironmentData, threadId } from 'node:worker_threads';
import { profileNodeChildren } from './child-environment.ts';
import { type Occasion, PROFILER_KEY, type Settings } from './settings.ts';
import { isPending, type SharedState, settle, slotOf, WORD, waitWhile } from './shared-state.ts';
import { startThreadSampler } from './thread-sampler.ts';

/** Key of the {@link ThreadSettings} in the environment data of worker_threads, which all worker threads inherit. */
export const THREAD_SETTINGS_KEY = 'pforge-prof.v8-cpu';

export interface ThreadSettings {
  readonly settings: Settings;
  readonly shared: SharedState;
  /** Name of the process. */
  readonly name: string;
  /** The parent is itself a worker thread. */
  readonly nested: boolean;
}

/** Worker threads started by worker threads are out of the main thread's reach: they keep their own time. */
const NESTED_CHECKPOINT_MS = 5_000;
const ANSWER_MS = 100;

/** Profiles this worker thread from here on. */
export function startInWorkerThread(inherited: ThreadSettings): void {
  const { settings, shared, name, nested } = inherited;
  setEnvironmentData(THREAD_SETTINGS_KEY, { ...inherited, nested: true } as never);
  profileNodeChildren(settings);
  const profiler = startThreadSampler(settings, () => {
    // Node sets argv after preloads; the control thread is number 1: without us this one would have the number before.
    const file = process.argv[1] === undefined ? '' : ` (${basename(process.argv[1])})`;
    return { process: name, thread: `worker ${threadId - 1}${file}` };
  });
  const slot = slotOf(threadId);
  const controlled = {
    answer(occasion: Occasion) {
      profiler.checkpoint(occasion);
      settle(shared, slot, 'written');
    },
    stop: profiler.stop,
  };
  Object.defineProperty(globalThis, Symbol.for(PROFILER_KEY), { value: controlled });
  if (nested) setInterval(() => profiler.checkpoint('interval'), NESTED_CHECKPOINT_MS).unref();
  else Atomics.store(shared, WORD.listening + slot, threadId);
  // Where this was itself a request of the main thread.
  settle(shared, slot, 'written');
  process.on('exit', () => {
    // A request that comes while the thread is taken down would crash node.
    Atomics.compareExchange(shared, WORD.listening + slot, threadId, 0);
    waitWhile(shared, WORD.written + slot, () => isPending(shared, slot, 'written'), ANSWER_MS);
    profiler.checkpoint('last');
  });
}
