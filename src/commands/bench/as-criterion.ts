import { interruptedTooSoon } from '../../bench/commands/run-command.ts';
import { type Analysis, analyse, type Comparison, compare } from '../../bench/criterion/analyse.ts';
import { Baselines } from '../../bench/criterion/baselines.ts';
import type { SamplingPlan } from '../../bench/criterion/sampling-plan.ts';
import { criterionHome } from '../../bench/criterion/tree-names.ts';
import type { Measurement } from '../../bench/measurement.ts';
import { benchResultJson } from '../../bench/result-json.ts';
import { sampleAsCriterion } from '../../bench/runner/criterion-run.ts';
import type { Failure } from '../../bench/runner/failure.ts';
import type { Found, Unloadable } from '../../bench/runner/found.ts';
import { DEFAULT_MEASURING } from '../../bench/runner/side.ts';
import { EXIT } from '../../errors.ts';
import { openOutput } from '../../output.ts';
import { unloadableText } from '../../render/bench-runs/run-text.ts';
import { bencherLine, criterionProgress, criterionText } from '../../render/criterion-text.ts';
import type { Progress } from '../../terminal/progress.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { Call } from '../command.ts';
import { analysisConfig, baselineOptions, samplingConfig } from './criterion-options.ts';
import { isGated } from './fail-on-regression.ts';
import type { BenchFileOptions } from './file-options.ts';
import { diedOfInterrupt, Interruption, notMeasured } from './interrupted.ts';
import { openReport } from './report-options.ts';
import { machineFacts } from './reported.ts';
import { originalStack } from './stacks.ts';

/** Whether one of the options asks for Criterion's own way. */
export function asCriterion({ criterion, quick, loadBaseline, outputFormat }: BenchFileOptions): boolean {
  return criterion === true || quick === true || loadBaseline !== undefined || outputFormat !== undefined;
}

interface Judged {
  readonly found: Found;
  readonly analysis: Analysis;
  readonly comparison: Comparison | undefined;
}

/**
 * Measures benchmarks one after the other as Criterion does, one process each, and prints what it prints. Its rule calls
 * a good part of unchanged benchmarks changed on a busy machine; it is there for those who need its very numbers.
 * @param folder of target/criterion
 * @returns the exit code
 */
export async function benchAsCriterion(
  call: Call,
  { chosen, unloadable, folder }: { chosen: readonly Found[]; unloadable: readonly Unloadable[]; folder: string },
  options: BenchFileOptions,
  progress: Progress,
): Promise<number> {
  const { world, shared } = call;
  const output = openOutput('-', world);
  const look = textLook(world, true, options.color);
  const report = openReport(call, options);
  const write = async (text: string): Promise<void> => {
    progress.end();
    if (!shared.json && !report.takesStdout) await output.write([text]);
  };
  const baselines = new Baselines(criterionHome(world.env, folder), baselineOptions(options));
  baselines.require(chosen);
  const config = analysisConfig(options);
  const judged: Judged[] = [];
  const failed: Unloadable[] = [...unloadable];
  const interruption = new Interruption(progress);
  interruption.listen();
  for (const found of chosen) {
    if (interruption.asked) break;
    const measured = await measurementOf(found, baselines, options, progress);
    if ('failure' in measured) {
      if (diedOfInterrupt(measured, interruption)) break;
      failed.push({ file: found.id.fullId, failure: originalStack(measured.failure, folder) });
      continue;
    }
    progress.show(criterionProgress.analyzing(found.id.title));
    const analysis = analyse(measured.measurement, config);
    const base = baselines.base(found.directory);
    const comparison = base === undefined ? undefined : compare(analysis, base, config);
    judged.push({ found, analysis, comparison });
    await write(textOf({ found, analysis, comparison }, options, look.color, shared.quiet));
    baselines.keep(found.directory, analysis, comparison?.change);
  }
  interruption.release();
  if (interruption.asked && judged.length === 0 && failed.length === 0) interruptedTooSoon();
  const rest = interruption.asked ? notMeasured(chosen, judged) : undefined;
  if (rest !== undefined) progress.say(`note: ${rest}`);
  for (const each of failed) await write(`${unloadableText(each, look)}\n`);
  if (shared.json) await output.write([`${JSON.stringify(jsonOf(judged, failed), null, 2)}\n`]);
  const benchmarks = judged.map(({ found: { id, throughput }, analysis, comparison }) => ({
    id,
    analysis,
    ...(throughput === undefined ? {} : { throughput }),
    ...(comparison === undefined ? {} : { comparison }),
  }));
  await report.write({ facts: machineFacts(process.version), benchmarks }, progress);
  return exitCode(judged, failed, options, progress);
}

