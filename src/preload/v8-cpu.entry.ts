/**
 * Preload of the V8 CPU collector: loaded by `--require` in NODE_OPTIONS before the first line of a program, in its
 * main thread, its worker threads, and the node processes it starts. The program must not notice.
 */
import { basename, dirname } from 'node:path';
import { getEnvironmentData, isMainThread, setEnvironmentData, threadId } from 'node:worker_threads';
import { profileNodeChildren } from './child-environment.ts';
import { startControl } from './control.ts';
import { hookExits } from './exit-hooks.ts';
import { removeOption } from './node-options.ts';
import {
  PROFILER_KEY,
  parseSettings,
  SETTINGS_VARIABLE,
  type Settings,
  THREAD_SETTINGS_KEY,
  type ThreadSettings,
} from './settings.ts';
import { countSignalListeners } from './signal-census.ts';
import { startThreadProfiler, type ThreadProfiler } from './thread-profiler.ts';

/** How long an exit may wait for busy worker threads to write. */
const EXIT_MS = 500;
/** Worker threads started by worker threads are out of the control thread's reach: they keep their own time. */
const NESTED_CHECKPOINT_MS = 5_000;

const hidden = Symbol.for(PROFILER_KEY);
try {
  if (!(hidden in globalThis)) {
    if (isMainThread) startMainThread();
    else startWorkerThread();
  }
} catch {
  // A program runs as well without a profile; the collector says that there is none.
}

function startMainThread(): void {
  const settings = parseSettings(process.env[SETTINGS_VARIABLE]);
  if (settings === undefined) return;
  hideEnvironment(settings);
  delete require.cache[__filename];
  const name = basename(process.argv[1] ?? '') || 'node';
  setEnvironmentData(THREAD_SETTINGS_KEY, { ...settings, program: name, nested: false } satisfies ThreadSettings);
  profileNodeChildren(settings);
  const control = startControl(settings, dirname(__filename), __filename);
  countSignalListeners(control.shared);
  const profiler = startThreadProfiler(settings, () => ({ process: name, thread: name }));
  publish(profiler);
  const flush = (): void => {
    profiler.checkpoint();
    control.flushWorkers(undefined, EXIT_MS);
  };
  hookExits(control.shared, {
    flush,
    finish() {
      flush();
      control.leave();
    },
    finishAgain: () => profiler.checkpoint(),
  });
}

function startWorkerThread(): void {
  const settings = getEnvironmentData(THREAD_SETTINGS_KEY) as unknown as ThreadSettings | undefined;
  if (settings === undefined) return;
  delete require.cache[__filename];
  setEnvironmentData(THREAD_SETTINGS_KEY, { ...settings, nested: true } satisfies ThreadSettings);
  profileNodeChildren(settings);
  const profiler = startThreadProfiler(settings, () => ({
    process: settings.program,
    // The control thread is number 1: without us this one would have the number before.
    thread: `worker ${threadId - 1} (${basename(process.argv[1] ?? '')})`,
  }));
  publish(profiler);
  process.on('exit', () => profiler.checkpoint());
  if (settings.nested) setInterval(() => profiler.checkpoint(), NESTED_CHECKPOINT_MS).unref();
}

/** Lets the control thread call. */
function publish(profiler: ThreadProfiler): void {
  Object.defineProperty(globalThis, hidden, { value: profiler });
}

/** The environment as it would be without us; children that need ours are given it when they start. */
function hideEnvironment(settings: Settings): void {
  delete process.env[SETTINGS_VARIABLE];
  const nodeOptions = removeOption(process.env.NODE_OPTIONS, settings.nodeOption);
  if (nodeOptions === undefined) delete process.env.NODE_OPTIONS;
  else process.env.NODE_OPTIONS = nodeOptions;
}
