import { availableParallelism, loadavg } from 'node:os';
import { type CommandTable, compareCommands } from '../../bench/commands/compare-commands.ts';
import { type Measured, type MeasurePlan, measureCommands } from '../../bench/commands/measure-commands.ts';
import { Stopping } from '../../bench/commands/stopping.ts';
import { type CommandSummary, shellCost, summarize } from '../../bench/commands/summary.ts';
import { analyse } from '../../bench/criterion/analyse.ts';
import { DEFAULT_ANALYSIS } from '../../bench/criterion/config.ts';
import { benchmarkId } from '../../bench/measurement.ts';
import { type BenchResultJson, benchResultJson } from '../../bench/result-json.ts';
import { EXIT } from '../../errors.ts';
import { openOutput } from '../../output.ts';
import { commandJson } from '../../render/command-runs/commands-json.ts';
import { commandsText, comparisonText } from '../../render/command-runs/commands-text.ts';
import { timeUnit } from '../../render/command-runs/time-unit.ts';
import { forLocale } from '../../terminal/ascii.ts';
import type { Progress } from '../../terminal/progress.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { Call } from '../command.ts';
import { guarded } from '../guarded.ts';
import { keepIfAsked } from '../track/option.ts';
import { openExports } from './command-exports.ts';
import { type CommandRunOptions, isFailure } from './command-options.ts';
import { type CommandPlan, planCommands } from './command-plan.ts';
import { countCommands } from './instructions.ts';
import { type BenchReportOptions, openReport } from './report-options.ts';
import { machineFacts, reportedCommands } from './reported.ts';

/** What else of bench's options concerns whole commands. */
export interface CommandBenchOptions extends CommandRunOptions, BenchReportOptions {
  /** Changes up to this part do not matter. */
  readonly noiseThreshold?: number;
  /** Probability of a verdict that is wrong. */
  readonly significanceLevel?: number;
  readonly failOnRegression?: boolean | number;
  readonly color?: boolean;
}

/**
 * Measures whole commands, in turns, and says how they compare.
 * @returns the exit code: 1 where a command failed, or a regression was not to be
 */
export function benchCommands(call: Call, options: CommandBenchOptions): Promise<number> {
  const plan = planCommands(call, options);
  if (options.metric === 'instructions') return countCommands(call, plan, options);
  const text = openOutput('-', call.world);
  const exports = openExports(options, call.world);
  const report = openReport(call, options);
  return guarded(call, async (progress) => {
    const rules = stoppingRules(plan, options);
    const measured = await measureCommands(measurePlan(call, plan, options, rules, progress));
    progress.end();
    const shell = measured.empty.length > 0 ? shellCost(measured.empty) : undefined;
    const summaries = measured.results.map((result) => summarize(result, shell));
    const table = comparable(plan, summaries) ? compareCommands(summaries, rules.compare) : undefined;
    const list = summaries.map((summary) => commandJson(summary, estimatesOf(summary), shell, table));
    if (call.shared.json) {
      await text.write([`${JSON.stringify(list, null, 2)}\n`]);
    } else if (!call.shared.quiet && !report.takesStdout) {
      const unit = options.timeUnit === undefined ? undefined : timeUnit(options.timeUnit);
      const look = { ...textLook(call.world, true, options.color), ...(unit === undefined ? {} : { unit }) };
      const compared = table === undefined ? '' : comparisonText(table, look);
      await text.write([forLocale(commandsText(summaries, look, shell) + compared, look)]);
    }
    await keepIfAsked(options, () => list, progress);
    await exports(summaries, options.reference === undefined ? undefined : summaries[0], progress);
    await report.write(
      { facts: machineFacts(process.version), benchmarks: reportedCommands(summaries, table) },
      progress,
    );
    for (const note of notesOf(plan, measured, rules)) progress.say(`note: ${note}`);
    return exitCode(summaries, table, options, progress);
  });
}

