import type { Analysis, Comparison, Verdict } from '../../bench/criterion/analyse.ts';
import { type Estimate, type Estimates, typicalEstimate } from '../../bench/estimates.ts';
import type { BenchmarkId, Throughput } from '../../bench/measurement.ts';

/** Criterion's verdicts and those of interleaved pairs. */
export type ReportVerdict = Verdict | 'equivalent' | 'inconclusive';

/** One benchmark of a report: with samples all is drawn; of other tools' results what they tell is shown. */
export interface ReportedBenchmark {
  readonly id: BenchmarkId;
  readonly throughput?: Throughput;
  /** Where there are samples. */
  readonly analysis?: Analysis;
  readonly comparison?: Comparison;
  /** Where there are none. */
  readonly estimates?: Partial<Estimates>;
  /** Of `estimates`. Default: nanoseconds */
  readonly unit?: string;
  /** What was concluded, where that is not Criterion's verdict of `comparison`. */
  readonly judged?: Judged;
  /** What makes the numbers doubtful and what to do about it, a sentence each. */
  readonly warnings?: readonly string[];
}

/** A verdict and what it rests on. */
export interface Judged {
  readonly verdict: ReportVerdict;
  /** Relative change and the ends of its interval: 0.05 = 5 % slower. */
  readonly change?: { readonly point: number; readonly lower: number; readonly upper: number };
  /** `12 pairs of processes`, `p = 0.03`. */
  readonly basis?: string;
}

export interface BenchReport {
  readonly title: string;
  /** What is known of the run: machine, versions, settings. */
  readonly facts: readonly (readonly [name: string, text: string])[];
  /** Taken one by one, so that the resamples of one alone are in memory. */
  readonly benchmarks: Iterable<ReportedBenchmark>;
}

/** What stays in memory of a benchmark once it is drawn. */
export interface ReportRow {
  readonly id: BenchmarkId;
  readonly throughput?: Throughput;
  readonly averages?: Float64Array;
  readonly estimates: Partial<Estimates>;
  readonly unit: string;
  readonly judged?: Judged;
  readonly warnings: readonly string[];
}

export function rowOf(benchmark: ReportedBenchmark): ReportRow {
  const { id, throughput, analysis, comparison, unit = 'ns', warnings = [] } = benchmark;
  const judged = benchmark.judged ?? (comparison && criterionJudged(comparison));
  return {
    id,
    unit,
    warnings,
    estimates: analysis?.estimates ?? benchmark.estimates ?? {},
    ...(throughput === undefined ? {} : { throughput }),
    ...(analysis === undefined ? {} : { averages: analysis.averages }),
    ...(judged === undefined ? {} : { judged }),
  };
}

function criterionJudged({ verdict, change, p }: Comparison): Judged {
  const { point, lower, upper } = change.mean;
  return { verdict, change: { point, lower, upper }, basis: chanceWords(p) };
}

function chanceWords(p: number): string {
  if (Number.isNaN(p)) return 'nothing varies';
  return p < 0.005 ? 'p < 0.01' : `p = ${p.toFixed(2)}`;
}

/** The estimate that stands for the benchmark in tables; undefined where nothing is known. */
export function shownEstimate({ mean, median, slope, ...rest }: Partial<Estimates>): Estimate | undefined {
  return mean === undefined ? (slope ?? median) : typicalEstimate({ mean, slope } as Estimates & typeof rest);
}

/** A group and its benchmarks, in the order of their first. */
export function groupsOf(rows: readonly ReportRow[]): ReadonlyMap<string, readonly ReportRow[]> {
  const groups = new Map<string, ReportRow[]>();
  for (const row of rows) {
    const group = groups.get(row.id.group);
    if (group === undefined) groups.set(row.id.group, [row]);
    else group.push(row);
  }
  return groups;
}
