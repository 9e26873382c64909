import type { Sampler } from './sampler.ts';
import { Stopwatch } from './stopwatch.ts';

/** A sample is about this long: many times what the clock costs, and seldom interrupted by anything. Nanoseconds. */
const SAMPLE_TIME = 200_000;
/** It is steady when its last two windows of this many samples differ by less than this part. */
const WINDOW = 20;
const STEADY = 0.02;
/** It may take this many times as long as was asked for. */
const PATIENCE = 5;

/** How fast it was at the end of its warm-up. */
export interface Warm {
  /** Iterations of a sample. */
  readonly iterations: number;
  readonly steady: boolean;
}

/**
 * Iterates until it has run for as long as asked and runs steadily: while V8 watches, compiles and compiles again, the
 * median of samples still changes.
 * @param time nanoseconds
 */
export async function warmUp(sample: Sampler, time: number): Promise<Warm> {
  const watch = new Stopwatch();
  const most = PATIENCE * time;
  let iterations = 1;
  let took = await sample(1);
  // So slow that nothing is left to warm up
  if (took >= most) return { iterations, steady: true };
  while (took < SAMPLE_TIME / 2 && watch.wall < most) {
    iterations = Math.min(iterations * 10, Math.ceil(iterations * Math.max(1.5, SAMPLE_TIME / Math.max(took, 100))));
    took = await sample(iterations);
  }
  let earlier = Number.NaN;
  for (;;) {
    const window: number[] = [];
    for (let i = 0; i < WINDOW && (i < 3 || watch.wall < most); i++) window.push(await sample(iterations));
    const per = middle(window) / iterations;
    // So slow that there is time for a single window, which few samples are told of
    const alone = Number.isNaN(earlier) && watch.wall >= most;
    const steady = alone || Math.abs(per / earlier - 1) < STEADY;
    earlier = per;
    iterations = Math.max(1, Math.round(SAMPLE_TIME / per));
    if ((steady && watch.isOver(time)) || watch.wall >= most) return { iterations, steady };
  }
}

function middle(values: readonly number[]): number {
  const ascending = [...values].sort((a, b) => a - b);
  return ascending[ascending.length >> 1]!;
}
