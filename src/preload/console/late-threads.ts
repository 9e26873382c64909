import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Session } from 'node:inspector';
import type { Worker } from 'node:worker_threads';
import type { AgentSettings } from './messages.ts';

/** On the threads of our own, whichever console they belong to. */
const OWN = Symbol.for('pforge-prof.console.own');
const CHANNEL = 'worker_threads';
/** Threads whose numbers a note has room for. */
const MOST_NAMED = 5;
/** How long a thread may take to let the agent in: it may be busy. Milliseconds. */
const ENTER_MS = 10_000;

/** Makes a thread one that nobody need be told of. */
export function hideThread(worker: Worker): void {
  Object.defineProperty(worker, OWN, { value: true });
}

/** What is evaluated in a thread that runs, to put the agent into it. @param script path of the agent */
export function attachExpression(script: string, settings: AgentSettings): string {
  const load = "(process.getBuiltinModule?.('module').createRequire('/') ?? require)";
  return `${load}(${JSON.stringify(script)}).attach(${JSON.stringify(settings)})`;
}

/**
 * Puts the agent into the threads that a process starts after it was attached to: without `--require` in its options they do not
 * load it themselves. To get into a thread that is only beginning would break it, so its first moments are not seen.
 * @param unseen runs what is not to be watched
 */
export function followLateThreads(
  settings: AgentSettings,
  unseen: (action: () => void) => void,
): { notes(): string[]; stop(): void } {
  const expression = attachExpression(__filename, settings);
  const sessions = new Set<Session>();
  let outside: WeakRef<Worker>[] = [];
  let isOver = false;
  const enter = (worker: Worker): void => {
    if (isOver || OWN in worker || worker.threadId < 0) return;
    const session = new Session();
    sessions.add(session);
    const end = (isIn: boolean): void => {
      if (!sessions.delete(session)) return;
      clearTimeout(timer);
      if (!isIn) outside.push(new WeakRef(worker));
      setImmediate(() => session.disconnect());
    };
    const timer = setTimeout(() => end(false), ENTER_MS);
    timer.unref();
    try {
      session.connect();
      evaluateIn(session, worker.threadId, expression, end);
    } catch {
      end(false);
    }
  };
  const see = (message: unknown): void => {
    const { worker } = message as { readonly worker: Worker };
    worker.once('online', () => unseen(() => enter(worker)));
  };
  subscribe(CHANNEL, see);
  return {
    notes() {
      // One that has ended has lost its number
      outside = outside.filter((ref) => (ref.deref()?.threadId ?? -1) >= 0);
      const threads = outside.map((ref) => ref.deref()!);
      if (threads.length === 0) return [];
      const numbers = threads.slice(0, MOST_NAMED).map(({ threadId }) => threadId);
      const more = threads.length > MOST_NAMED ? ` and ${threads.length - MOST_NAMED} more` : '';
      const which = threads.length === 1 ? `thread ${numbers[0]} is` : `threads ${numbers.join(', ')}${more} are`;
      return [`worker ${which} not watched, as the agent could not get in: leave and attach again to see it all`];
    },
    stop() {
      isOver = true;
      unsubscribe(CHANNEL, see);
      for (const session of sessions) session.disconnect();
      sessions.clear();
    },
  };
}

/** By node's NodeWorker domain. @param done with whether it was evaluated without an error; not called where nobody answers */
function evaluateIn(session: Session, thread: number, expression: string, done: (isDone: boolean) => void): void {
  session.on('NodeWorker.attachedToWorker', ({ params: { sessionId, workerInfo } }) => {
    if (Number(/worker (\d+)/i.exec(workerInfo.title)?.[1]) !== thread) return;
    const message = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } });
    session.post('NodeWorker.sendMessageToWorker', { sessionId, message });
  });
  session.on('NodeWorker.receivedMessageFromWorker', ({ params: { message } }) => {
    const { id, result } = JSON.parse(message) as { id?: number; result?: { exceptionDetails?: unknown } };
    if (id === 1) done(result !== undefined && result.exceptionDetails === undefined);
  });
  session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
}
