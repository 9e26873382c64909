import { join } from 'node:path';
import type { Failure } from './failure.ts';
import type { Found } from './found.ts';
import { seedFlags } from './side.ts';
import { runBenchmark } from './worker.ts';

/** Iterations that nobody looks at are a part of all: V8 compiles while they run. */
const WARM_UP = 0.1;
/** They are done in so many steps. */
const STEPS = 200;
/** Microseconds between samples: V8 then takes a hundredth of the time. */
const INTERVAL = 200;

/**
 * Runs a benchmark under V8's own profiler, in one fresh process, for a number of iterations rather than for a time: so
 * that two sides do the same work, and the slower one has more samples.
 * @param folder gets the recording
 * @returns the file of the recording, or why there is none
 */
export async function recordBenchmark(
  found: Found,
  iterations: number,
  folder: string,
  name: string,
  timeout: number,
): Promise<{ readonly file: string } | { readonly failure: Failure }> {
  const file = `${name}.cpuprofile`;
  const flags = ['--cpu-prof', '--cpu-prof-dir', folder, '--cpu-prof-name', file, '--cpu-prof-interval', `${INTERVAL}`];
  const place = { ...found.place, node: [...found.place.node, ...flags, ...seedFlags(1)] };
  const steps = Math.min(STEPS, iterations);
  const plans = [
    [Math.ceil(iterations * WARM_UP)],
    Array.from(
      { length: steps },
      (_, i) => Math.floor(((i + 1) * iterations) / steps) - Math.floor((i * iterations) / steps),
    ),
  ];
  const task = { kind: 'driven', file: found.url, index: found.listed.index } as const;
  const ran = await runBenchmark({ ...task, warmUpTime: 0, measurementTime: 0, sampleSize: 0 }, place, {
    timeout,
    drive: () => plans.shift() ?? [],
  });
  return ran.failure === undefined ? { file: join(folder, file) } : { failure: ran.failure };
}

/** Frames of the loop that iterates: its callees are the benchmark. */
export const LOOP = /^time(Plain|Awaited|Batches|AwaitedBatches)$/;
/** All that runs a benchmark and is none of it. */
export const RUNNER = /bench-worker\.cjs/;
