/**
 * What the agent in the watched process and the console say to each other: one JSON object a line on a unix socket. Times
 * are nanoseconds of the monotonic clock (`process.hrtime`) unless a name says otherwise.
 */

/** The one environment variable that hands {@link AgentSettings} to the preload. */
export const CONSOLE_VARIABLE = 'PFORGE_PROF_CONSOLE';

/** Key of the settings in the environment data of worker_threads, which all worker threads inherit. */
export const CONSOLE_THREAD_KEY = 'pforge-prof.console';

/** What the console asks of the agent. */
export interface AgentSettings {
  /** Path of the unix socket that the console listens on. */
  readonly line: string;
  /** Tells this console's agent in a process from that of another console. */
  readonly token: string;
  /** Path of the script of the watching thread. */
  readonly watcher: string;
  /** Our token in NODE_OPTIONS, to take out of the program's sight; undefined in a process that is attached to. */
  readonly nodeOption?: string;
  /** Hooks on all the time, and a stack of each operation: whatever that costs. */
  readonly all: boolean;
  /** Callbacks that hold the loop for longer are looked into; 0: none. */
  readonly blockingMs: number;
  /** Milliseconds from one report to the next. */
  readonly reportMs: number;
}

/** One call of a stack as V8 gives it: not mapped to sources yet; 1-based. */
export type RawPlace = readonly [name: string, file: string, line: number, column: number];

/** All operations of one type that were created at one place: sums since watching began, scaled up to all there were. */
export interface GroupReport {
  readonly id: number;
  /** The async_hooks type. */
  readonly type: string;
  /** Innermost call first; empty where nobody watched when it was created. */
  readonly stack: readonly RawPlace[];
  readonly parent?: number;
  readonly created: number;
  readonly live: number;
  /** How many operations `live` is told from. */
  readonly seenLive: number;
  /** Alive for longer than {@link OLD_NS}. */
  readonly liveOld: number;
  readonly oldest: number;
  readonly total: number;
  readonly busy: number;
  readonly polls: number;
  readonly longest: number;
  /** Polls by duration, see {@link POLL_BOUNDS}. */
  readonly pollTimes: readonly number[];
  /** Of timers: how often one was set by the callback of one of the same group. */
  readonly reset: number;
  /** Of timers: milliseconds it was set to the last time, and whether it repeats. */
  readonly delay?: number;
  readonly repeats?: boolean;
  /** How many of those seen alive keep the process from ending. */
  readonly keepAlive: number;
  readonly running: boolean;
  readonly estimate: boolean;
}

/** Alive for so long is old: ten seconds. */
export const OLD_NS = 10e9;

/** Upper bounds of the bins of poll times: nanoseconds, powers of two from a microsecond to four seconds; the last bin has no end. */
export const POLL_BOUNDS: readonly number[] = [...Array.from({ length: 23 }, (_, i) => 1000 * 2 ** i), Infinity];

/** Handles of one kind and one end: what `process._getActiveHandles` tells. */
export interface HandleReport {
  readonly kind: string;
  readonly type: string;
  /** Where it leads to, or listens: `127.0.0.1:5432`, a path, a command. */
  readonly name: string;
  readonly live: number;
  /** Of sockets: since watching began, those that were open then included. */
  readonly opened?: number;
  readonly keepAlive: number;
  readonly details: readonly (readonly [key: string, value: string])[];
}

/** What one thread tells, about once a second. */
export interface ThreadReport {
  readonly t: 'report';
  readonly thread: number;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Those that changed since the last report; all after `full`. */
  readonly groups: readonly GroupReport[];
  readonly full: boolean;
  readonly handles: readonly HandleReport[];
  /** node's own words for what is pending, and how many of each. */
  readonly active: readonly (readonly [string, number])[];
  /** Milliseconds of the event loop since the last report. */
  readonly loop: { readonly active: number; readonly idle: number };
  readonly gc: readonly {
    readonly kind: string;
    readonly count: number;
    readonly total: number;
    readonly longest: number;
  }[];
  readonly memory: {
    readonly rss: number;
    readonly heapUsed: number;
    readonly heapTotal: number;
    readonly external: number;
  };
  /** Promises rejected that nobody handled, since watching began, and the last of them. */
  readonly rejections: { readonly count: number; readonly last: string; readonly stack: readonly RawPlace[] };
  /** Part of the time in which hooks were on, and what the agent took of this thread: 0 to 1. */
  readonly on: number;
  readonly cost: number;
  readonly mode: 'windows' | 'all';
  readonly notes: readonly string[];
}

