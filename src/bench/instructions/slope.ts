import { median } from '../../statistics/quantile.ts';

/** Instructions of a whole process that iterated so often. */
export interface ProcessCount {
  readonly iterations: number;
  readonly instructions: number;
}

/**
 * Instructions of one iteration by two processes: what starting node, compiling and warming up take is the same in both
 * and falls out. Both must be long enough for the code to be compiled for good.
 */
export function instructionsPerIteration(few: ProcessCount, many: ProcessCount): number {
  return (many.instructions - few.instructions) / (many.iterations - few.iterations);
}

/** A native run of so long is long enough for V8 to compile what it will compile: nanoseconds. */
const SETTLED = 5e6;
/** How many times as often the second process iterates. */
const FACTOR = 3;
const MOST_ITERATIONS = 2 ** 26;

/**
 * How often the two processes iterate. Valgrind takes fifty times as long, so no more than needed.
 * @param times nanoseconds that an iteration takes natively
 */
export function iterationCounts(times: ArrayLike<number>): readonly [number, number] {
  const needed = Math.max(2, SETTLED / Math.max(median(times), 1e-3));
  // Powers of two, so that the next call, which may find the machine busier, counts the same
  const few = Math.min(MOST_ITERATIONS, 2 ** Math.ceil(Math.log2(needed)));
  return [few, few * FACTOR];
}
