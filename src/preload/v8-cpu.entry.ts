/**
 * Preload of the collectors of V8's CPU and allocation profiles: loaded by `--require` in NODE_OPTIONS before the first line of a program, in its
 * main thread, its worker threads, and the node processes it starts. The program must not notice.
 */
import { basename, dirname } from 'node:path';
import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';
import { profileNodeChildren } from './child-environment.ts';
import { type Controlled, leaveControl, startControl } from './control.ts';
import { hookExits } from './exit-hooks.ts';
import { removeOption } from './node-options.ts';
import {
  type Occasion,
  PROFILER_KEY,
  parseSettings,
  SETTINGS_VARIABLE,
  type Settings,
  SNAPSHOT_MS,
} from './settings.ts';
import { newSharedState } from './shared-state.ts';
import { countSignalListeners } from './signal-census.ts';
import { startThreadSampler } from './thread-sampler.ts';
import { startInWorkerThread, THREAD_SETTINGS_KEY, type ThreadSettings } from './worker-start.ts';
import { reachWorkerThreads } from './worker-threads.ts';

/** How long an exit may wait for busy worker threads to write. */
const EXIT_MS = 500;

try {
  if (!(Symbol.for(PROFILER_KEY) in globalThis)) {
    const inherited = isMainThread ? undefined : (getEnvironmentData(THREAD_SETTINGS_KEY) as unknown);
    if (isMainThread) startInMainThread();
    else if (inherited !== undefined) startInWorkerThread(inherited as ThreadSettings);
  }
} catch {
  // A program runs as well without a profile; the collector says that there is none.
}
delete require.cache[__filename];

function startInMainThread(): void {
  const settings = parseSettings(process.env[SETTINGS_VARIABLE]);
  if (settings === undefined) return;
  hideEnvironment(settings);
  const shared = newSharedState();
  const script = process.argv[1];
  const name = script === undefined || script === '-' ? 'node' : basename(script);
  setEnvironmentData(THREAD_SETTINGS_KEY, { settings, shared, name, nested: false } satisfies ThreadSettings as never);
  profileNodeChildren(settings);
  const control = startControl(settings, dirname(__filename), shared);
  const workers = reachWorkerThreads(control, shared, __filename);
  countSignalListeners(shared);
  const profiler = startThreadSampler(settings, () => ({ process: name, thread: name }));
  const controlled: Controlled = {
    checkpointAll: (occasion) => ({ slots: workers.ask(occasion), cost: profiler.checkpoint(occasion) }),
    stopAll() {
      workers.stop();
      profiler.stop();
    },
  };
  Object.defineProperty(globalThis, Symbol.for(PROFILER_KEY), { value: controlled });

  const flush = (occasion: Occasion): void => {
    const { slots } = controlled.checkpointAll(occasion);
    workers.await(slots, settings.sampling.what === 'snapshots' ? SNAPSHOT_MS : EXIT_MS);
  };
  hookExits(shared, {
    flush: (dies) => flush(dies ? 'last' : 'flush'),
    finish() {
      // First: the control thread must not ask worker threads again that are about to be stopped.
      leaveControl(shared);
      flush('last');
      workers.leave();
    },
    finishAgain: () => profiler.checkpoint('last'),
  });
}

/** The environment as it would be without us; children that need ours are given it when they start. */
function hideEnvironment(settings: Settings): void {
  delete process.env[SETTINGS_VARIABLE];
  const nodeOptions = removeOption(process.env.NODE_OPTIONS, settings.nodeOption);
  if (nodeOptions === undefined) delete process.env.NODE_OPTIONS;
  else process.env.NODE_OPTIONS = nodeOptions;
}
