import { constants } from 'node:os';
import type { Occasion } from './settings.ts';
import { type SharedState, WORD } from './shared-state.ts';
import type { SignalHandle } from './signal-census.ts';

/** Signals that end a process which does not listen to them, and leave it the time to write. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const;

export interface SignalActions {
  flush(occasion: Occasion): Promise<void>;
  /** A signal that ends nothing, and is no business of the program: somebody wants a snapshot. */
  readonly asking: NodeJS.Signals | undefined;
}

/**
 * Catches, in the control thread, the signals that would end the process, so that the profile is written first even
 * where the main thread is busy. Then the signal takes its course: where the program listens, its own listener has the
 * signal already; where it does not, the signal's default is restored and the process dies by it.
 */
export function holdSignals(shared: SharedState, { flush, asking }: SignalActions): void {
  const Signal = signalHandleClass();
  if (Signal === undefined) return;
  for (const name of SIGNALS) {
    const signal = constants.signals[name];
    const handle = new Signal();
    /** How many of the signals so far were the program's own to handle. */
    let handled = 0;
    let dying = false;
    handle.onsignal = () => {
      if (name === asking) {
        void flush('asked');
        return;
      }
      // Caught now, or, with a `once` listener, caught until this very signal.
      if (Atomics.load(shared, WORD.caught + signal) > 0 || Atomics.load(shared, WORD.dispatched + signal) > handled) {
        handled++;
        void flush('flush');
      } else if (!dying) {
        dying = true;
        void die();
      }
    };
    const die = async (): Promise<void> => {
      // The program has sent it to itself, and is waiting, all written.
      if (Atomics.load(shared, WORD.dying) !== signal) await flush('last');
      handle.close();
      process.kill(process.pid, signal);
    };
    if (handle.start(signal) === 0) Atomics.store(shared, WORD.held + signal, 1);
  }
}

/**
 * Node's class of native signal handles. `process.on` does not listen to signals in a worker thread, the handles
 * themselves do; --expose-internals (of this thread alone) gives them out.
 */
function signalHandleClass(): (new () => SignalHandle) | undefined {
  try {
    return require('internal/test/binding').internalBinding('signal_wrap').Signal;
  } catch {
    return undefined;
  }
}