function measurePlan(
  { world }: Call,
  { commands, emptyShell, sequential }: CommandPlan,
  options: CommandBenchOptions,
  rules: Stopping,
  progress: Progress,
): MeasurePlan {
  const { timeout } = options;
  return {
    commands,
    ...(emptyShell === undefined ? {} : { emptyShell }),
    warmup: options.warmup,
    sequential,
    enough: (soFar) => rules.enough(soFar),
    fails: (code) => isFailure(code, options),
    ...(timeout === undefined ? {} : { timeoutSeconds: timeout }),
    randomizeEnvironment: options.randomizeEnv,
    showOutput: options.showOutput === true,
    env: world.env,
    seed: Number(process.hrtime.bigint() & 0xffffffffn),
    progress: (line) => progress.show(line),
  };
}

function stoppingRules(plan: CommandPlan, options: CommandBenchOptions): Stopping {
  const { runs, minRuns, maxRuns, noiseThreshold, significanceLevel, metric } = options;
  const limits = {
    commands: plan.commands,
    sequential: plan.sequential,
    ...(runs === undefined ? {} : { runs }),
    ...(minRuns === undefined ? {} : { minRuns }),
    ...(maxRuns === undefined ? {} : { maxRuns }),
  };
  return new Stopping(limits, {
    crowd: Math.max(1, loadavg()[0]! / availableParallelism()),
    ...(noiseThreshold === undefined ? {} : { noise: noiseThreshold }),
    ...(significanceLevel === undefined ? {} : { budget: significanceLevel }),
    ...(metric === 'wall' || metric === 'cpu' ? { measure: metric } : {}),
  });
}

function comparable({ sequential }: CommandPlan, summaries: readonly CommandSummary[]): boolean {
  return !sequential && summaries.length > 1 && summaries[0]!.runs.length > 1;
}

/** Of a single run there is a time and nothing else. */
function estimatesOf(summary: CommandSummary): BenchResultJson {
  const { command, times } = summary;
  if (times.length < 2) {
    const only = {
      point_estimate: times[0]!,
      confidence_interval: { lower_bound: Number.NaN, upper_bound: Number.NaN },
    };
    return { name: command.name, unit: 'ns', estimates: times.length === 0 ? {} : { mean: only, median: only } };
  }
  const id = benchmarkId(command.name);
  const iterations = new Float64Array(times.length).fill(1);
  const { estimates, tukey } = analyse({ id, samplingMode: 'Flat', iterations, times }, DEFAULT_ANALYSIS);
  return benchResultJson(command.name, estimates, { tukey });
}

function notesOf({ sequential, commands }: CommandPlan, { interrupted, results }: Measured, rules: Stopping): string[] {
  const notes: string[] = [];
  if (interrupted) {
    const turns = Math.max(...results.map(({ runs }) => runs.length));
    notes.push(`interrupted: ${turns} ${turns === 1 ? 'run' : 'runs'} of at most ${rules.compare.maxPairs} were made`);
  }
  if (sequential && commands.length > 1) {
    notes.push(
      'commands ran one after another, so that the machine may have been busier for one than for another: their times are told, not judged',
    );
  }
  return notes;
}

function exitCode(
  summaries: readonly CommandSummary[],
  table: CommandTable | undefined,
  { failOnRegression }: CommandBenchOptions,
  progress: Progress,
): number {
  const failed = summaries.filter(({ failure }) => failure !== undefined);
  for (const { command, failure } of failed) progress.say(`${command.name}: ${failure}`);
  if (failed.length > 0) return EXIT.gateFailed;
  if (failOnRegression === undefined || failOnRegression === false) return EXIT.ok;
  const limit = failOnRegression === true ? 0 : failOnRegression / 100;
  const worse = table?.others.filter(({ judged }) => judged?.verdict === 'regressed' && judged.ratio - 1 > limit);
  if (worse === undefined || worse.length === 0) return EXIT.ok;
  progress.say(
    `slower than ${table!.reference.command.name}: ${worse.map((row) => row.summary.command.name).join(', ')}`,
  );
  return EXIT.gateFailed;
}
