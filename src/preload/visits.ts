import { Session } from 'node:inspector';
import { PROFILER_KEY } from './settings.ts';
import { type SharedState, WORD } from './shared-state.ts';

export interface Visits {
  /** Has the main thread and all worker threads write what they have. @returns milliseconds the slowest thread took */
  checkpoint(): Promise<number>;
  /** Has worker threads write what they have: one, or all. */
  flushWorkers(threadId: number | undefined): Promise<void>;
  /** Loads the preload into worker threads that run without it (`execArgv` or `env` given to them). */
  inject(): Promise<void>;
  /** Ends all sampling. */
  stop(): Promise<void>;
}

interface Errand {
  /** Expression for the main thread; undefined: only worker threads. */
  readonly main: string | undefined;
  /** Expression for worker threads; it may use `require`. */
  readonly workers: string;
  /** Undefined: all. */
  readonly threadId: number | undefined;
}

/** How long worker threads may take to show up and to answer: they may be blocked outside JavaScript. */
const WORKERS_MS = 400;

/**
 * Errands to the other threads of this process, by the inspector. It interrupts JavaScript that is busy, and no
 * microtask or timer of the program runs on its account.
 *
 * A session with the main thread is opened for each visit and closed again: an open one keeps the process from exiting
 * ("Waiting for the debugger to disconnect..."). The words `exiting` and `connected` keep the two apart.
 */
export function createVisits(options: { shared: SharedState; preload: string; ownThreadId: number }): Visits {
  const { shared, preload, ownThreadId } = options;
  const profiler = `globalThis[Symbol.for(${JSON.stringify(PROFILER_KEY)})]`;
  const checkpointHere = `${profiler}?.checkpoint() ?? -1`;
  const stopHere = `${profiler}?.stop(), -1`;
  const injectHere = `${profiler} ?? require(${JSON.stringify(preload)}), -1`;
  let last: Promise<unknown> = Promise.resolve();

  /** One visit at a time. */
  function run(errand: Errand): Promise<number> {
    const visit = last.then(() => visitThreads(errand));
    last = visit;
    return visit;
  }

  async function visitThreads({ main, workers, threadId }: Errand): Promise<number> {
    Atomics.store(shared, WORD.connected, 1);
    let session: Session | undefined;
    try {
      if (Atomics.load(shared, WORD.exiting) === 1) return 0;
      session = new Session();
      session.connectToMainThread();
      const costs = await Promise.all([
        main === undefined ? 0 : evaluate(session, main),
        Atomics.load(shared, WORD.workers) > 0 ? visitWorkers(session, workers, threadId) : 0,
      ]);
      return Math.max(...costs);
    } catch {
      return 0;
    } finally {
      session?.disconnect();
      Atomics.store(shared, WORD.connected, 0);
      Atomics.notify(shared, WORD.connected);
    }
  }

  /** By the NodeWorker domain: a session within the session for each worker thread. */
  function visitWorkers(session: Session, expression: string, threadId: number | undefined): Promise<number> {
    return new Promise((done) => {
      const expected = threadId === undefined ? Atomics.load(shared, WORD.workers) : 1;
      let cost = 0;
      let answers = 0;
      const timer = setTimeout(() => done(cost), WORKERS_MS);
      const params = { expression, includeCommandLineAPI: true, returnByValue: true };
      const message = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params });
      session.on('NodeWorker.attachedToWorker', ({ params: { sessionId, workerInfo } }) => {
        // `[worker 3] name`; workerId is a count of its own.
        const id = Number(/^\[worker (\d+)\]/.exec(workerInfo.title)?.[1]);
        if (id === ownThreadId || (threadId !== undefined && id !== threadId)) return;
        session.post('NodeWorker.sendMessageToWorker', { sessionId, message });
      });
      session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
        const reply = JSON.parse(params.message);
        if (reply.id !== 1) return;
        cost = Math.max(cost, Number(reply.result?.result?.value) || 0);
        if (++answers < expected) return;
        clearTimeout(timer);
        done(cost);
      });
      session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
    });
  }

  const everywhere = (expression: string): Errand => ({ main: expression, workers: expression, threadId: undefined });
  return {
    checkpoint: () => run(everywhere(checkpointHere)),
    async flushWorkers(threadId) {
      await run({ main: undefined, workers: checkpointHere, threadId });
    },
    async inject() {
      await run({ main: undefined, workers: injectHere, threadId: undefined });
    },
    async stop() {
      await run(everywhere(stopHere));
    },
  };
}

function evaluate(session: Session, expression: string): Promise<number> {
  return new Promise((done, fail) => {
    session.post('Runtime.evaluate', { expression, returnByValue: true }, (error, reply) => {
      if (error) fail(error);
      else done(Number(reply.result.value) || 0);
    });
  });
}
