import { variance } from './moments.ts';

/** A curve: `y[i]` is the density at `x[i]`; evenly spaced, ascending. */
export interface Density {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Bandwidths that the curve reaches beyond the values: what is left out is less than 3 in 100,000. */
const REACH = 4;

/**
 * The probability density that values come from: Gaussian kernels of Silverman's bandwidth, σ·(4/3n)^(1/5) ("Density
 * Estimation for Statistics and Data Analysis", 1986, §3.4.2), as Criterion's plots have it. Values are shared out
 * between the two nearest points of the curve first (linear binning), so that a hundred thousand take no longer than few.
 * @param values one at least, finite
 * @param points of the curve, two at least
 */
export function gaussianDensity(values: Float64Array, points = 500): Density {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  const bandwidth = bandwidthOf(values, high);
  const start = low - REACH * bandwidth;
  const step = (high + REACH * bandwidth - start) / (points - 1);
  const x = Float64Array.from({ length: points }, (_, i) => start + i * step);
  return { x, y: smoothed(binned(values, start, step, points), step / bandwidth, values.length * bandwidth) };
}

function bandwidthOf(values: Float64Array, high: number): number {
  const deviation = values.length < 2 ? 0 : Math.sqrt(variance(values));
  const silverman = deviation * (4 / (3 * values.length)) ** 0.2;
  // Values that are all the same have no width of their own
  return silverman > Math.abs(high) * 1e-9 ? silverman : Math.abs(high) * 1e-3 || 1;
}

function binned(values: Float64Array, start: number, step: number, points: number): Float64Array {
  const bins = new Float64Array(points);
  for (let i = 0; i < values.length; i++) {
    const place = (values[i]! - start) / step;
    const bin = Math.min(points - 2, Math.floor(place));
    bins[bin]! += 1 - (place - bin);
    bins[bin + 1]! += place - bin;
  }
  return bins;
}

/** @param step between bins, in bandwidths @param area of all kernels, each of them 1 high */
function smoothed(bins: Float64Array, step: number, area: number): Float64Array {
  const reach = Math.min(bins.length, Math.ceil((2 * REACH) / step));
  const kernel = Float64Array.from({ length: reach + 1 }, (_, k) => Math.exp(-0.5 * (k * step) ** 2));
  const scale = 1 / (area * Math.sqrt(2 * Math.PI));
  const y = new Float64Array(bins.length);
  for (let i = 0; i < bins.length; i++) {
    const weight = bins[i]! * scale;
    if (weight === 0) continue;
    const last = Math.min(bins.length - 1, i + reach);
    for (let at = Math.max(0, i - reach); at <= last; at++) y[at]! += weight * kernel[Math.abs(at - i)]!;
  }
  return y;
}
