/** A statistic of a sample and how far it may be from the population's. */
export interface Estimate {
  /** The statistic of the sample itself. */
  readonly point: number;
  /** The standard deviation of its bootstrap distribution. */
  readonly standardError: number;
  /** Bounds of the confidence interval: percentiles of its bootstrap distribution. */
  readonly lower: number;
  readonly upper: number;
  /** Probability that such an interval holds the true value, 0 to 1. */
  readonly confidenceLevel: number;
}

/** What is estimated of one benchmark, in nanoseconds an iteration; the keys are those of Criterion's estimates.json. */
export interface Estimates {
  readonly mean: Estimate;
  readonly median: Estimate;
  readonly std_dev: Estimate;
  /** Times 1.4826, so that it estimates the standard deviation of normally distributed times. */
  readonly median_abs_dev: Estimate;
  /** The time of an iteration by least squares through the origin; only where sampling was linear. */
  readonly slope?: Estimate;
}

/** The relative change of two benchmarks: 0.05 = 5 % slower. */
export interface ChangeEstimates {
  readonly mean: Estimate;
  readonly median: Estimate;
}

/** The one that is printed: the slope where there is one, else the mean. */
export function typicalEstimate(estimates: Estimates): Estimate {
  return estimates.slope ?? estimates.mean;
}
