/** What Criterion's analysis can be told; names and defaults are Criterion's. */
export interface AnalysisConfig {
  /** Probability that a confidence interval holds the true value, between 0 and 1. */
  readonly confidenceLevel: number;
  /** Below this probability of chance a difference counts as one, between 0 and 1. */
  readonly significanceLevel: number;
  /** Relative changes up to this are not worth a word: 0.01 = 1 %. */
  readonly noiseThreshold: number;
  /** Number of bootstrap resamples, at least 1. */
  readonly resamples: number;
  /** The same seed gives the same intervals. */
  readonly seed: number;
}

export const DEFAULT_ANALYSIS: AnalysisConfig = {
  confidenceLevel: 0.95,
  significanceLevel: 0.05,
  noiseThreshold: 0.01,
  resamples: 100_000,
  seed: 1,
};
