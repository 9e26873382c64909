import { monitorEventLoopDelay } from 'node:perf_hooks';
import { BroadcastChannel, isMainThread, threadId, Worker } from 'node:worker_threads';
import { watchCollections } from './collections.ts';
import { Handles } from './handles.ts';
import { followLateThreads, hideThread } from './late-threads.ts';
import {
  type AgentSettings,
  agentKey,
  BEAT_MS,
  channelName,
  HELD_BLOCKS,
  type SampledPath,
  type StackAnswer,
  type ThreadHello,
  type ThreadMessage,
  type ThreadReport,
  type WatcherData,
  WORD,
  WORDS,
} from './messages.ts';
import { Operations } from './operations.ts';
import { currentStack } from './places.ts';
import { countRejections } from './rejections.ts';
import { kernelId } from './run-delay.ts';
import { Samples } from './samples.ts';
import { Windows } from './windows.ts';

/** Requests of the watching thread are looked for so many times from one report to the next, and so often: milliseconds. */
const TICKS = 4;
const LONGEST_TICK_MS = 250;
/** How long an exit may wait for the watching thread. */
const EXIT_MS = 200;
/** Sampling begins with a walk over the heap, a second or so for each of these: not in a process with a larger one. Bytes. */
const LARGE_HEAP = 512 << 20;
/** Samples are taken for so long after the last block that needs them: milliseconds. */
const SAMPLING_MS = 60_000;

const clock = performance;

const COLLECTOR: SampledPath = { hits: 1, stack: [['(garbage collector)', '', 0, 0]] };

/** What the watching thread may call, and a sign that the thread has an agent. */
interface Callable {
  /** JSON of {@link StackAnswer}: what this thread is doing, under the inspector's call. */
  stack(): string;
}

/** Whether an agent of the same console is in this thread. */
export function isWatched({ token }: AgentSettings): boolean {
  return Symbol.for(agentKey(token)) in globalThis;
}

/** Watches this thread until it is told to leave. */
export function startAgent(settings: AgentSettings): void {
  const operations = new Operations(settings.all);
  operations.unseen(() => new ThreadAgent(settings, operations));
}

class ThreadAgent {
  private readonly settings: AgentSettings;
  private readonly operations: Operations;
  private readonly words = new Int32Array(new SharedArrayBuffer(WORDS * 4));
  private readonly times = new Float64Array(new SharedArrayBuffer(16 * HELD_BLOCKS));
  private readonly delay = monitorEventLoopDelay({ resolution: BEAT_MS });
  private readonly channel: BroadcastChannel;
  private readonly collections = watchCollections();
  private readonly rejections = countRejections();
  private readonly handles = new Handles();
  /** Undefined where all threads are watched from their beginning. */
  private readonly late: ReturnType<typeof followLateThreads> | undefined;
  private readonly samples: Samples;
  private readonly windows: Windows;
  private readonly timer: NodeJS.Timeout;
  private readonly tickMs: number;
  private readonly onExit = (code: number): void => this.guarded(() => this.exiting(code));
  private loop = clock.eventLoopUtilization();
  private reported = clock.now();
  private own = 0;
  private blocksSeen = 0;
  private asked = 0;
  private left = false;

  constructor(settings: AgentSettings, operations: Operations) {
    this.settings = settings;
    this.operations = operations;
    const isLaunched = settings.nodeOption !== undefined;
    this.windows = new Windows(operations, settings.all, isLaunched);
    this.late = isLaunched ? undefined : followLateThreads(settings, (action) => this.guarded(action));
    this.samples = new Samples(`pforge-prof ${settings.token}`);
    this.delay.enable();
    this.channel = new BroadcastChannel(channelName(settings.token, threadId));
    // What cannot wait for the next look: to leave, or to pause
    this.channel.onmessage = () => this.tick();
    this.channel.unref();
    const callable: Callable = {
      stack: () => JSON.stringify({ beats: this.delay.count, stack: currentStack(true) ?? [] } satisfies StackAnswer),
    };
    Object.defineProperty(globalThis, Symbol.for(agentKey(settings.token)), { value: callable, configurable: true });
    if (isMainThread) this.startWatcher();
    if (settings.blockingMs > 0 && settings.all) this.samples.start();
    process.on('exit', this.onExit);
    this.tickMs = Math.min(LONGEST_TICK_MS, settings.reportMs / TICKS);
    this.timer = setInterval(() => this.tick(), this.tickMs);
    this.timer.unref();
    operations.own.add(this.timer);
    this.windows.start();
  }

  private get hello(): ThreadHello {
    return { thread: threadId, tid: kernelId(), words: this.words, times: this.times, delay: this.delay };
  }

  private startWatcher(): void {
    const { settings } = this;
    const watcher = new Worker(settings.watcher, {
      workerData: {
        settings,
        main: this.hello,
        title: [process.argv0, ...process.execArgv, ...process.argv.slice(1)].join(' '),
        cwd: process.cwd(),
      } satisfies WatcherData,
      name: 'pforge-prof console',
      // It must not preload itself
      env: {},
      execArgv: [],
      stdout: true,
      stderr: true,
    });
    hideThread(watcher);
    watcher.on('error', () => this.leave());
    watcher.on('exit', () => this.leave());
    watcher.unref();
  }

  private post(message: ThreadMessage): void {
    this.channel.postMessage(message);
  }

