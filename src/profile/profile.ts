/**
 * The one profile model: columnar and hash-consed, in the spirit of pprof's profile.proto and the Firefox processed
 * profile. Strings, frames and stacks are stored once and named by integers; samples are columns.
 *
 * A stack is a node of a prefix tree: the frame itself plus the index of its caller. Callers come before callees
 * (`parent[i] < i`), so "sum everything below" is one backward loop and depth is never recursion.
 *
 *     strings  0 ""   1 "main"   2 "parse"
 *     frames   0 main            1 parse
 *     stacks   0 main (-1)       1 parse (0)          <- "main;parse" is stack 1
 *     samples  stack [1, 0]      values [[3, 1]]      <- main;parse 3, main 1
 */
export interface Profile {
  /** What is measured, e.g. `{ type: 'samples', unit: 'count' }`. The last one is the default weight, as in pprof. */
  readonly valueTypes: readonly ValueType[];
  /** Interned; `strings[0]` is `''`, which means "unknown". */
  readonly strings: readonly string[];
  readonly frames: FrameTable;
  readonly stacks: StackTable;
  readonly samples: SampleTable;
  readonly threads: readonly Thread[];
  readonly counters: readonly Counter[];
  readonly series: readonly Series[];
  readonly meta: Meta;
}

export interface ValueType {
  /** e.g. `samples`, `cpu`, `cpu-clock`, `cycles`, `alloc_space`. */
  readonly type: string;
  /** e.g. `count`, `nanoseconds`, `bytes`. */
  readonly unit: string;
}

/** Where a frame's code comes from; decides its colour and the "kinds" summary. Stored as an index into this list. */
export const KINDS = [
  'unknown',
  'app',
  'dependency',
  'runtime',
  'native',
  'kernel',
  'jit',
  'gc',
  'inlined',
  'builtin',
  'wasm',
] as const;
export type Kind = (typeof KINDS)[number];

/** How a just-in-time compiler ran the frame. V8: Ignition, Sparkplug, Maglev, TurboFan. Index into this list. */
export const TIERS = ['none', 'interpreted', 'baseline', 'mid', 'optimized'] as const;
export type Tier = (typeof TIERS)[number];

/** Row i of every column is frame i. `name`, `file`, `module` are indexes into `strings`. */
export interface FrameTable {
  readonly length: number;
  readonly name: Int32Array;
  readonly file: Int32Array;
  /** 1-based; 0 = unknown. For JavaScript, the line on which the function starts. */
  readonly line: Int32Array;
  /** 1-based; 0 = unknown. */
  readonly column: Int32Array;
  /** The binary or shared library (perf: dso). */
  readonly module: Int32Array;
  /** Index into {@link KINDS}. */
  readonly kind: Uint8Array;
  /** Index into {@link TIERS}. */
  readonly tier: Uint8Array;
}

export interface StackTable {
  readonly length: number;
  /** The caller's stack, -1 for a root. Always smaller than the row's own index. */
  readonly parent: Int32Array;
  readonly frame: Int32Array;
}

/**
 * Weights, one a sample: exact to 2^53, and narrow where all numbers fit, as there may be millions (bytes for ones,
 * Int32 for small whole numbers, else Float64). Which of them says nothing about the weights, so sums and products go
 * into a column of their own.
 */
export type WeightColumn = Float64Array | Int32Array | Uint8Array;

export interface SampleTable {
  readonly length: number;
  /** The leaf's stack; -1 where the profiler gave no stack at all. */
  readonly stack: Int32Array;
  /** One column per value type, in the order of `valueTypes`. */
  readonly values: readonly WeightColumn[];
  /** Nanoseconds on the profiler's clock. Some readers work it out when it is first asked for. */
  readonly time?: Float64Array;
  /** Index into `threads`, -1 = unknown. */
  readonly thread?: Int32Array;
}

export interface Thread {
  /** -1 = unknown. */
  readonly pid: number;
  /** -1 = unknown. */
  readonly tid: number;
  /** The process's name; '' = unknown. */
  readonly process: string;
  /** The thread's own name (perf: comm). */
  readonly name: string;
}

/** The counter that holds the time (or samples) in which a thread had nothing to do. */
export const IDLE_COUNTER = 'idle';

/** One event count (perf stat), or what a profiler counted beside the samples. */
export interface Counter {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly variance?: number;
  readonly runs?: number;
  readonly percentRunning?: number;
  readonly supported: boolean;
}

/** A quantity over time: heap by massif, RSS, event-loop delay. */
export interface Series {
  readonly name: string;
  readonly unit: string;
  /** Since the start of the recording: nanoseconds, unless `timeUnit` says what else. */
  readonly time: Float64Array;
  /** What time is measured in where that is no time: `instructions`, `bytes` (massif). */
  readonly timeUnit?: string;
  readonly value: Float64Array;
}

export interface Meta {
  /** The profiler that measured, e.g. `perf 6.1`, `v8-cpu`. */
  readonly tool?: string;
  /** The format it was read from. */
  readonly format?: string;
  readonly command?: readonly string[];
  /** Milliseconds since the epoch. */
  readonly startTime?: number;
  /** Nanoseconds. */
  readonly duration?: number;
  /** Nanoseconds between samples, where the profiler says so. */
  readonly sampleInterval?: number;
  readonly host?: string;
  /** In the default weight: paths of less than this may be missing, as the input is a drawing that left them out. */
  readonly cut?: number;
  /** What was lost, guessed or repaired on the way here; shown to the person. */
  readonly notes: readonly string[];
}

/** Index of the value type that is drawn when nobody chooses: the last one, as in pprof. */
export function defaultValueIndex(profile: Profile): number {
  return profile.valueTypes.length - 1;
}
