import { RandomWords } from '../../statistics/random-words.ts';
import type { ChangeEstimates, Estimate, Estimates } from '../estimates.ts';
import { averageTimes, type Measurement } from '../measurement.ts';
import { bootstrapSlope } from './bootstrap-slope.ts';
import { bootstrapStatistics } from './bootstrap-statistics.ts';
import { bootstrapT } from './bootstrap-t.ts';
import { type AnalysisConfig, resamplesOf } from './config.ts';
import { estimateFrom, twoTailedP } from './distribution.ts';
import { pointStatistics, rSquared, slopeThroughOrigin, tStatistic } from './point-statistics.ts';
import { countOutliers, type Fences, type OutlierCounts, tukeyFences } from './tukey.ts';

/** Bootstrap distributions: one number a resample, in no order. */
interface Distributions {
  readonly mean: Float64Array;
  readonly median: Float64Array;
  readonly std_dev: Float64Array;
  readonly median_abs_dev: Float64Array;
  /** Where sampling was linear. */
  readonly slope?: Float64Array;
}

/** All that Criterion tells of one benchmark. Times are nanoseconds an iteration. */
export interface Analysis {
  readonly measurement: Measurement;
  /** One number a sample, in the order of measuring. */
  readonly averages: Float64Array;
  readonly estimates: Estimates;
  readonly distributions: Distributions;
  readonly tukey: Fences;
  readonly outliers: OutlierCounts;
  /** Where sampling was linear: how well the line of the slope, and those of its bounds, explain the times; 1 = wholly. */
  readonly r2?: { readonly lower: number; readonly point: number; readonly upper: number };
}

/**
 * Analyses a benchmark as Criterion does: point estimates are bit for bit Criterion's, intervals differ by the chance of
 * the bootstrap alone.
 * @param measurement at least two samples, times above 0 (checked by whoever reads or measures them)
 */
export function analyse(measurement: Measurement, config: AnalysisConfig): Analysis {
  const { iterations, times, samplingMode } = measurement;
  const random = new RandomWords(config.seed);
  const averages = averageTimes(measurement);
  const tukey = tukeyFences(averages);
  const points = pointStatistics(averages);
  const resamples = resamplesOf(config, averages.length);
  const distributions = bootstrapStatistics(averages, resamples, random);
  const estimate = (name: keyof typeof points): Estimate =>
    estimateFrom(points[name], distributions[name], config.confidenceLevel);
  const estimates = {
    mean: estimate('mean'),
    median: estimate('median'),
    std_dev: estimate('std_dev'),
    median_abs_dev: estimate('median_abs_dev'),
  };
  const common = { measurement, averages, tukey, outliers: countOutliers(averages, tukey) };
  if (samplingMode === 'Flat') return { ...common, estimates, distributions };
  const slopes = bootstrapSlope(iterations, times, resamples, random);
  const slope = estimateFrom(slopeThroughOrigin(iterations, times), slopes, config.confidenceLevel);
  const r2 = (of: number): number => rSquared(of, iterations, times);
  return {
    ...common,
    estimates: { ...estimates, slope },
    distributions: { ...distributions, slope: slopes },
    r2: { lower: r2(slope.lower), point: r2(slope.point), upper: r2(slope.upper) },
  };
}

/** What Criterion concludes of a comparison; docs/bench.md tells when. */
export type Verdict = 'no change' | 'within noise' | 'improved' | 'regressed';

/** Two runs of one benchmark compared. */
export interface Comparison {
  /** Two-tailed, from `distributions.t`; NaN where neither run varies. */
  readonly p: number;
  /** Welch's t of the averages, positive = slower. */
  readonly t: number;
  /** Relative: 0.05 = 5 % slower than the base. */
  readonly change: ChangeEstimates;
  /** t = how t falls where both are the same; mean and median of the change. */
  readonly distributions: { readonly t: Float64Array; readonly mean: Float64Array; readonly median: Float64Array };
  readonly verdict: Verdict;
  readonly base: Measurement;
  readonly significanceLevel: number;
  readonly noiseThreshold: number;
}

/**
 * Compares a benchmark with a former run of it by Criterion's rule: Welch's t against its distribution in resamples of
 * both runs mixed; where chance is unlikely, the interval of the mean's change against the noise threshold.
 *
 * Criterion draws only 317 resamples of the new run for the change's interval, which makes it coarse; here every one of
 * the resamples has one of its own.
 */
export function compare(analysis: Analysis, base: Measurement, config: AnalysisConfig): Comparison {
  const random = new RandomWords(config.seed + 1);
  const { averages } = analysis;
  const baseAverages = averageTimes(base);
  const resamples = resamplesOf(config, Math.max(averages.length, baseAverages.length));
  const t = tStatistic(averages, baseAverages);
  const ofT = bootstrapT(averages, baseAverages, resamples, random);
  const p = twoTailedP(ofT, t);
  const points = pointStatistics(averages);
  const basePoints = pointStatistics(baseAverages);
  const former = bootstrapStatistics(baseAverages, resamples, random);
  // A shorter bootstrap of the new run is gone through again
  const own = analysis.distributions;
  const change = (name: 'mean' | 'median'): Float64Array =>
    former[name].map((value, r) => own[name][r % own[name].length]! / value - 1);
  const distributions = { t: ofT, mean: change('mean'), median: change('median') };
  const estimate = (name: 'mean' | 'median'): Estimate =>
    estimateFrom(points[name] / basePoints[name] - 1, distributions[name], config.confidenceLevel);
  const changes = { mean: estimate('mean'), median: estimate('median') };
  const { significanceLevel, noiseThreshold } = config;
  const verdict = verdictOf(p, changes.mean, significanceLevel, noiseThreshold);
  return { p, t, change: changes, distributions, verdict, base, significanceLevel, noiseThreshold };
}

/** Criterion's verdict from what it printed: works from a recorded p and interval too. */
export function verdictOf(
  p: number,
  change: { readonly lower: number; readonly upper: number },
  significanceLevel: number,
  noiseThreshold: number,
): Verdict {
  if (!(p < significanceLevel)) return 'no change';
  if (change.lower < -noiseThreshold && change.upper < -noiseThreshold) return 'improved';
  if (change.lower > noiseThreshold && change.upper > noiseThreshold) return 'regressed';
  return 'within noise';
}
