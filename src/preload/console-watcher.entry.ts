/**
 * The watching thread of `console`: holds the line to the console, sees by their heartbeats which threads of the program
 * are held, and asks the main thread for its stack then. Runs in the watched process, apart from the program.
 */
import { Session } from 'node:inspector';
import { connect } from 'node:net';
import { BroadcastChannel, workerData } from 'node:worker_threads';
import {
  type AgentMessage,
  agentKey,
  BEAT_MS,
  type ConsoleMessage,
  channelName,
  type StackAnswer,
  type ThreadHello,
  type ThreadMessage,
  type WatcherData,
  WORD,
} from './console/messages.ts';
import { kernelId, RunDelay } from './console/run-delay.ts';
import { WatchedThread } from './console/watched-thread.ts';

const { settings, main: mainHello, title, cwd } = workerData as WatcherData;
const limit = settings.blockingMs * 1e6;
/** A console that does not read gets no more until it does: bytes. */
const MOST_WAITING = 8 << 20;
/** A turn of the event loop of this thread comes so many times from one report to the next, and so often: milliseconds. */
const TURNS = 4;
const LONGEST_TURN_MS = 250;
const turnMs = Math.min(LONGEST_TURN_MS, settings.reportMs / TURNS);
/** How long threads may take to take everything out: they may be busy. */
const LEAVE_MS = 3_000;

// A word on the standard streams of this thread would keep the process alive, and is nobody's to read.
process.emitWarning = () => {};

const main = new WatchedThread(mainHello);
const threads = new Map<number, WatchedThread>();
const channels = new Map<number, BroadcastChannel>();
const hellos = new BroadcastChannel(channelName(settings.token, 'hello'));
const line = connect(settings.line);
let leaving = false;
let cpu = process.cpuUsage();
const self = new RunDelay(kernelId());
let beat = performance.now();

function send(message: AgentMessage, done?: () => void): void {
  if (!line.destroyed) line.write(`${JSON.stringify(message)}\n`, done);
}

line.on('connect', () => send({ t: 'hello', pid: process.pid, version: process.version, title, cwd }));
line.on('error', () => {});
line.on('close', () => leave());
let text = '';
line.setEncoding('utf8');
line.on('data', (piece: string) => {
  text += piece;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
    const { t } = JSON.parse(text.slice(0, end)) as ConsoleMessage;
    text = text.slice(end + 1);
    if (t === 'leave') leave();
    else tell(WORD.paused, t === 'pause' ? 1 : 0);
  }
});

hellos.onmessage = (event: unknown) => follow((event as { data: ThreadHello }).data);
follow(mainHello);

/** Writes a word of all threads, and has them look at it now. */
function tell(word: number, value: number): void {
  for (const { words } of threads.values()) Atomics.store(words, word, value);
  for (const channel of channels.values()) channel.postMessage('look');
}

/** Listens to a thread, and watches it. */
function follow(hello: ThreadHello): void {
  const { thread } = hello;
  if (threads.has(thread)) return;
  const watched = thread === 0 ? main : new WatchedThread(hello);
  const channel = new BroadcastChannel(channelName(settings.token, thread));
  threads.set(thread, watched);
  channels.set(thread, channel);
  channel.onmessage = (event: unknown) => {
    const message = (event as { data: ThreadMessage }).data;
    if (message.kind === 'line') {
      // Whoever is not read to its end must be told whole again
      if (line.writableLength < MOST_WAITING) line.write(`${message.line}\n`);
      else Atomics.store(watched.words, WORD.full, 1);
    } else if (message.kind === 'samples') {
      watched.sampled(message.start, message.samples, send);
    } else {
      gone(watched);
    }
  };
  Atomics.store(watched.words, WORD.known, 1);
}

function gone(watched: WatchedThread): void {
  const { thread } = watched;
  if (!threads.delete(thread)) return;
  watched.close();
  channels.get(thread)?.close();
  channels.delete(thread);
  send({ t: 'gone', thread });
}

setTimeout(watch, BEAT_MS);

