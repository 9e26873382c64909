/** How much is done by one iteration, for numbers such as MiB/s. */
export type Throughput = { readonly bytes: number } | { readonly elements: number };

/** How a benchmark is measured. Times are seconds. Everything is optional; the command line's options are the defaults. */
export interface MeasuringOptions {
  /** How long it runs before anything counts, at least; until it runs steadily, at most five times as long. */
  readonly warmUpTime?: number;
  /** How long a process measures. */
  readonly measurementTime?: number;
  /** At most this many samples a process. */
  readonly sampleSize?: number;
  /** Changes up to this part do not matter: 0.01 is one percent. */
  readonly noiseThreshold?: number;
  /** Probability of a verdict that is wrong. */
  readonly significanceLevel?: number;
  /** A process that takes longer is ended. */
  readonly timeout?: number;
}

/** A benchmark and what stands around it. `Param` is one of `params`, `Input` what the function gets. */
export interface BenchOptions<Param, State, Input> extends MeasuringOptions {
  /** One benchmark for each of these, named by it. */
  readonly params?: readonly Param[];
  /** Done once in each process, before anything runs: opens files, makes tables. May be async. */
  readonly before?: (param: Param) => State | Promise<State>;
  /** Makes the input of each iteration, outside of what is measured. */
  readonly setup?: (state: Awaited<State>, param: Param) => Input;
  /** How many inputs are made ahead at once. Default: as many as a sample needs, 1000 at most. */
  readonly batch?: number;
  /** Done once in each process, after everything. May be async. */
  readonly teardown?: (state: Awaited<State>, param: Param) => unknown;
  /** What one iteration works on. */
  readonly throughput?: Throughput | ((param: Param) => Throughput);
  /** Each iteration is awaited. Default: whether it returns a promise when it is first called. */
  readonly async?: boolean;
}

/** One benchmark, its parameter chosen. */
export interface Definition {
  /** Names of the groups around it, joined with `/`; undefined outside of any. */
  readonly group: string | undefined;
  readonly name: string;
  /** The parameter as text; undefined without parameters. */
  readonly value: string | undefined;
  readonly param: unknown;
  readonly throughput: Throughput | undefined;
  readonly options: BenchOptions<unknown, unknown, unknown>;
  readonly run: (input: unknown) => unknown;
}

/** What the benchmark files of a process have declared. */
export interface Declared {
  readonly definitions: Definition[];
  /** Open groups with their options, the outermost first. */
  readonly open: { readonly name: string; readonly options: MeasuringOptions }[];
}

/** Shared by all copies of the API that a process loads: the tool's own and one in node_modules. */
const KEY = Symbol.for('pforge-prof.bench.1');

/** The declarations of this process. */
export function declared(): Declared {
  const place = globalThis as { [KEY]?: Declared };
  place[KEY] ??= { definitions: [], open: [] };
  return place[KEY];
}
