import type { Verdict } from '../criterion/analyse.ts';
import type { JsonValue } from '../json-value.ts';
import type { SamplingMode } from '../measurement.ts';
import type { Verdict as PairVerdict } from '../pairs/verdict.ts';

/** Criterion's verdicts and those of pairs. */
export type ToldVerdict = Verdict | PairVerdict;

/** What a file says of a statistic; what it does not say is not there. */
export interface KnownEstimate {
  readonly point: number;
  readonly lower?: number;
  readonly upper?: number;
  readonly standardError?: number;
  /** Of the interval, 0 to 1. */
  readonly confidenceLevel?: number;
}

export type StatisticName = 'mean' | 'median' | 'std_dev' | 'median_abs_dev' | 'slope';

/** Single measurements, in the unit of the benchmark: `values[i]` is of all `iterations[i]` iterations together. */
export interface RawSamples {
  readonly values: Float64Array;
  readonly iterations: Float64Array;
  readonly samplingMode: SamplingMode;
}

/** One benchmark that another harness has measured. */
export interface ImportedBenchmark {
  readonly name: string;
  /** `ns` for every time; else what the file calls it. */
  readonly unit: string;
  /** Which way it is better. */
  readonly better: 'smaller' | 'bigger';
  readonly estimates: Readonly<Partial<Record<StatisticName, KnownEstimate>>>;
  readonly samples?: RawSamples;
  readonly tukey?: readonly [number, number, number, number];
  /** Against the run before, relative: 0.05 = 5 % more. */
  readonly change?: { readonly mean: KnownEstimate; readonly median?: KnownEstimate };
  /** What the harness concludes of it. */
  readonly verdict?: ToldVerdict;
}

export interface ImportedResults {
  readonly benchmarks: readonly ImportedBenchmark[];
  /** What of the file was left out, and why. */
  readonly notes: readonly string[];
}

/** A file of results, read whole. */
export interface ResultText {
  /** How messages name it. */
  readonly name: string;
  readonly text: string;
  /** Where the text is one JSON document. */
  readonly json: JsonValue | undefined;
}

/** One format of results. */
export interface ResultFormat {
  readonly id: string;
  /** `Google Benchmark JSON`. */
  readonly title: string;
  /** Looks at what the format cannot be without; what it claims and cannot read is an error. */
  detect(input: ResultText): boolean;
  /** @throws {UserError} it is broken: where, and what is wrong */
  read(input: ResultText): ImportedResults;
}

/** A single number, which is what most formats have of a benchmark. */
export function single(
  name: string,
  unit: string,
  mean: number | KnownEstimate,
  more: Partial<Omit<ImportedBenchmark, 'name' | 'unit'>> = {},
): ImportedBenchmark {
  const { estimates, ...rest } = more;
  const point = typeof mean === 'number' ? { point: mean } : mean;
  return { better: 'smaller', ...rest, name, unit, estimates: { mean: point, ...estimates } };
}

/** Samples that are averages of unknown numbers of iterations. */
export function averages(values: ArrayLike<number>): RawSamples {
  return {
    values: Float64Array.from(values),
    iterations: new Float64Array(values.length).fill(1),
    samplingMode: 'Flat',
  };
}
