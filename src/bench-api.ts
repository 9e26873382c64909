/** What benchmark files import from `pforge-prof/bench`. They declare; `pforge-prof bench` measures. */
import { type BenchOptions, declared, type MeasuringOptions, type Throughput } from './preload/bench/definitions.ts';

export type { BenchOptions, MeasuringOptions, Throughput } from './preload/bench/definitions.ts';

/** Benchmarks that belong together: compared with each other, drawn in one chart. Groups may stand in groups. */
export function group(name: string, declare: () => void): void;
/** @param options hold for all benchmarks in it that do not say otherwise */
export function group(name: string, options: MeasuringOptions, declare: () => void): void;
export function group(name: string, second: MeasuringOptions | (() => void), third?: () => void): void {
  const [options, declare] = typeof second === 'function' ? [{}, second] : [second, third];
  if (typeof declare !== 'function')
    throw new TypeError(`group(${JSON.stringify(name)}): the last argument must be a function`);
  const { open } = declared();
  checkNumbers(`group(${JSON.stringify(name)})`, options);
  open.push({ name: nameOf('group', name), options });
  try {
    const result: unknown = declare();
    if (result instanceof Promise)
      throw new TypeError(
        `group(${JSON.stringify(name)}): its function must not be async; use \`before\` of a benchmark`,
      );
  } finally {
    open.pop();
  }
}

/**
 * Declares a benchmark: `fn` is what is measured. What it returns is kept, so that computing it cannot be left out.
 * Each benchmark runs in fresh processes of its own, where nothing else has been compiled or allocated.
 */
export function bench(name: string, fn: () => unknown): void;
/** @param options see {@link BenchOptions}; `fn` gets what `setup` made, else what `before` made, else the parameter */
export function bench<Param = undefined, State = Param, Input = Awaited<State>>(
  name: string,
  options: BenchOptions<Param, State, Input>,
  fn: (input: Input) => unknown,
): void;
export function bench(
  name: string,
  // biome-ignore lint/suspicious/noExplicitAny: whatever the overloads allow
  second: BenchOptions<any, any, any> | (() => unknown),
  // biome-ignore lint/suspicious/noExplicitAny: as above
  third?: (input: any) => unknown,
): void {
  const [given, fn] = typeof second === 'function' ? [{}, second] : [second, third];
  if (typeof fn !== 'function')
    throw new TypeError(`bench(${JSON.stringify(name)}): the last argument must be a function`);
  checkNumbers(`bench(${JSON.stringify(name)})`, given);
  const { open, definitions } = declared();
  const group = open.length === 0 ? undefined : open.map((each) => each.name).join('/');
  const options = Object.assign({}, ...open.map((each) => each.options), given) as BenchOptions<
    unknown,
    unknown,
    unknown
  >;
  const params: readonly unknown[] = options.params ?? [undefined];
  for (const param of params) {
    const value = options.params === undefined ? undefined : wordFor(param);
    definitions.push({
      throughput: throughputOf(`bench(${JSON.stringify(name)})`, options, param),
      group,
      name: nameOf('bench', name),
      value,
      param,
      options,
      run: fn,
    });
  }
}

/**
 * Gives back what it is given, in a way that the compiler cannot see through. Put inputs into it that are always the
 * same: else their work may be done once, when the function is compiled.
 */
export function blackBox<T>(value: T): T {
  return hidden.length === 0 ? value : (hidden[0] as T);
}

/** Always empty, which the compiler does not know: anyone could push to what is exported by way of `globalThis`. */
const hidden: unknown[] = [];
Object.defineProperty(globalThis, Symbol.for('pforge-prof.bench.hidden'), { value: hidden, configurable: true });

/** Options that are numbers, and the least that each can be. */
const NUMBERS: Readonly<Record<string, number>> = {
  warmUpTime: 0,
  measurementTime: 0,
  sampleSize: 1,
  noiseThreshold: 0,
  significanceLevel: 0,
  timeout: 0,
  batch: 1,
};
/** Those that count something. */
const WHOLE = new Set(['sampleSize', 'batch']);

/** A mistake here would otherwise be an endless loop in another process. */
function checkNumbers(where: string, options: Readonly<Record<string, unknown>> | MeasuringOptions): void {
  for (const [name, least] of Object.entries(NUMBERS)) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    const parted = WHOLE.has(name) && Number.isFinite(value) && !Number.isInteger(value);
    if (value === undefined || (Number.isFinite(value) && (value as number) >= least && !parted)) continue;
    const kind = parted ? 'a whole number' : 'a number';
    throw new TypeError(`${where}: ${name} must be ${kind}, ${least} at least, not ${String(value)}`);
  }
}

/** @returns what one iteration works on, for a benchmark with this parameter */
function throughputOf(
  where: string,
  { throughput }: BenchOptions<unknown, unknown, unknown>,
  param: unknown,
): Throughput | undefined {
  const given: unknown = typeof throughput === 'function' ? throughput(param) : throughput;
  if (given === undefined) return undefined;
  const { bytes, elements } = Object(given) as { readonly bytes?: unknown; readonly elements?: unknown };
  for (const amount of [bytes, elements]) {
    if (typeof amount === 'number' && Number.isFinite(amount) && amount >= 0) return given as Throughput;
  }
  throw new TypeError(
    `${where}: throughput must be { bytes: number } or { elements: number }, or a function that returns one`,
  );
}

function nameOf(what: string, name: unknown): string {
  if (typeof name === 'string' && name !== '') return name;
  throw new TypeError(`${what}: the first argument must be a name`);
}

/** Objects are named by their own words for themselves, or by their place in a chart: JSON. */
function wordFor(param: unknown): string {
  if (typeof param !== 'object' || param === null) return String(param);
  const { name } = param as { name?: unknown };
  return typeof name === 'string' ? name : JSON.stringify(param);
}
