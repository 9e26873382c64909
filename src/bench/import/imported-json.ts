import { type Analysis, analyse } from '../criterion/analyse.ts';
import type { AnalysisConfig } from '../criterion/config.ts';
import { benchmarkId } from '../measurement.ts';
import { type BenchResultJson, benchResultJson, type EstimateJson } from '../result-json.ts';
import type { ImportedBenchmark, KnownEstimate } from './result-format.ts';

/** One benchmark of `bench import --json`. */
export interface ImportedJson extends BenchResultJson {
  readonly better: 'smaller' | 'bigger';
}

/**
 * Criterion's analysis of what a file has of single measurements.
 * @returns undefined where it has none, or some that no time can be
 */
export function analysisOf(benchmark: ImportedBenchmark, config: AnalysisConfig): Analysis | undefined {
  const { samples, name } = benchmark;
  if (samples === undefined || samples.values.length < 2) return undefined;
  if (!samples.values.every((value) => value > 0) || !samples.iterations.every((count) => count > 0)) return undefined;
  const { values: times, iterations, samplingMode } = samples;
  return analyse({ id: benchmarkId(name), samplingMode, iterations, times }, config);
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
  const own = Object.fromEntries(
    Object.entries(benchmark.estimates).map(([statistic, estimate]) => [statistic, knownJson(estimate)]),
  );
  const known = analysis === undefined ? undefined : benchResultJson(name, analysis.estimates).estimates;
  const tukey = analysis !== undefined && (instead || benchmark.tukey === undefined) ? analysis.tukey : benchmark.tukey;
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
