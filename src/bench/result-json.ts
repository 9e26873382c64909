import type { ChangeEstimates, Estimate, Estimates } from './estimates.ts';

/** An estimate as `bench --json` and Criterion's files have it. */
export interface EstimateJson {
  readonly confidence_interval: {
    readonly confidence_level?: number;
    readonly lower_bound: number;
    readonly upper_bound: number;
  };
  readonly point_estimate: number;
  readonly standard_error?: number;
}

/** One benchmark of `bench --json` and `bench import --json`. Only what is known is there. */
export interface BenchResultJson {
  readonly name: string;
  /** Of all estimates and fences; times are always `ns`. */
  readonly unit: string;
  readonly estimates: {
    readonly mean?: EstimateJson;
    readonly median?: EstimateJson;
    readonly std_dev?: EstimateJson;
    readonly median_abs_dev?: EstimateJson;
    readonly slope?: EstimateJson;
  };
  /** Severe low, mild low, mild high, severe high. */
  readonly tukey?: readonly [number, number, number, number];
  /** Relative: 0.05 = 5 % slower. */
  readonly change?: { readonly mean: EstimateJson; readonly median: EstimateJson };
}

function estimateJson(estimate: Estimate): EstimateJson {
  return {
    confidence_interval: {
      confidence_level: estimate.confidenceLevel,
      lower_bound: estimate.lower,
      upper_bound: estimate.upper,
    },
    point_estimate: estimate.point,
    standard_error: estimate.standardError,
  };
}

/** The shape that other programs rely on: see docs/bench.md. */
export function benchResultJson(
  name: string,
  estimates: Estimates,
  more: { readonly tukey?: readonly [number, number, number, number]; readonly change?: ChangeEstimates } = {},
): BenchResultJson {
  const { mean, median, std_dev, median_abs_dev, slope } = estimates;
  return {
    name,
    unit: 'ns',
    estimates: {
      mean: estimateJson(mean),
      median: estimateJson(median),
      std_dev: estimateJson(std_dev),
      median_abs_dev: estimateJson(median_abs_dev),
      ...(slope === undefined ? {} : { slope: estimateJson(slope) }),
    },
    ...(more.tukey === undefined ? {} : { tukey: more.tukey }),
    ...(more.change === undefined
      ? {}
      : { change: { mean: estimateJson(more.change.mean), median: estimateJson(more.change.median) } }),
  };
}

/** The change of head against base that pairs tell: one of their ratio, which is of medians. */
export function pairedChangeJson({
  ratio,
  low,
  high,
}: {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}): NonNullable<BenchResultJson['change']> {
  const change = {
    confidence_interval: { lower_bound: low - 1, upper_bound: high - 1 },
    point_estimate: ratio - 1,
  };
  return { mean: change, median: change };
}
