/**
 * What is known of a watched program at one moment: the one shape that the node agent and tokio's console-subscriber fill,
 * that the screen draws, `--once` and `--json` print and `--record` keeps. Times are nanoseconds unless a name says otherwise;
 * ids are texts, as tokio's exceed 2^53.
 */
export interface ConsoleSnapshot {
  readonly version: 1;
  /** When it was taken: milliseconds since 1970. */
  readonly time: number;
  readonly target: ConsoleTarget;
  /** `ended`: the program is gone, and this is the last that was seen of it. */
  readonly state: 'running' | 'paused' | 'ended';
  readonly tasks: readonly TaskRow[];
  readonly resources: readonly ResourceRow[];
  readonly blocking: readonly BlockingRow[];
  /** Undefined where the source measures none (tokio). */
  readonly loop?: LoopFigures;
  /** What watching costs the program, as measured in it; undefined where the source does not say. */
  readonly cost?: WatchingCost;
  /** Warnings of the program as a whole: unhandled rejections, what keeps it alive. */
  readonly warnings: readonly Warning[];
  /** What was lost or guessed, in words: dropped events, a full table. */
  readonly notes: readonly string[];
}

export interface ConsoleTarget {
  readonly source: 'node' | 'tokio';
  /** Command line, or the address of the subscriber. */
  readonly title: string;
  readonly pid?: number;
  /** `v20.20.2`; of tokio `tokio 1.24.2`, where the program lets it be known. */
  readonly runtime?: string;
  /** Threads of a node program that are watched, the main one included. */
  readonly threads?: number;
}

/** Kinds of {@link Warning}; the first five are tokio-console's. */
export type WarningKind =
  | 'self-wakes'
  | 'lost-waker'
  | 'never-yields'
  | 'auto-boxed-future'
  | 'large-future'
  | 'long-poll'
  | 'never-resolved'
  | 'rescheduling-timer'
  | 'keeps-alive'
  | 'growing'
  | 'unhandled-rejection';

export interface Warning {
  readonly kind: WarningKind;
  /** One sentence with its numbers: what is wrong, and what to do. */
  readonly text: string;
}

/** A place in a source file; 1-based. */
export interface SourcePlace {
  /** '' where it is not known. */
  readonly function: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Of node: all asynchronous operations of one type that were created at one place. Of tokio: one task. */
export interface TaskRow {
  /** Stays the same from one snapshot to the next. */
  readonly id: string;
  /** Of node: the async_hooks type (`PROMISE`, `Timeout`, `TCPWRAP`); of tokio: `task`, `blocking`, `local`... */
  readonly kind: string;
  /** Name of a tokio task; of node the function that creates it. */
  readonly name: string;
  /** Of a group: `running` while one of it is on the loop, `idle` while one lives, else `completed`. */
  readonly state: 'running' | 'scheduled' | 'idle' | 'completed';
  readonly place?: SourcePlace;
  /** Where it was created, innermost call first; filled as far as it is known. */
  readonly stack: readonly SourcePlace[];
  /** Thread of node it was created in; 0 is the main one. */
  readonly thread?: number;
  /** Operations of it; of a tokio task 1. */
  readonly created: number;
  readonly live: number;
  /** Sum over its operations of the time from creation to end, or now. */
  readonly total: number;
  /** On the loop or a worker. */
  readonly busy: number;
  /** Woken and not polled yet; 0 of node. */
  readonly scheduled: number;
  /** total - busy - scheduled. */
  readonly idle: number;
  readonly polls: number;
  /** Of tokio the longest that was seen: of a task that is not in detail, at least that long. */
  readonly longestPoll: number;
  /** Of poll durations; of tokio where the task is in detail (`details` of a source). */
  readonly pollTimes?: DurationHistogram;
  /** Of times from a wake to its poll (tokio). */
  readonly scheduledTimes?: DurationHistogram;
  /** Of tokio. `wakers`: how many there are of it now; `last`: nanoseconds since it was last woken. */
  readonly wakes?: { readonly total: number; readonly self: number; readonly wakers: number; readonly last?: number };
  /** Counts and times were scaled up from windows in which all was seen. */
  readonly isEstimate: boolean;
  readonly fields: readonly Field[];
  readonly warnings: readonly Warning[];
  /** The id of the task or group that created it, where that is known: chains of them are async stacks. */
  readonly parent?: string;
}

/** `key=value`, as tokio's fields and attributes and the details of node's handles. */
export interface Field {
  readonly key: string;
  readonly value: string;
}

/** Of node: all handles or requests of one kind and place; of tokio: one resource. */
export interface ResourceRow {
  readonly id: string;
  readonly parent?: string;
  /** `socket`, `server`, `timer`, `file`, `dns`, `child`, `worker`, `lock`..., or tokio's kind. */
  readonly kind: string;
  /** Concrete type: `TCPSocketWrap`, `tokio::sync::Mutex`. */
  readonly type: string;
  readonly place?: SourcePlace;
  readonly opened: number;
  readonly closed: number;
  readonly live: number;
  /** Time it, or its oldest that lives, has been open. */
  readonly age: number;
  /** Keeps the event loop from ending. */
  readonly keepsAlive?: boolean;
  readonly isEstimate: boolean;
  readonly attributes: readonly Field[];
  /** Tasks waiting for it or using it (tokio). */
  readonly operations: readonly ResourceOperation[];
}

/** An operation on a resource: tokio's async ops. */
export interface ResourceOperation {
  readonly id: string;
  /** The operation that it is a part of. */
  readonly parent?: string;
  /** The id of the task that waits for it. */
  readonly task?: string;
  /** What was called: `Mutex::lock`. */
  readonly source: string;
  readonly total: number;
  readonly busy: number;
  readonly polls: number;
  readonly attributes: readonly Field[];
}

/** Callbacks that held an event loop for too long, by where they were when they did. */
export interface BlockingRow {
  readonly id: string;
  /** Innermost call first: what the program was doing. Its first place with a file is the culprit. */
  readonly stack: readonly SourcePlace[];
  readonly thread: number;
  readonly count: number;
  readonly total: number;
  readonly longest: number;
  /** Milliseconds since 1970 of the last one. */
  readonly last: number;
}

/** Of the main event loop since the last snapshot. */
export interface LoopFigures {
  /** Delay beyond what was asked for. */
  readonly delay: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly p999: number;
    readonly max: number;
  };
  /** 0 to 1. */
  readonly utilization: number;
  readonly gc: readonly {
    readonly kind: string;
    readonly count: number;
    readonly total: number;
    readonly longest: number;
  }[];
  /** Bytes. */
  readonly memory: {
    readonly rss: number;
    readonly heapUsed: number;
    readonly heapTotal: number;
    readonly external: number;
  };
  /** CPU seconds used a second, all threads. */
  readonly cpu: number;
}

interface WatchingCost {
  /** `windows`: hooks are on for a part of the time. */
  readonly mode: 'windows' | 'all';
  /** Part of the program's time that hooks and agent took, 0 to 1. */
  readonly share: number;
}

/** Durations counted in rising bins. */
export interface DurationHistogram {
  /** Upper bounds of the bins, ns, rising; the last may be Infinity (written as null in JSON). */
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  readonly max: number;
}
