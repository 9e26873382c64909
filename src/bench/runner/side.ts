import type { MeasuringTask, Samples } from '../../preload/bench/messages.ts';
import { median } from '../../statistics/quantile.ts';
import type { Measurement } from '../measurement.ts';
import type { Failure } from './failure.ts';
import type { Found } from './found.ts';
import { type Place, runBenchmark } from './worker.ts';

/** How processes measure; times are seconds. What a benchmark says for itself comes first. */
export interface MeasuringSettings {
  readonly warmUpTime: number;
  readonly measurementTime: number;
  readonly sampleSize: number;
  readonly timeout: number;
}

/** Short: what differs between processes tells more than a longer look at one. */
export const DEFAULT_MEASURING: MeasuringSettings = {
  warmUpTime: 0.08,
  measurementTime: 0.08,
  sampleSize: 1_000,
  timeout: 60,
};

/** One benchmark as its processes measured it. */
export interface Side {
  readonly found: Found;
  /** One a process. */
  readonly processes: Samples[];
  /** Nanoseconds an iteration, the median of the samples of each process. */
  readonly medians: number[];
  /** Why there is nothing, or no more. */
  failure: Failure | undefined;
  /** Bytes that its processes printed. */
  printed: number;
}

export function newSide(found: Found): Side {
  return { found, processes: [], medians: [], failure: undefined, printed: 0 };
}

/**
 * The flags that make V8 draw the same random numbers in two processes. Where keys lie in maps and sets depends on the
 * first: of a benchmark that looks things up it is most of what processes differ by.
 * @param seed a whole number, 1 to 2^31 - 1
 */
export function seedFlags(seed: number): readonly string[] {
  return [`--hash-seed=${seed}`, `--random-seed=${seed}`];
}

/**
 * Measures in one more process.
 * @param seed of {@link seedFlags}; both halves of a pair have the same. Default: V8 draws its own
 * @returns false: it failed
 */
export async function measureOnce(side: Side, settings: MeasuringSettings, seed?: number): Promise<boolean> {
  const { task, place, timeout } = asked(side.found, settings, 'medians', seed);
  const { samples, failure, printedBytes } = await runBenchmark(task, place, { timeout });
  side.printed += printedBytes;
  side.failure = failure;
  if (samples === undefined) return false;
  keep(side, samples);
  return true;
}

/** What a process is asked to do. @param seed of {@link seedFlags} */
export function asked(
  { url, listed, place: own }: Found,
  settings: MeasuringSettings,
  kind: 'medians' | 'turns',
  seed: number | undefined,
): { readonly task: MeasuringTask; readonly place: Place; readonly timeout: number } {
  const place = seed === undefined ? own : { ...own, node: [...own.node, ...seedFlags(seed)] };
  const { timeout, warmUpTime, measurementTime, sampleSize } = { ...settings, ...listed.options };
  return { task: { kind, file: url, index: listed.index, warmUpTime, measurementTime, sampleSize }, place, timeout };
}

/** Adds what a process has measured. */
export function keep(side: Side, samples: Samples): void {
  side.processes.push(samples);
  side.medians.push(median(samples.times.map((time, i) => time / samples.iterations[i]!)));
}

/** What was measured, as one sample for each process: processes are what varies, and what one draws conclusions about. */
export function measurementOf({ found, processes, medians }: Side): Measurement {
  const iterations = Float64Array.from(processes, ({ iterations: [first = 1] }) => first);
  return {
    id: found.id,
    ...(found.throughput === undefined ? {} : { throughput: found.throughput }),
    samplingMode: 'Flat',
    iterations,
    times: iterations.map((n, i) => n * medians[i]!),
  };
}
