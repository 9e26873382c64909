import { mean } from '../../statistics/moments.ts';
import { quantile, sorted } from '../../statistics/quantile.ts';

/** Criterion casts the factor through a 32-bit float: 1.4825999736785889. */
export const MAD_TO_STD_DEV = Math.fround(1.4826);

/** The statistics of one sample, summed in its order: bit for bit what Criterion computes. */
export interface PointStatistics {
  readonly mean: number;
  readonly median: number;
  readonly std_dev: number;
  readonly median_abs_dev: number;
}

/** @param values at least two */
export function pointStatistics(values: Float64Array): PointStatistics {
  const centre = mean(values);
  const median = quantile(sorted(values), 0.5);
  return {
    mean: centre,
    median,
    std_dev: standardDeviation(values, centre),
    median_abs_dev: quantile(sorted(values.map((value) => Math.abs(value - median))), 0.5) * MAD_TO_STD_DEV,
  };
}

/** The sample standard deviation (n - 1). */
export function standardDeviation(values: Float64Array, centre = mean(values)): number {
  return Math.sqrt(variance(values, centre));
}

/** Products, not powers: V8's `** 2` rounds otherwise before it is optimised. */
function variance(values: Float64Array, centre: number): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const deviation = values[i]! - centre;
    squares += deviation * deviation;
  }
  return squares / (values.length - 1);
}

/** Nanoseconds an iteration: the line through the origin that fits the samples best by least squares. */
export function slopeThroughOrigin(iterations: Float64Array, times: Float64Array): number {
  let products = 0;
  let squares = 0;
  for (let i = 0; i < iterations.length; i++) {
    products += iterations[i]! * times[i]!;
    squares += iterations[i]! * iterations[i]!;
  }
  return products / squares;
}

/**
 * How much of the variance of the samples' times a line through the origin explains, 1 = all. Criterion prints another
 * number under this name: it adds up the residuals twice and the total never (bivariate/regression.rs, all versions).
 */
export function rSquared(slope: number, iterations: Float64Array, times: Float64Array): number {
  const centre = mean(times);
  let residual = 0;
  let total = 0;
  for (let i = 0; i < times.length; i++) {
    const fromLine = times[i]! - slope * iterations[i]!;
    const fromCentre = times[i]! - centre;
    residual += fromLine * fromLine;
    total += fromCentre * fromCentre;
  }
  return 1 - residual / total;
}

/** Welch's t of two samples, positive where `a` is larger. NaN or infinite where neither varies. */
export function tStatistic(a: Float64Array, b: Float64Array): number {
  const meanOfA = mean(a);
  const meanOfB = mean(b);
  const ofMeans = variance(a, meanOfA) / a.length + variance(b, meanOfB) / b.length;
  return (meanOfA - meanOfB) / Math.sqrt(ofMeans);
}