  private sayHello(): void {
    const channel = new BroadcastChannel(channelName(this.settings.token, 'hello'));
    try {
      channel.postMessage(this.hello);
    } catch {
      // Another thread is about it, too: later
    } finally {
      channel.close();
    }
  }

  /** What goes wrong in the agent must not be the program's end: then the agent goes. */
  private guarded(action: () => void): void {
    try {
      this.operations.unseen(action);
    } catch {
      try {
        this.leave();
      } catch {
        // It has left as far as it could
      }
    }
  }

  private tick(): void {
    if (this.left) return;
    this.guarded(() => {
      const start = clock.now();
      const { words } = this;
      if (Atomics.load(words, WORD.leave) === 1) {
        this.leave();
        return;
      }
      if (Atomics.load(words, WORD.paused) === 1) this.windows.stop();
      else this.windows.start();
      if (Atomics.load(words, WORD.known) === 0) {
        if (!isMainThread) this.sayHello();
        return;
      }
      this.answerBlocks();
      if (start - this.reported >= this.settings.reportMs - this.tickMs / 2) this.report(start);
      this.own += clock.now() - start;
    });
  }

  /**
   * Says what held this thread where its stack does not: samples, which are taken only from the first such block on, as they
   * cost a tenth of some servers' time.
   */
  private answerBlocks(): void {
    const blocks = Atomics.load(this.words, WORD.blocks);
    if (blocks === this.blocksSeen) {
      const isOver = clock.now() - this.asked > SAMPLING_MS && !this.settings.all;
      if (isOver) this.samples.stop();
      else this.samples.keepShort();
      return;
    }
    const wanted: [from: number, to: number][] = [];
    for (let block = Math.max(this.blocksSeen, blocks - HELD_BLOCKS); block < blocks; block++) {
      const slot = 2 * (block % HELD_BLOCKS);
      wanted.push([this.times[slot]!, this.times[slot + 1]!]);
    }
    this.blocksSeen = blocks;
    const others = wanted.filter(([from, to]) => !this.heldByCollector(from, to));
    const taken = others.length === 0 ? [] : this.samples.taken(others);
    if (others.length > 0) {
      this.asked = clock.now();
      if (process.memoryUsage().heapUsed < LARGE_HEAP) this.samples.start();
    }
    for (const one of wanted) {
      const index = others.indexOf(one);
      this.post({ kind: 'samples', start: one[0], samples: index < 0 ? [COLLECTOR] : (taken[index] ?? []) });
    }
  }

  /** Nothing interrupts the garbage collector, either. */
  private heldByCollector(start: number, end: number): boolean {
    // From the clock that all threads share to that of the observer
    const shift = clock.now() - Number(process.hrtime.bigint()) / 1e6;
    const [from, to] = [start / 1e6 + shift, end / 1e6 + shift];
    return this.collections.within(from, to) > (to - from) / 2;
  }

  private report(time: number): void {
    const { operations } = this;
    const elapsed = time - this.reported;
    this.reported = time;
    operations.sweep();
    const full = Atomics.exchange(this.words, WORD.full, 0) === 1;
    const loop = clock.eventLoopUtilization(this.loop);
    this.loop = clock.eventLoopUtilization();
    const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
    const { on, cost } = this.windows.share();
    const active = new Map<string, number>();
    for (const name of process.getActiveResourcesInfo()) active.set(name, (active.get(name) ?? 0) + 1);
    const report: ThreadReport = {
      t: 'report',
      thread: threadId,
      name: isMainThread ? 'main' : `worker ${threadId}`,
      time: Date.now(),
      groups: operations.report(full),
      full,
      handles: this.handles.report(),
      active: [...active],
      loop: { active: loop.active, idle: loop.idle },
      gc: this.collections.taken(),
      memory: { rss, heapUsed, heapTotal, external },
      rejections: this.rejections.seen(),
      on,
      cost: cost + this.own / elapsed,
      mode: this.settings.all ? 'all' : 'windows',
      notes: [...operations.notes(), ...(this.late?.notes() ?? [])],
    };
    this.own = 0;
    this.post({ kind: 'line', line: JSON.stringify(report) });
  }

  private exiting(code: number): void {
    if (this.left) return;
    this.windows.stop();
    if (!isMainThread) {
      this.post({ kind: 'gone' });
      return;
    }
    const { words } = this;
    Atomics.store(words, WORD.exiting, code + 1);
    Atomics.notify(words, WORD.exiting);
    // The inspector would have the process wait for the watching thread, and say so
    const end = clock.now() + EXIT_MS;
    const waits = (): boolean => Atomics.load(words, WORD.connected) === 1 || Atomics.load(words, WORD.told) === 0;
    while (waits() && clock.now() < end) Atomics.wait(words, WORD.told, 0, 2);
  }

  /** Takes everything out again. */
  private leave(): void {
    if (this.left) return;
    this.left = true;
    this.windows.stop();
    clearInterval(this.timer);
    process.removeListener('exit', this.onExit);
    this.collections.stop();
    this.rejections.stop();
    this.handles.stop();
    this.late?.stop();
    this.samples.stop();
    this.delay.disable();
    this.channel.close();
    Reflect.deleteProperty(globalThis, Symbol.for(agentKey(this.settings.token)));
    Atomics.store(this.words, WORD.left, 1);
  }
}