async function measurementOf(
  found: Found,
  baselines: Baselines,
  options: BenchFileOptions,
  progress: Progress,
): Promise<{ readonly measurement: Measurement } | { readonly failure: Failure }> {
  const loaded = baselines.loaded(found.directory);
  if (loaded !== undefined) return { measurement: loaded };
  const { title } = found.id;
  const quick = options.quick === true ? analysisConfig(options).significanceLevel : undefined;
  const sampling = samplingConfig(options);
  progress.show(criterionProgress.start(title));
  // Warm-up and samples take as long as they are to take, twice as long where a step is one iteration
  const own = (sampling.warmUpTime + 2 * sampling.measurementTime) / 1e9;
  const timeout = options.timeout ?? DEFAULT_MEASURING.timeout + 2 * own;
  return sampleAsCriterion(
    found,
    { ...sampling, quick, timeout },
    {
      warmingUp: (time) => progress.show(criterionProgress.warmUp(title, time)),
      collecting: (plan: SamplingPlan) => {
        if (plan.warning !== undefined) progress.say(`warning: ${plan.warning}`);
        progress.show(criterionProgress.collecting(title, plan, options.verbose === true));
      },
    },
  );
}

function textOf(
  { found, analysis, comparison }: Judged,
  options: BenchFileOptions,
  color: boolean,
  quiet: boolean,
): string {
  if (options.outputFormat === 'bencher') return bencherLine(found.id.title, analysis.estimates);
  const { throughput } = found;
  const shown = {
    ...analysis,
    title: found.id.title,
    samples: analysis.averages.length,
    ...(throughput === undefined ? {} : { throughput }),
    ...(comparison === undefined ? {} : { comparison }),
  };
  return `${criterionText(shown, { color, verbosity: quiet ? 'quiet' : options.verbose ? 'verbose' : 'normal' })}\n`;
}

function jsonOf(judged: readonly Judged[], failed: readonly Unloadable[]): readonly object[] {
  return [
    ...judged.map(({ found, analysis, comparison }) => ({
      ...benchResultJson(found.id.fullId, analysis.estimates, {
        tukey: analysis.tukey,
        ...(comparison === undefined ? {} : { change: comparison.change }),
      }),
      file: found.file,
      ...(comparison === undefined ? {} : { p: comparison.p, verdict: comparison.verdict }),
      warnings: [],
    })),
    ...failed.map(({ file, failure }) => ({
      name: file,
      warnings: [],
      error: { message: failure.what, hint: failure.hint, stack: failure.stack, side: 'head' },
    })),
  ];
}

function exitCode(
  judged: readonly Judged[],
  failed: readonly Unloadable[],
  { failOnRegression }: BenchFileOptions,
  progress: Progress,
): number {
  if (failed.length > 0) progress.say(`failed: ${failed.map(({ file }) => file).join(', ')}`);
  const worse = judged.filter(
    ({ comparison }) => comparison?.verdict === 'regressed' && isGated(comparison.change.mean.point, failOnRegression),
  );
  if (worse.length > 0) progress.say(`regressed: ${worse.map(({ found }) => found.id.fullId).join(', ')}`);
  return failed.length > 0 || worse.length > 0 ? EXIT.gateFailed : EXIT.ok;
}
