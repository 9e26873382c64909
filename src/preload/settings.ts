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
    };

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
