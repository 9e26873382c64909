import type { SamplingMode } from '../measurement.ts';
import { durationText } from './rust-numbers.ts';

/** How a benchmark is to be sampled; times in nanoseconds. */
export interface SamplingConfig {
  /** Auto: linear, unless that would take more than twice the measurement time. */
  readonly mode: SamplingMode | 'Auto';
  /** At least 10 (Criterion's rule; a smaller sample says little). */
  readonly sampleSize: number;
  readonly warmUpTime: number;
  readonly measurementTime: number;
}

export const DEFAULT_SAMPLING: SamplingConfig = {
  mode: 'Auto',
  sampleSize: 100,
  warmUpTime: 3e9,
  measurementTime: 5e9,
};

/** Fewer samples than this are refused. */
export const LEAST_SAMPLES = 10;

/** What is to be measured. */
export interface SamplingPlan {
  readonly samplingMode: SamplingMode;
  /** How many iterations each sample takes. */
  readonly iterations: Float64Array;
  readonly samples: number;
  /** Nanoseconds that all samples together are expected to take. */
  readonly expectedTime: number;
  readonly totalIterations: number;
  /** A sentence for the person when the time does not suffice. */
  readonly warning?: string;
}

/**
 * How warm-up goes on: 1, 2, 4, ... iterations until they have taken longer than the warm-up time. The mean time of an
 * iteration, from which {@link planSampling} plans, is all the time over all the iterations.
 */
export class WarmUp {
  private readonly howLong: number;
  private elapsed = 0;
  private done = 0;
  private next = 1;

  /** @param howLong nanoseconds */
  constructor(howLong: number) {
    this.howLong = howLong;
  }

  /** How many iterations to run now. */
  get iterations(): number {
    return this.next;
  }

  /**
   * Takes what the last iterations took.
   * @param nanoseconds above 0, or the clock is too coarse for them
   * @returns the mean time of an iteration when warm-up is over
   */
  add(nanoseconds: number): number | undefined {
    this.elapsed += nanoseconds;
    this.done += this.next;
    this.next *= 2;
    return this.elapsed > this.howLong ? this.elapsed / this.done : undefined;
  }
}

/**
 * Criterion's plan (its lib.rs): linear sampling takes d, 2d, 3d, ... iterations, flat sampling the same number for every
 * sample, so many that all together take the measurement time.
 * @param meanTime nanoseconds an iteration, from the warm-up; above 0
 */
export function planSampling(config: Omit<SamplingConfig, 'warmUpTime'>, meanTime: number): SamplingPlan {
  const samplingMode = config.mode === 'Auto' ? chooseMode(config, meanTime) : config.mode;
  return samplingMode === 'Linear' ? linearPlan(config, meanTime) : flatPlan(config, meanTime);
}

type Timed = Pick<SamplingConfig, 'sampleSize' | 'measurementTime'>;

function chooseMode({ sampleSize, measurementTime }: Timed, meanTime: number): SamplingMode {
  const total = (sampleSize * (sampleSize + 1)) / 2;
  const step = Math.ceil(measurementTime / meanTime / total);
  return total * step * meanTime > 2 * measurementTime ? 'Flat' : 'Linear';
}

function linearPlan(config: Timed, meanTime: number): SamplingPlan {
  const { sampleSize, measurementTime } = config;
  const total = (sampleSize * (sampleSize + 1)) / 2;
  const step = Math.max(1, Math.ceil(measurementTime / meanTime / total));
  const better = roundDown((-1 + Math.sqrt((4 * measurementTime) / meanTime)) / 2);
  const advice =
    better === sampleSize
      ? ' or enable flat sampling.'
      : `, enable flat sampling, or reduce sample count to ${better}.`;
  const iterations = Float64Array.from({ length: sampleSize }, (_, i) => (i + 1) * step);
  return plan('Linear', iterations, config, meanTime, step === 1 ? advice : undefined);
}

function flatPlan(config: Timed, meanTime: number): SamplingPlan {
  const { sampleSize, measurementTime } = config;
  const each = Math.max(1, Math.ceil(measurementTime / sampleSize / meanTime));
  const better = roundDown(measurementTime / meanTime);
  const advice = better === sampleSize ? '.' : `, or reduce sample count to ${better}.`;
  const iterations = new Float64Array(sampleSize).fill(each);
  return plan('Flat', iterations, config, meanTime, each === 1 ? advice : undefined);
}

/** Whole tens that certainly fit. */
function roundDown(samples: number): number {
  return Math.max(LEAST_SAMPLES, Math.floor(samples / 10) * 10);
}

function plan(
  samplingMode: SamplingMode,
  iterations: Float64Array,
  { sampleSize, measurementTime }: Timed,
  meanTime: number,
  advice: string | undefined,
): SamplingPlan {
  const totalIterations = iterations.reduce((sum, count) => sum + count, 0);
  const expectedTime = iterations.reduce((sum, count) => sum + count * meanTime, 0);
  const common = { samplingMode, iterations, samples: sampleSize, expectedTime, totalIterations };
  if (advice === undefined) return common;
  // As Criterion computes it here: of all iterations at once
  const needed = Math.floor(totalIterations * meanTime);
  const problem = `Unable to complete ${sampleSize} samples in ${durationText(measurementTime)}`;
  const warning = `${problem}. You may wish to increase target time to ${durationText(needed)}${advice}`;
  return { ...common, warning };
}
