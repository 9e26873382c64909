import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { analyse, compare, verdictOf } from '../bench/criterion/analyse.ts';
import { DEFAULT_BASELINE } from '../bench/criterion/baselines.ts';
import type { AnalysisConfig } from '../bench/criterion/config.ts';
import { UniqueNames } from '../bench/criterion/tree-names.ts';
import { findBenchmarks, readChange, readRun, type StoredBenchmark } from '../bench/criterion/tree-read.ts';
import type { Estimate, Estimates } from '../bench/estimates.ts';
import { benchmarkId, type Measurement } from '../bench/measurement.ts';
import type { BenchResultJson, EstimateJson } from '../bench/result-json.ts';
import { UserError } from '../errors.ts';
import { openOutput } from '../output.ts';
import { plotFile } from '../render/bench/plot.ts';
import { benchmarkFiles } from '../render/bench/plots.ts';
import type { BenchReport, ReportedBenchmark } from '../render/bench/report.ts';
import type { World } from '../world.ts';

/** Where a report goes; what is undefined is not written. */
export interface ReportFiles {
  /** One page. `-` = standard output. */
  readonly html?: string | undefined;
  /** Markdown. `-` = standard output. */
  readonly markdown?: string | undefined;
  /** A folder that gets each plot as an SVG, named as Criterion names it, below the benchmark's own folder. */
  readonly plots?: string | undefined;
}

/**
 * Writes a report as asked.
 * @param report its benchmarks are gone through once for each file
 * @param say a line for people on what was written
 * @throws {UserError} an output cannot be written
 */
export async function writeBenchReport(
  report: BenchReport,
  { html, markdown, plots }: ReportFiles,
  world: World,
  say: (line: string) => void,
): Promise<void> {
  if (html !== undefined) {
    const { benchHtml } = await import('../render/bench/bench-html.ts');
    await written(html, benchHtml(report), world, say);
  }
  if (markdown !== undefined) {
    const { benchMarkdown } = await import('../render/bench/bench-md.ts');
    await written(markdown, benchMarkdown(report), world, say);
  }
  if (plots === undefined) return;
  const names = new UniqueNames();
  let count = 0;
  for (const benchmark of report.benchmarks) {
    const { directory } = names.claim(benchmark.id);
    for (const plot of benchmarkFiles(benchmark)) {
      const path = join(plots, directory, 'report', `${plot.name}.svg`);
      makeFolder(dirname(path));
      await openOutput(path, world).write(plotFile(plot));
      count++;
    }
  }
  say(`wrote ${count} plots below ${plots}`);
}

async function written(
  path: string,
  chunks: Iterable<string>,
  world: World,
  say: (line: string) => void,
): Promise<void> {
  await openOutput(path, world).write(chunks);
  if (path !== '-') say(`wrote ${path}`);
}

/** @throws {UserError} the folder cannot be made */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new UserError(`cannot make the folder ${path}: ${(error as NodeJS.ErrnoException).code}`, { cause: error });
  }
}

/**
 * The benchmarks of a Criterion tree, analysed anew one by one whenever they are gone through. The last run is compared
 * with `base` where that is another run; else what the last comparison concluded is told, as far as it was kept.
 * @param baseline name of the run that the last one is compared with
 * @throws {UserError} a file is broken, or there is no benchmark
 */
export function reportedTree(
  root: string,
  config: AnalysisConfig,
  baseline = DEFAULT_BASELINE,
): Iterable<ReportedBenchmark> {
  const found = findBenchmarks(root);
  if (found.length === 0) throw new UserError(`there is no benchmark below ${root}`);
  return {
    *[Symbol.iterator]() {
      for (const stored of found) yield reportedRun(stored, config, baseline);
    },
  };
}

const LAST_RUN = 'new';

function reportedRun(stored: StoredBenchmark, config: AnalysisConfig, baseline: string): ReportedBenchmark {
  const last = stored.runs.includes(LAST_RUN) ? LAST_RUN : stored.runs[0]!;
  const { id, throughput, measurement, estimates } = readRun(stored, last);
  const known = { id, ...(throughput === undefined ? {} : { throughput }) };
  if (measurement === undefined) return { ...known, ...(estimates === undefined ? {} : { estimates }) };
  const analysis = analyse(measurement, config);
  const base = last !== baseline && stored.runs.includes(baseline) ? readRun(stored, baseline).measurement : undefined;
  if (base !== undefined && !sameTimes(base, measurement)) {
    return { ...known, analysis, comparison: compare(analysis, base, config) };
  }
  const change = readChange(stored)?.mean;
  if (change === undefined) return { ...known, analysis };
  // How likely chance was is not kept
  const verdict = verdictOf(0, change, config.significanceLevel, config.noiseThreshold);
  const { point, lower, upper } = change;
  return { ...known, analysis, judged: { verdict, change: { point, lower, upper }, basis: 'when it was run' } };
}

function sameTimes(a: Measurement, b: Measurement): boolean {
  return a.times.length === b.times.length && a.times.every((time, i) => time === b.times[i]);
}

/** Another tool's result, of which there are no samples. */
export function reportedResult({ name, unit, estimates }: BenchResultJson): ReportedBenchmark {
  const known = Object.entries(estimates).flatMap(([statistic, json]) =>
    json === undefined ? [] : [[statistic, estimateOf(json)] as const],
  );
  const parts = name.split('/');
  // The last part may be a function's input; with one part alone the group is the benchmark
  const id = benchmarkId(parts[0]!, parts.length > 1 ? parts[1] : undefined, parts.slice(2).join('/') || undefined);
  return { id: { ...id, title: name }, estimates: Object.fromEntries(known) as Partial<Estimates>, unit };
}

function estimateOf({ point_estimate, standard_error, confidence_interval }: EstimateJson): Estimate {
  return {
    point: point_estimate,
    standardError: standard_error ?? Number.NaN,
    lower: confidence_interval.lower_bound,
    upper: confidence_interval.upper_bound,
    confidenceLevel: confidence_interval.confidence_level ?? Number.NaN,
  };
}
