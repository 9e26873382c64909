import { cpus } from 'node:os';
import type { BenchCommand } from '../../bench/commands/bench-command.ts';
import type { CommandTable } from '../../bench/commands/compare-commands.ts';
import type { CommandSummary } from '../../bench/commands/summary.ts';
import { analyse, compare, verdictOf } from '../../bench/criterion/analyse.ts';
import { DEFAULT_BASELINE } from '../../bench/criterion/baselines.ts';
import { type AnalysisConfig, DEFAULT_ANALYSIS } from '../../bench/criterion/config.ts';
import { findBenchmarks, nameOf, readChange, readRun, type StoredBenchmark } from '../../bench/criterion/tree-read.ts';
import type { Estimate, Estimates } from '../../bench/estimates.ts';
import { analysisOf } from '../../bench/import/imported-json.ts';
import type { ImportedBenchmark, KnownEstimate } from '../../bench/import/result-format.ts';
import { type BenchmarkId, benchmarkId, type Measurement } from '../../bench/measurement.ts';
import type { PairedVerdict } from '../../bench/pairs/verdict.ts';
import type { BenchResult } from '../../bench/runner/result.ts';
import { measurementOf } from '../../bench/runner/side.ts';
import { plural } from '../../plural.ts';
import type { Judged, ReportedBenchmark } from '../../render/bench/report.ts';

const LAST_RUN = 'new';

/** Which runs of a Criterion tree are told. */
interface TreeRuns {
  /** What a run is compared with. Default: base */
  readonly baseline?: string | undefined;
  /** Default: the last one */
  readonly run?: string | undefined;
  /** Of full ids. Default: all */
  readonly filter?: RegExp | undefined;
}

/**
 * The benchmarks of a Criterion tree, analysed anew one by one whenever they are gone through. The last run is compared
 * with `base` where that is another run; else what the last comparison concluded is told, as far as it was kept.
 * @throws {UserError} a file is broken
 */
export function reportedTree(
  root: string,
  config: AnalysisConfig,
  { baseline = DEFAULT_BASELINE, run = LAST_RUN, filter }: TreeRuns = {},
): Iterable<ReportedBenchmark> {
  const chosen = findBenchmarks(root).filter(
    (stored) => (filter?.test(nameOf(stored)) ?? true) && (run === LAST_RUN || stored.runs.includes(run)),
  );
  return lazily(chosen, (stored) => reportedRun(stored, config, baseline, run));
}

/** One after the other, whenever they are gone through. */
export function concatenated<T>(lists: readonly Iterable<T>[]): Iterable<T> {
  return {
    *[Symbol.iterator]() {
      for (const list of lists) yield* list;
    },
  };
}

/** Made anew whenever they are gone through: the resamples of all at once would fill the memory. */
function lazily<T>(list: readonly T[], reported: (one: T) => ReportedBenchmark): Iterable<ReportedBenchmark> {
  return {
    *[Symbol.iterator]() {
      for (const one of list) yield reported(one);
    },
  };
}

function reportedRun(
  stored: StoredBenchmark,
  config: AnalysisConfig,
  baseline: string,
  run: string,
): ReportedBenchmark {
  const last = stored.runs.includes(run) ? run : stored.runs[0]!;
  const { id, throughput, measurement, estimates } = readRun(stored, last);
  const known = { id, ...(throughput === undefined ? {} : { throughput }) };
  if (measurement === undefined) return { ...known, ...(estimates === undefined ? {} : { estimates }) };
  const analysis = analyse(measurement, config);
  const base = last !== baseline && stored.runs.includes(baseline) ? readRun(stored, baseline).measurement : undefined;
  if (base !== undefined && !sameTimes(base, measurement)) {
    return { ...known, analysis, comparison: compare(analysis, base, config) };
  }
  const change = last === LAST_RUN ? readChange(stored)?.mean : undefined;
  if (change === undefined) return { ...known, analysis };
  // How likely chance was is not kept
  const verdict = verdictOf(0, change, config.significanceLevel, config.noiseThreshold);
  const { point, lower, upper } = change;
  return { ...known, analysis, judged: { verdict, change: { point, lower, upper }, basis: 'when it was run' } };
}

function sameTimes(a: Measurement, b: Measurement): boolean {
  return a.times.length === b.times.length && a.times.every((time, i) => time === b.times[i]);
}

/** What other tools have measured: their samples are analysed where they tell them. */
export function reportedImports(
  benchmarks: readonly ImportedBenchmark[],
  config: AnalysisConfig,
): Iterable<ReportedBenchmark> {
  return lazily(benchmarks, (benchmark) => {
    const { name, unit, estimates } = benchmark;
    // The last part may be a function's input; with one part alone the group is the benchmark
    const [group, functionName, ...value] = name.split('/');
    const id = { ...benchmarkId(group!, functionName, value.length === 0 ? undefined : value.join('/')), title: name };
    const analysis = unit === 'ns' ? analysisOf(benchmark, config) : undefined;
    const judged = toldChange(benchmark, config);
    const compared = judged === undefined ? {} : { judged };
    if (analysis !== undefined) return { id, analysis, ...compared };
    const known = Object.entries(estimates).map(([statistic, estimate]) => [statistic, wholeEstimate(estimate)]);
    return { id, unit, estimates: Object.fromEntries(known) as Partial<Estimates>, ...compared };
  });
}

