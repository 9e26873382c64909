/** The one environment variable that hands {@link Settings} to the preload. */
export const SETTINGS_VARIABLE = 'PFORGE_PROF_V8';

/** What each thread samples. */
export type Sampling =
  | {
      readonly what: 'cpu';
      /** Microseconds between two samples. */
      readonly intervalMicros: number;
    }
  | {
      readonly what: 'allocations';
      /** Mean bytes between two samples. */
      readonly interval: number;
      /** Only objects that are alive when it is written, instead of all that were allocated. */
      readonly live: boolean;
      /** V8 inlines nothing, so that every function has its own. */
      readonly noInlining: boolean;
    }
  | ({ readonly what: 'snapshots' } & SnapshotTimes);

/** What is sampled in profiles of functions, as against snapshots of objects. */
export type FunctionSampling = Exclude<Sampling, { what: 'snapshots' }>;

/** When the heap is written whole. */
export interface SnapshotTimes {
  readonly atEnd: boolean;
  /** Milliseconds from one to the next. */
  readonly everyMs?: number;
  /** How many at most where the heap comes near its limit. */
  readonly nearLimit?: number;
  /** When the process gets this signal. */
  readonly signal?: NodeJS.Signals;
  /** Of worker threads too. */
  readonly workers: boolean;
  /** Even where the memory may not suffice. */
  readonly force: boolean;
}

/** Why threads write: time is over; somebody wants what there is; a snapshot is asked for by a signal; the end. */
export type Occasion = 'interval' | 'flush' | 'asked' | 'last';

/** What the collector tells the preload, as JSON in {@link SETTINGS_VARIABLE}. */
export interface Settings {
  /** Private folder, absolute: profiles go there. */
  readonly dir: string;
  /** Path of the unix socket that the collector listens on. */
  readonly line: string;
  readonly sampling: Sampling;
  /** Milliseconds to the first checkpoint; later ones come at growing distances. */
  readonly checkpointMs: number;
  /** Our token in NODE_OPTIONS, to take out of the program's sight and to give to node children. */
  readonly nodeOption: string;
}

/** Symbol.for key, on the global object of each profiled thread, of what other threads may call. */
export const PROFILER_KEY = 'pforge-prof.v8-cpu.profiler';

/** In the name of the file that tells of a snapshot which was not taken. */
export const NO_MEMORY = 'ENOMEM';

/** How long a process may take to write its snapshot before it ends. */
export const SNAPSHOT_MS = 600_000;

/** Undefined where the value is missing or not ours to read. */
export function parseSettings(json: string | undefined): Settings | undefined {
  if (json === undefined) return undefined;
  try {
    const settings = JSON.parse(json);
    return typeof settings.dir === 'string' &&
      typeof settings.sampling === 'object' &&
      typeof settings.nodeOption === 'string'
      ? settings
      : undefined;
  } catch {
    return undefined;
  }
}
