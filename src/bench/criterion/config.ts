/** What Criterion's analysis can be told; names and defaults are Criterion's. */
export interface AnalysisConfig {
  /** Probability that a confidence interval holds the true value, between 0 and 1. */
  readonly confidenceLevel: number;
  /** Below this probability of chance a difference counts as one, between 0 and 1. */
  readonly significanceLevel: number;
  /** Relative changes up to this are not worth a word: 0.01 = 1 %. */
  readonly noiseThreshold: number;
  /** Number of bootstrap resamples, at least 2; see {@link resamplesOf}. */
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

const MOST_DRAWS = 1e9;
const FEWEST_RESAMPLES = 1000;

/**
 * How many resamples a bootstrap makes. Samples of more than 10,000 get fewer than are asked for, so that an analysis takes
 * seconds whatever is imported: their intervals are narrow, and no less exact for it than the sample itself.
 * @param draws of one resample
 */
export function resamplesOf({ resamples }: AnalysisConfig, draws: number): number {
  return Math.min(resamples, Math.max(FEWEST_RESAMPLES, Math.floor(MOST_DRAWS / draws)));
}