/** The change that a harness tells, and its verdict; where it has none, that of the interval. Counts are exact. */
export function toldChange({ change, verdict, better }: ImportedBenchmark, config: AnalysisConfig): Judged | undefined {
  if (change === undefined) return undefined;
  const { point, lower = point, upper = point } = change.mean;
  const worse = better === 'smaller' ? { lower, upper } : { lower: -upper, upper: -lower };
  const own = verdict ?? verdictOf(0, worse, config.significanceLevel, config.noiseThreshold);
  return { verdict: own, change: { point, lower, upper }, basis: 'when it was run' };
}

function wholeEstimate({ point, standardError, lower, upper, confidenceLevel }: KnownEstimate): Estimate {
  const unknown = Number.NaN;
  return {
    point,
    standardError: standardError ?? unknown,
    lower: lower ?? unknown,
    upper: upper ?? unknown,
    confidenceLevel: confidenceLevel ?? unknown,
  };
}

/** What was measured here. A sample stands for a process; the verdict is that of the pairs, never Criterion's. */
export function reportedResults(results: readonly BenchResult[], config: AnalysisConfig): Iterable<ReportedBenchmark> {
  return lazily(results, ({ found, head, base, verdict, warnings, failure }) => {
    const { id, throughput } = found;
    const said = warnings.map(({ text, advice }) => `${text}: ${advice}`);
    const known = {
      id,
      warnings: failure === undefined ? said : [`${failure.what}: ${failure.hint}`, ...said],
      ...(throughput === undefined ? {} : { throughput }),
      ...(verdict === undefined
        ? {}
        : { judged: pairsJudged(verdict, `${verdict.k} ${plural(verdict.k, 'pair')} of processes`) }),
    };
    if (head === undefined || head.medians.length < 2) return known;
    const analysis = analyse(measurementOf(head), config);
    if (base === undefined || base.medians.length < 2) return { ...known, analysis };
    return { ...known, analysis, comparison: compare(analysis, measurementOf(base), config) };
  });
}

function pairsJudged({ verdict, ratio, low, high }: PairedVerdict, basis: string): Judged {
  return { verdict, change: { point: ratio - 1, lower: low - 1, upper: high - 1 }, basis };
}

/** Whole commands: each of their runs is a sample. What they are compared with is the first of them. */
export function reportedCommands(
  summaries: readonly CommandSummary[],
  table: CommandTable | undefined,
): Iterable<ReportedBenchmark> {
  const reference = table?.reference;
  const base = reference && reference.times.length > 1 ? measurementOfRuns(reference) : undefined;
  return lazily(summaries, (summary) => {
    const { times, failure } = summary;
    const judged = table?.others.find((other) => other.summary === summary)?.judged;
    const known = {
      id: commandId(summary.command),
      ...(failure === undefined ? {} : { warnings: [failure] }),
      ...(judged === undefined
        ? {}
        : { judged: pairsJudged(judged, `${judged.k} ${plural(judged.k, 'turn')}, ${table!.measure} time`) }),
    };
    if (times.length < 2 || !times.every((time) => time > 0)) return known;
    const analysis = analyse(measurementOfRuns(summary), DEFAULT_ANALYSIS);
    const compared = base !== undefined && judged !== undefined && base.times.every((time) => time > 0);
    return { ...known, analysis, ...(compared ? { comparison: compare(analysis, base, DEFAULT_ANALYSIS) } : {}) };
  });
}

/** Commands make one group. One parameter makes lines of a command: it is its input. */
function commandId({ name, parameters }: BenchCommand): BenchmarkId {
  const [only, ...others] = parameters;
  const group = 'commands';
  if (only === undefined || others.length > 0 || !name.includes(only[1])) {
    return { ...benchmarkId(group, name), title: name };
  }
  const [parameter, value] = only;
  return { ...benchmarkId(group, name.replace(value, `{${parameter}}`), value), title: name };
}

function measurementOfRuns({ command, times }: CommandSummary): Measurement {
  const iterations = new Float64Array(times.length).fill(1);
  return { id: commandId(command), samplingMode: 'Flat', iterations, times };
}

/** What a reader wants to know of the machine that measured. */
export function machineFacts(node: string): readonly (readonly [string, string])[] {
  const processors = cpus();
  const model = processors[0]?.model.trim() || 'processors';
  return [
    ['machine', `${processors.length} × ${model}`],
    ['node', node],
    ['date', new Date().toISOString().slice(0, 10)],
  ];
}