/** A function in CPU samples of the time in which a thread was blocked, heaviest first. */
export interface SampledPath {
  readonly hits: number;
  /** Innermost first; the line of the innermost one is where it was, those of others where the function begins. */
  readonly stack: readonly RawPlace[];
}

/** A callback held a thread for longer than was allowed. */
export interface BlockReport {
  readonly t: 'block';
  readonly thread: number;
  /** Milliseconds since 1970 of its end. */
  readonly time: number;
  /** Without what it waited for a processor. */
  readonly duration: number;
  /** Its stack while it ran, as soon as the engine let us look. */
  readonly stack?: readonly RawPlace[];
  /** From asking to that stack: long where the engine was in native code all the time. */
  readonly waited: number;
  readonly samples?: readonly SampledPath[];
}

export type AgentMessage =
  | {
      readonly t: 'hello';
      readonly pid: number;
      readonly version: string;
      readonly title: string;
      readonly cwd: string;
    }
  | ThreadReport
  | BlockReport
  | {
      readonly t: 'beat';
      /** Nanoseconds beyond what was asked for. */
      readonly delay: {
        readonly p50: number;
        readonly p90: number;
        readonly p99: number;
        readonly p999: number;
        readonly max: number;
      };
      /** CPU seconds a second, all threads; `own` of the watching thread. */
      readonly cpu: number;
      readonly own: number;
      readonly rss: number;
      /** The main thread has been held for so long, and still is; 0: it is not. */
      readonly blocked: number;
      /** Worker threads that tell of themselves. */
      readonly threads: number;
    }
  | { readonly t: 'gone'; readonly thread: number }
  | { readonly t: 'exit'; readonly code: number }
  | { readonly t: 'left' };

export type ConsoleMessage = { readonly t: 'pause' } | { readonly t: 'resume' } | { readonly t: 'leave' };

/** Words that a watched thread shares with the watching one (Int32Array over a SharedArrayBuffer). */
export const WORD = {
  /** 1: take everything out. */
  leave: 0,
  /** 1: it is out. */
  left: 1,
  /** 1: hooks off until further notice. */
  paused: 2,
  /** 1: the next report tells of all groups. */
  full: 3,
  /** 1: the watching thread knows this one. */
  known: 4,
  /** 1: the watching thread is connected to this one's inspector: it must not exit now. */
  connected: 5,
  /** Exit code + 1 once the process exits. */
  exiting: 6,
  /** 1: the console knows of that. */
  told: 7,
  /** How many blocks there have been whose samples are wanted; the times of the last ones are in {@link ThreadHello.times}. */
  blocks: 8,
} as const;

export const WORDS = 16;

/** Blocks whose samples a thread may be asked for at a time. */
export const HELD_BLOCKS = 8;

/** What a thread hands to the watching one to begin with, on the channel for that. */
export interface ThreadHello {
  readonly thread: number;
  /** The kernel's id of it. */
  readonly tid: number;
  readonly words: Int32Array<SharedArrayBuffer>;
  /** Start and end of the last {@link HELD_BLOCKS} blocks whose samples are wanted, in turns: nanoseconds. */
  readonly times: Float64Array<SharedArrayBuffer>;
  /** The delay of its event loop. A clone counts on with the original: a heartbeat that costs the thread no JavaScript. */
  readonly delay: unknown;
}

/** From a watched thread to the watching one. */
export type ThreadMessage =
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'samples'; readonly start: number; readonly samples: readonly SampledPath[] }
  | { readonly kind: 'gone' };

/** What the main thread says when it is asked for its stack. */
export interface StackAnswer {
  /** Its beats then: where there are more than when it was asked, it is no longer held. */
  readonly beats: number;
  readonly stack: readonly RawPlace[];
}

export interface WatcherData {
  readonly settings: AgentSettings;
  readonly main: ThreadHello;
  readonly title: string;
  readonly cwd: string;
}

/** Milliseconds between two beats of {@link ThreadHello.delay}. */
export const BEAT_MS = 10;

/** Symbol.for key, on the global object of a watched thread, of what the watching thread may call there. */
export function agentKey(token: string): string {
  return `pforge-prof.console.${token}`;
}

/**
 * Name of the BroadcastChannel between a thread and the watching one, or of that on which threads say hello: two members at a time,
 * as node refuses to post a histogram to more.
 */
export function channelName(token: string, thread: number | 'hello'): string {
  return `pforge-prof.console.${token}.${thread}`;
}