/**
 * Looks at all threads every few milliseconds. A turn of the event loop for each look costs several times as much as a wait
 * for a word that nobody writes until the process exits, so there are some of those to a turn, as long as nobody is about to answer.
 */
function watch(): void {
  const isWaiting = (): boolean =>
    leaving || limit === 0 || line.connecting || Atomics.load(main.words, WORD.connected) === 1;
  const end = performance.now() + turnMs;
  for (;;) {
    const code = Atomics.load(main.words, WORD.exiting);
    if (code > 0) {
      exits(code - 1);
      return;
    }
    let isCalm = true;
    for (const thread of threads.values()) isCalm = thread.look(leaving ? 0 : limit, ask, send) && isCalm;
    if (!leaving && performance.now() - beat >= settings.reportMs) tellBeat();
    if (performance.now() >= end || isWaiting()) break;
    Atomics.wait(main.words, WORD.exiting, 0, isCalm ? 2 * BEAT_MS : BEAT_MS);
  }
  if (isWaiting()) setTimeout(watch, limit > 0 || leaving ? BEAT_MS : turnMs);
  else setImmediate(watch);
}

function exits(code: number): void {
  const told = (): void => {
    Atomics.store(main.words, WORD.told, 1);
    Atomics.notify(main.words, WORD.told);
  };
  if (line.destroyed || line.connecting) told();
  else send({ t: 'exit', code }, told);
}

function tellBeat(): void {
  for (const thread of [...threads.values()]) if (thread !== main && thread.isGone) gone(thread);
  const elapsed = performance.now() - beat;
  beat = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  cpu = process.cpuUsage();
  const before = self.ran;
  self.look();
  const { delay, held } = main;
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds - BEAT_MS * 1e6);
  const isEmpty = delay.count === 0;
  const at = (percent: number): number => (isEmpty ? held : late(delay.percentile(percent)));
  send({
    t: 'beat',
    delay: { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: isEmpty ? held : late(delay.max) },
    cpu: (user + system) / 1e3 / elapsed,
    own: (self.ran - before) / 1e6 / elapsed,
    rss: process.memoryUsage.rss(),
    blocked: held > Math.max(limit, 20e6) ? held : 0,
    threads: threads.size,
  });
  // Where it is held just now its beats are still to be compared
  if (main.held < limit || limit === 0) main.resetDelay();
}

/**
 * Has the main thread tell its stack, in the midst of its JavaScript: the inspector interrupts it, nothing is paused, and
 * nobody waits. The session is closed again at once: an open one keeps the process from exiting.
 */
function ask(thread: WatchedThread): void {
  if (thread !== main) return;
  const { words } = main;
  Atomics.store(words, WORD.connected, 1);
  const done = (session: Session | undefined): void => {
    try {
      session?.disconnect();
    } catch {
      // It is gone
    }
    Atomics.store(words, WORD.connected, 0);
    Atomics.notify(words, WORD.told);
  };
  if (Atomics.load(words, WORD.exiting) > 0) {
    done(undefined);
    return;
  }
  const session = new Session();
  try {
    session.connectToMainThread();
  } catch {
    done(undefined);
    return;
  }
  const expression = `globalThis[Symbol.for(${JSON.stringify(agentKey(settings.token))})]?.stack()`;
  session.post('Runtime.evaluate', { expression, returnByValue: true }, (error, reply) => {
    const { value } = error === null ? reply.result : {};
    if (typeof value === 'string') main.answered(JSON.parse(value) as StackAnswer);
    setImmediate(() => done(session));
  });
}

/** Has all threads take everything out, then ends. */
function leave(): void {
  if (leaving) return;
  leaving = true;
  const end = performance.now() + LEAVE_MS;
  tell(WORD.leave, 1);
  const waiting = setInterval(() => {
    const out = [...threads.values()].every(({ words }) => Atomics.load(words, WORD.left) === 1);
    if ((!out && performance.now() < end) || Atomics.load(main.words, WORD.connected) === 1) return;
    clearInterval(waiting);
    for (const thread of threads.values()) thread.close();
    const finish = (): never => process.exit(0);
    if (line.destroyed) finish();
    send({ t: 'left' }, finish);
  }, 10);
}
