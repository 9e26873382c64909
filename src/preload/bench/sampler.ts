import type { Definition } from './definitions.ts';

/** Iterates `n` times and says how long that took, in nanoseconds. */
export type Sampler = (n: number) => number | Promise<number>;

/** Results go here, so that the compiler must compute them. */
const kept: { value: unknown } = { value: undefined };

/** Inputs made ahead at once, unless the benchmark says how many. */
const MOST_INPUTS = 1_000;

const now = (): number => Number(process.hrtime.bigint() - started);
const started = process.hrtime.bigint();

/**
 * The loop for one benchmark. A process has only one, which is why V8 compiles it for that very function.
 * @param state what `before` made
 */
export function samplerOf({ options, run, param }: Definition, state: unknown, asynchronous: boolean): Sampler {
  const { setup, before } = options;
  if (setup === undefined) {
    const input = before === undefined ? param : state;
    return asynchronous ? (n) => timeAwaited(run, input, n) : (n) => timePlain(run, input, n);
  }
  const make = (): unknown => setup(state, param);
  const batch = options.batch ?? MOST_INPUTS;
  return asynchronous ? (n) => timeAwaitedBatches(run, make, batch, n) : (n) => timeBatches(run, make, batch, n);
}

const EMPTY_ITERATIONS = 20_000;

/**
 * Nanoseconds of the same loop around nothing, once it is compiled. It is a function of its own: a loop that had seen two
 * functions would fit neither.
 */
export function emptyIteration(): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 50; i++) least = Math.min(least, timeNothing(EMPTY_ITERATIONS) / EMPTY_ITERATIONS);
  return least;
}

function timeNothing(n: number): number {
  const begin = now();
  for (let i = 0; i < n; i++) kept.value = undefined;
  return now() - begin;
}

/** Nanoseconds that looking at the clock takes. */
export function clockCost(): number {
  const looks = 1_000;
  const begin = now();
  for (let i = 0; i < looks; i++) kept.value = now();
  return (now() - begin) / looks;
}

function timePlain(run: (input: unknown) => unknown, input: unknown, n: number): number {
  const begin = now();
  for (let i = 0; i < n; i++) kept.value = run(input);
  return now() - begin;
}

async function timeAwaited(run: (input: unknown) => unknown, input: unknown, n: number): Promise<number> {
  const begin = now();
  for (let i = 0; i < n; i++) kept.value = await run(input);
  return now() - begin;
}

function timeBatches(run: (input: unknown) => unknown, make: () => unknown, batch: number, n: number): number {
  let took = 0;
  for (let left = n; left > 0; left -= batch) {
    const inputs = Array.from({ length: Math.min(batch, left) }, make);
    const begin = now();
    for (let i = 0; i < inputs.length; i++) kept.value = run(inputs[i]);
    took += now() - begin;
  }
  return took;
}

async function timeAwaitedBatches(
  run: (input: unknown) => unknown,
  make: () => unknown,
  batch: number,
  n: number,
): Promise<number> {
  let took = 0;
  for (let left = n; left > 0; left -= batch) {
    const inputs = Array.from({ length: Math.min(batch, left) }, make);
    const begin = now();
    for (let i = 0; i < inputs.length; i++) kept.value = await run(inputs[i]);
    took += now() - begin;
  }
  return took;
}
