import type { SamplingMode } from '../measurement.ts';

/** What quick sampling ends with: two samples. */
export interface QuickSample {
  readonly samplingMode: SamplingMode;
  readonly iterations: Float64Array;
  /** Nanoseconds a sample. */
  readonly times: Float64Array;
}

const LEAST_TIME = 100e6;

/**
 * Criterion's `--quick`: iterations are doubled until two samples in a row agree as well as the significance level asks
 * for and 0.1 s have passed, or the measurement time is over. Nothing is warmed up; the two samples are all that is known.
 */
export class QuickSampling {
  private readonly measurementTime: number;
  private readonly tolerance: number;
  private next = 1;
  private previous: number | undefined;

  /**
   * @param measurementTime nanoseconds
   * @param tolerance how far the two may differ, as a part of the time: the significance level
   */
  constructor(measurementTime: number, tolerance: number) {
    this.measurementTime = measurementTime;
    this.tolerance = tolerance;
  }

  /** How many iterations to run now. */
  get iterations(): number {
    return this.next;
  }

  /**
   * Takes what the last iterations took.
   * @param time nanoseconds of them
   * @param elapsed nanoseconds since the beginning
   * @returns the result when it is over
   */
  add(time: number, elapsed: number): QuickSample | undefined {
    const { previous, next } = this;
    const over = elapsed > this.measurementTime;
    this.previous = time;
    this.next *= 2;
    if (previous === undefined) {
      if (!over) return undefined;
      // A sample of two equal times has no distribution to draw: Criterion makes them differ by a millionth
      return { samplingMode: 'Flat', iterations: Float64Array.of(1, 1), times: Float64Array.of(time, time + 1e-6) };
    }
    const mean = (previous + 2 * time) / 5;
    const deviation = Math.hypot(previous - mean, time - 2 * mean);
    if (!over && !(deviation < this.tolerance * mean && elapsed > LEAST_TIME)) return undefined;
    return {
      samplingMode: 'Linear',
      iterations: Float64Array.of(next / 2, next),
      times: Float64Array.of(previous, time),
    };
  }
}

/** How much of its input a benchmark prepares at a time, named as Criterion names it. */
export type BatchSize =
  | 'small'
  | 'large'
  | 'per iteration'
  | { readonly batches: number }
  | { readonly iterations: number };

/** How many iterations share one preparation of inputs. @returns at least 1 */
export function iterationsPerBatch(size: BatchSize, iterations: number): number {
  if (size === 'per iteration') return 1;
  if (typeof size === 'object' && 'iterations' in size) return Math.max(1, size.iterations);
  const batches = size === 'small' ? 10 : size === 'large' ? 1000 : size.batches;
  return Math.max(1, Math.ceil(iterations / batches));
}
