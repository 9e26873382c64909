import { Session } from 'node:inspector';
import type { Checkpoint } from './control.ts';
import { type Occasion, PROFILER_KEY } from './settings.ts';
import { isPending, type SharedState, WORD } from './shared-state.ts';

export interface Visits {
  /** Has all threads write what they have. @returns milliseconds the main thread took */
  checkpoint(occasion: Occasion): Promise<number>;
  /** Ends all sampling. */
  stop(): Promise<void>;
}

/** How long worker threads may take: they may be blocked outside JavaScript. */
const WORKERS_MS = 400;

const MAIN = `globalThis[Symbol.for(${JSON.stringify(PROFILER_KEY)})]`;

/**
 * Visits of the control thread to the main thread, by the inspector: it interrupts JavaScript that is busy, and no
 * microtask or timer of the program runs on its account.
 *
 * A session is opened for each visit and closed again: an open one keeps the process from exiting ("Waiting for the
 * debugger to disconnect..."). The words `exiting` and `connected` keep the two apart.
 */
export function createVisits(shared: SharedState): Visits {
  let last: Promise<unknown> = Promise.resolve();

  async function visit(expression: string): Promise<unknown> {
    Atomics.store(shared, WORD.connected, 1);
    let session: Session | undefined;
    try {
      if (Atomics.load(shared, WORD.exiting) === 1) return undefined;
      session = new Session();
      session.connectToMainThread();
      return await evaluate(session, expression);
    } catch {
      return undefined;
    } finally {
      session?.disconnect();
      Atomics.store(shared, WORD.connected, 0);
      Atomics.notify(shared, WORD.connected);
    }
  }

  async function checkpoint(occasion: Occasion): Promise<number> {
    const reply = (await visit(`${MAIN}.checkpointAll(${JSON.stringify(occasion)})`)) as Checkpoint | undefined;
    const end = performance.now() + WORKERS_MS;
    for (const slot of reply?.slots ?? []) {
      while (isPending(shared, slot, 'written') && performance.now() < end)
        await new Promise((done) => setTimeout(done, 1));
    }
    return reply?.cost ?? 0;
  }

  /** One at a time. */
  function queue<Result>(action: () => Promise<Result>): Promise<Result> {
    const result = last.then(action);
    last = result;
    return result;
  }

  return {
    checkpoint: (occasion) => queue(() => checkpoint(occasion)),
    async stop() {
      await queue(() => visit(`${MAIN}.stopAll()`));
    },
  };
}

function evaluate(session: Session, expression: string): Promise<unknown> {
  return new Promise((done, fail) => {
    session.post('Runtime.evaluate', { expression, returnByValue: true }, (error, reply) => {
      if (error) fail(error);
      else done(reply.result.value);
    });
  });
}
