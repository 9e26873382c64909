import { analyse, type Comparison, compare } from '../../bench/criterion/analyse.ts';
import type { AnalysisConfig } from '../../bench/criterion/config.ts';
import { rSquared } from '../../bench/criterion/point-statistics.ts';
import { findBenchmarks, nameOf, readRun, type StoredBenchmark } from '../../bench/criterion/tree-read.ts';
import { countOutliers, type Fences, tukeyFences } from '../../bench/criterion/tukey.ts';
import type { Estimates } from '../../bench/estimates.ts';
import { averageTimes, type BenchmarkId, type Measurement } from '../../bench/measurement.ts';
import { benchResultJson } from '../../bench/result-json.ts';
import { EXIT, UserError } from '../../errors.ts';
import { openOutput } from '../../output.ts';
import type { ReportedBenchmark } from '../../render/bench/report.ts';
import { type AnalysisShown, bencherLine, criterionText } from '../../render/criterion-text.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { Call } from '../command.ts';
import { guarded } from '../guarded.ts';
import { isFolder } from '../measured/result-paths.ts';
import { analysisConfig, baselineOptions, type CriterionOptions } from './criterion-options.ts';
import { type FailOnRegression, isGated } from './fail-on-regression.ts';
import { type BenchReportOptions, openReport } from './report-options.ts';
import { concatenated, reportedTree } from './reported.ts';

export interface CriterionTreeOptions extends CriterionOptions, BenchReportOptions {
  readonly reanalyze?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
  readonly failOnRegression?: FailOnRegression;
  readonly filter?: RegExp;
}

const NEWEST = 'new';

/** Whether an import asks for Criterion's text, or for a comparison of what is kept. */
export function asksCriterion({ outputFormat, baseline, baselineLenient, loadBaseline }: CriterionOptions): boolean {
  return [outputFormat, baseline, baselineLenient, loadBaseline].some((given) => given !== undefined);
}

/**
 * Prints what Criterion has kept of benchmarks as Criterion prints it (or libtest), and compares runs by its rule, without
 * Rust: `--baseline` names what to compare with, `--load-baseline` the run that is told instead of the newest.
 * @returns the exit code: 1 where there is a regression that was not to be
 * @throws {UserError} there is no such tree, or no such run in it
 */
export function tellCriterionTrees(
  call: Call,
  folders: readonly string[],
  options: CriterionTreeOptions,
): Promise<number> {
  const report = openReport(call, options);
  return guarded(call, async (progress) => {
    const told = toldOfTrees(folders, options);
    progress.end();
    const output = openOutput('-', call.world);
    if (call.shared.json) await output.write([`${JSON.stringify([...told].map(jsonOf), null, 2)}\n`]);
    else if (!report.takesStdout) await output.write(texts(call, told, options));
    await report.write(
      { facts: [['results of', folders.join(', ')]], benchmarks: reported(folders, options) },
      progress,
    );
    const worse = told.filter(({ comparison }) => isRegression(comparison, options.failOnRegression));
    if (worse.length === 0) return EXIT.ok;
    progress.say(`regressed: ${worse.map(({ id }) => id.fullId).join(', ')}`);
    return EXIT.gateFailed;
  });
}

function reported(folders: readonly string[], options: CriterionTreeOptions): Iterable<ReportedBenchmark> {
  const { use, load } = baselineOptions(options);
  const baseline = use.kind === 'compare' ? use.name : undefined;
  const config = analysisConfig(options);
  return concatenated(
    folders.map((folder) => reportedTree(folder, config, { baseline, run: load, filter: options.filter })),
  );
}

function toldOfTrees(folders: readonly string[], options: CriterionTreeOptions): readonly Told[] {
  const { use, load = NEWEST } = baselineOptions(options);
  const base = use.kind === 'compare' ? use : undefined;
  const benchmarks = folders.flatMap((folder) => benchmarksOf(folder, options.filter));
  const known = benchmarks.filter(({ runs }) => runs.includes(load));
  if (known.length === 0) throw missing(load, benchmarks);
  const without = known.find(({ runs }) => base?.strict && !runs.includes(base.name));
  if (without !== undefined) throw missing(base!.name, [without]);
  const config = analysisConfig(options);
  return known.map((benchmark) => toldOf(benchmark, load, base?.name, config, options.reanalyze === true));
}

