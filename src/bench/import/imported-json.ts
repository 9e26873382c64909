import { type Analysis, analyse } from '../criterion/analyse.ts';
import type { AnalysisConfig } from '../criterion/config.ts';
import { pointStatistics } from '../criterion/point-statistics.ts';
import { tukeyFences } from '../criterion/tukey.ts';
import { benchmarkId } from '../measurement.ts';
import { type BenchResultJson, benchResultJson, type EstimateJson } from '../result-json.ts';
import type { ImportedBenchmark, KnownEstimate, RawSamples } from './result-format.ts';

/** One benchmark of `bench import --json`. */
export interface ImportedJson extends BenchResultJson {
  readonly better: 'smaller' | 'bigger';
}

/**
 * Criterion's analysis of what a file has of single measurements.
 * @returns undefined where it has none, or some that no measurement can be
 */
export function analysisOf(benchmark: ImportedBenchmark, config: AnalysisConfig): Analysis | undefined {
  const { samples, name } = benchmark;
  if (samples === undefined || !isUsable(samples)) return undefined;
  const { values: times, iterations, samplingMode } = samples;
  return analyse({ id: benchmarkId(name), samplingMode, iterations, times }, config);
}

/** Numbers of bytes or allocations may well be 0, and so may times of coarse clocks. */
function isUsable({ values, iterations }: RawSamples): boolean {
  return (
    values.length > 1 &&
    values.every((value) => value >= 0 && value < Number.POSITIVE_INFINITY) &&
    iterations.every((count) => count > 0 && count < Number.POSITIVE_INFINITY)
  );
}

/** Statistics and fences that the harness does not tell, of its single measurements where it tells those; no intervals. */
export function completed(benchmark: ImportedBenchmark): ImportedBenchmark {
  const { samples, estimates, tukey } = benchmark;
  if (samples === undefined || !isUsable(samples)) return benchmark;
  const averages = samples.values.map((value, i) => value / samples.iterations[i]!);
  const points = Object.entries(pointStatistics(averages)).map(([name, point]) => [name, { point }] as const);
  return {
    ...benchmark,
    estimates: { ...Object.fromEntries(points), ...estimates },
    tukey: tukey ?? tukeyFences(averages),
  };
}

/**
 * What is known of a benchmark in the shape of all results. What its harness says itself counts; what only samples can
 * tell is worked out of them where `analysis` is there.
 * @param analysis of its samples; with `instead` it takes the place of what the harness says
 */
export function importedJson(
  benchmark: ImportedBenchmark,
  analysis: Analysis | undefined,
  instead: boolean,
): ImportedJson {
  const { name, unit, better, change } = benchmark;
  // An analysis has all of it, with intervals
  const told = analysis === undefined ? completed(benchmark) : benchmark;
  const own = Object.fromEntries(
    Object.entries(told.estimates).map(([statistic, estimate]) => [statistic, knownJson(estimate)]),
  );
  const known = analysis === undefined ? undefined : benchResultJson(name, analysis.estimates).estimates;
  const tukey = analysis !== undefined && (instead || told.tukey === undefined) ? analysis.tukey : told.tukey;
  return {
    name,
    unit,
    better,
    estimates: instead ? { ...own, ...known } : { ...known, ...own },
    ...(tukey === undefined ? {} : { tukey: tukey as [number, number, number, number] }),
    ...(change === undefined
      ? {}
      : { change: { mean: knownJson(change.mean), median: knownJson(change.median ?? change.mean) } }),
  };
}

/** Bounds that nobody has told are null. */
function knownJson({ point, lower, upper, confidenceLevel, standardError }: KnownEstimate): EstimateJson {
  return {
    confidence_interval: {
      ...(confidenceLevel === undefined ? {} : { confidence_level: confidenceLevel }),
      lower_bound: lower ?? Number.NaN,
      upper_bound: upper ?? Number.NaN,
    },
    point_estimate: point,
    ...(standardError === undefined ? {} : { standard_error: standardError }),
  };
}