function* texts(call: Call, told: readonly Told[], options: CriterionTreeOptions): Iterable<string> {
  const { color } = textLook(call.world, true, options.color);
  const verbosity = call.shared.quiet ? 'quiet' : options.verbose ? 'verbose' : 'normal';
  for (const [at, each] of told.entries()) {
    // As Criterion sets groups apart
    if (at > 0 && told[at - 1]!.id.group !== each.id.group) yield '\n';
    if (options.outputFormat === 'bencher') yield bencherLine(each.title, each.estimates);
    else yield criterionText(each, { color, verbosity });
  }
}

function jsonOf({ id, estimates, tukey, comparison }: Told): object {
  return {
    ...benchResultJson(id.fullId, estimates, { tukey, ...(comparison && { change: comparison.change }) }),
    ...(comparison && { p: comparison.p, verdict: comparison.verdict }),
  };
}

/** What is told of one benchmark. */
interface Told extends AnalysisShown {
  readonly id: BenchmarkId;
  readonly tukey: Fences;
}

function benchmarksOf(folder: string, filter: RegExp | undefined): readonly StoredBenchmark[] {
  if (!isFolder(folder)) {
    throw new UserError(`${folder} is no folder of Criterion's, which --output-format and baselines need`, {
      hint: 'give target/criterion, or leave those options out',
    });
  }
  const found = findBenchmarks(folder);
  if (found.length === 0) {
    throw new UserError(`${folder}: no results of Criterion are in this folder`, { hint: 'give target/criterion' });
  }
  return filter === undefined ? found : found.filter((stored) => filter.test(nameOf(stored)));
}

function missing(name: string, benchmarks: readonly StoredBenchmark[]): UserError {
  const [first] = benchmarks;
  if (first === undefined) return new UserError('no benchmark matches --filter');
  return new UserError(`${first.folder} has no run called '${name}'`, { hint: `there are ${first.runs.join(', ')}` });
}

function toldOf(
  benchmark: StoredBenchmark,
  name: string,
  base: string | undefined,
  config: AnalysisConfig,
  again: boolean,
): Told {
  const { id, throughput, measurement, estimates } = readRun(benchmark, name);
  if (measurement === undefined) throw new UserError(`${benchmark.folder}/${name} has no sample.json`);
  const compared = base !== undefined && benchmark.runs.includes(base);
  const analysis = again || compared || estimates === undefined ? analyse(measurement, config) : undefined;
  const shown = again || estimates === undefined ? analysis!.estimates : estimates;
  const former = compared ? readRun(benchmark, base).measurement : undefined;
  const averages = averageTimes(measurement);
  const tukey = tukeyFences(averages);
  return {
    id,
    title: id.title,
    ...(throughput === undefined ? {} : { throughput }),
    estimates: shown,
    samples: averages.length,
    outliers: countOutliers(averages, tukey),
    tukey,
    ...explained(shown, measurement),
    ...(former === undefined ? {} : { comparison: compare(analysis!, former, config) }),
  };
}

function explained({ slope }: Estimates, { iterations, times }: Measurement): Pick<AnalysisShown, 'r2'> {
  if (slope === undefined) return {};
  const r2 = (of: number): number => rSquared(of, iterations, times);
  return { r2: { lower: r2(slope.lower), point: r2(slope.point), upper: r2(slope.upper) } };
}

function isRegression(
  comparison: Pick<Comparison, 'verdict' | 'change'> | undefined,
  failOnRegression: FailOnRegression,
): boolean {
  return comparison?.verdict === 'regressed' && isGated(comparison.change.mean.point, failOnRegression);
}
