import { join, resolve } from 'node:path';
import { interruptedTooSoon } from '../../bench/commands/run-command.ts';
import { DEFAULT_BASELINE } from '../../bench/criterion/baselines.ts';
import { benchFiles } from '../../bench/files/discover.ts';
import { type Found, findBenchmarks, type Unloadable } from '../../bench/runner/found.ts';
import { independentOfInput } from '../../bench/runner/input-size.ts';
import type { BenchResult } from '../../bench/runner/result.ts';
import type { Place } from '../../bench/runner/worker.ts';
import { EXIT, UserError } from '../../errors.ts';
import { openOutput } from '../../output.ts';
import { resolveProgram } from '../../processes/executables.ts';
import { makePrivateDir, removePrivateDir } from '../../processes/private-dir.ts';
import { runTool } from '../../processes/run-tool.ts';
import { runJson } from '../../render/bench-runs/run-json.ts';
import { changeText, machineNote, resultText, unloadableText } from '../../render/bench-runs/run-text.ts';
import { verdictTable } from '../../render/bench-runs/verdict-table.ts';
import type { Progress } from '../../terminal/progress.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { Call } from '../command.ts';
import { guarded } from '../guarded.ts';
import { keepIfAsked } from '../track/option.ts';
import { asCriterion, benchAsCriterion } from './as-criterion.ts';
import { openBase } from './base.ts';
import { analysisConfig } from './criterion-options.ts';
import { type BenchFileOptions, comparingSettings } from './file-options.ts';
import { type Flames, openFlames } from './flame.ts';
import { countBenchmarks } from './instruction-files.ts';
import { Interruption, notMeasured, wasInterrupted } from './interrupted.ts';
import { type Measuring, measureAgainst, measureAlone } from './measuring.ts';
import { openReport } from './report-options.ts';
import { machineFacts, reportedResults } from './reported.ts';
import { originalStack } from './stacks.ts';
import { analysesOf, openStored } from './stored.ts';

/** What is measured. */
interface Subject {
  readonly chosen: readonly Found[];
  readonly unloadable: readonly Unloadable[];
  /** Absolute. */
  readonly files: readonly string[];
  readonly place: Place;
  /** Private. */
  readonly folder: string;
}

/**
 * Measures benchmarks in files: each in fresh processes, in turns with another state of the sources where asked.
 * @returns the exit code: 1 where a benchmark failed, or a regression was not to be
 */
export function benchInFiles(call: Call, words: readonly string[], options: BenchFileOptions): Promise<number> {
  const { world } = call;
  const cwd = process.cwd();
  checkOptions(options);
  const node = resolve(resolveProgram(options.node ?? process.execPath, world.env.PATH));
  const place: Place = { cwd, node: [node], env: world.env };
  const files = benchFiles(words, cwd);
  return guarded(call, async (progress) => {
    const folder = await makePrivateDir();
    try {
      progress.show(`loading ${files.length === 1 ? 'a file' : `${files.length} files`}`);
      const { found, unloadable } = await findBenchmarks(files, place, join(folder, 'head-bundles'));
      const chosen = found.filter(({ id }) => options.filter?.test(id.fullId) ?? true);
      const [first] = unloadable;
      if (files.length === 1 && first?.mistake !== undefined) throw first.mistake;
      const broken = unloadable.map((each) => ({ ...each, failure: originalStack(each.failure, cwd) }));
      if (chosen.length === 0 && broken.length === 0) throw nothingChosen(found, options);
      if (options.list) return list(call, chosen, broken, progress);
      if (asCriterion(options))
        return await benchAsCriterion(call, { chosen, unloadable: broken, folder: cwd }, options, progress);
      return await measured(call, { chosen, unloadable: broken, files, place, folder }, options, progress);
    } finally {
      await removePrivateDir(folder);
    }
  });
}

/** @throws {UserError} options that exclude each other */
function checkOptions(options: BenchFileOptions): void {
  const { against, baseline, baselineLenient, baseSetup, failOnRegression } = options;
  const stored = baseline ?? baselineLenient ?? (asCriterion(options) ? DEFAULT_BASELINE : undefined);
  if (against !== undefined && asCriterion(options)) {
    throw new UserError("Criterion's way knows no --against", {
      hint: 'leave --criterion (and --quick and the like) out',
    });
  }
  if (against !== undefined && stored !== undefined) {
    throw new UserError('give only one of: --against, --baseline', { hint: '--against is the more exact one' });
  }
  if (baseSetup !== undefined && against === undefined) throw new UserError('--base-setup needs --against');
  if (failOnRegression !== undefined && against === undefined && stored === undefined) {
    throw new UserError('--fail-on-regression needs something to compare with', {
      hint: '--against main, or --baseline NAME',
    });
  }
}

function nothingChosen(found: readonly Found[], { filter }: BenchFileOptions): UserError {
  if (found.length === 0) {
    return new UserError('the files declare no benchmarks', {
      hint: "import { bench } from 'pforge-prof/bench' and call bench('name', () => ...)",
    });
  }
  const names = found.slice(0, 5).map(({ id }) => id.fullId);
  return new UserError(`no benchmark matches ${filter?.source}`, {
    hint: `there are ${names.join(', ')}${found.length > 5 ? ', ...' : ''}`,
  });
}

/** As `cargo bench -- --list` prints them. */
async function list(
  call: Call,
  chosen: readonly Found[],
  unloadable: readonly Unloadable[],
  progress: Progress,
): Promise<number> {
  const entries = chosen.map(({ id, file }) => ({ name: id.fullId, file }));
  const text = call.shared.json
    ? `${JSON.stringify(entries, null, 2)}\n`
    : entries.map(({ name }) => `${name}: benchmark\n`).join('');
  await openOutput('-', call.world).write([text]);
  for (const { file, failure } of unloadable) progress.say(`${file}: ${failure.what}: ${failure.hint}`);
  return unloadable.length > 0 ? EXIT.gateFailed : EXIT.ok;
}

async function measured(
  call: Call,
  { chosen, unloadable, files, place, folder }: Subject,
  options: BenchFileOptions,
  progress: Progress,
): Promise<number> {
  const { world, shared } = call;
  const settings = comparingSettings(options);
  if (options.metric === 'instructions') {
    return countedInstructions(call, { chosen, unloadable, files, place, folder }, options, progress);
  }
  const output = openOutput('-', world);
  const look = textLook(world, true, options.color);
  const report = openReport(call, options);
  const write = async (text: string): Promise<void> => {
    progress.end();
    if (!shared.json && !shared.quiet && !report.takesStdout && text !== '') await output.write([`${text}\n`]);
  };
  const node = await versionOf(place);
  const stored = openStored(options, chosen, world, place.cwd, node);
  // A stored baseline is compared with when all are measured: its verdicts share one budget
  const streams = options.baseline === undefined && options.baselineLenient === undefined;
  const interruption = new Interruption(progress);
  const measuring: Measuring = {
    settings,
    progress,
    interruption,
    done: async (result) => (streams ? write(resultText(result, look)) : undefined),
  };
  for (const each of unloadable) await write(unloadableText(each, look));
  const seed = options.seed ?? Number(process.hrtime.bigint() & 0xffffffffn);
  const flames = openFlames(options, settings, world, folder, progress);
  const raw =
    options.against === undefined
      ? await withFlames(await measureAlone(chosen, options.processes, measuring), flames, measuring)
      : await inTurns(options.against, { chosen, files, place, folder }, options, seed, measuring, flames);
  interruption.release();
  if (interruption.asked && raw.length === 0) interruptedTooSoon();
  const results = stored?.compared(raw, settings) ?? raw;
  if (!streams) for (const result of results) await write(resultText(result, look));
  await write(verdictTable(results, look));
  const analyses = analysesOf(results, analysisConfig(options));
  if (shared.json) await output.write([`${JSON.stringify(runJson(results, analyses, unloadable), null, 2)}\n`]);
  const whole = results.filter((result) => !wasInterrupted(result));
  if (whole.length > 0) await keepIfAsked(options, () => runJson(whole, analyses, unloadable), progress);
  const kept = whole.length > 0 ? stored?.keep(whole, analyses) : undefined;
  const machine = machineNote(results);
  const notes = [...independentOfInput(results), ...(machine === undefined ? [] : [machine]), ...(stored?.notes ?? [])];
  const rest = interruption.asked ? notMeasured(chosen, results) : undefined;
  for (const note of rest === undefined ? notes : [rest, ...notes]) progress.say(`note: ${note}`);
  if (kept !== undefined) progress.say(kept);
  await report.write(
    { facts: machineFacts(node), benchmarks: reportedResults(results, analysisConfig(options)) },
    progress,
  );
  return exitCode(results, unloadable, options, progress);
}

/** Instructions instead of times, see `bench/instruction-files`. */
async function countedInstructions(
  call: Call,
  { chosen, unloadable, files, place, folder }: Subject,
  options: BenchFileOptions,
  progress: Progress,
): Promise<number> {
  const { against, noiseThreshold, failOnRegression } = options;
  const base = against === undefined ? undefined : await openBase(against, files, place, folder, options.baseSetup);
  try {
    for (const note of base?.notes ?? []) progress.say(`note: ${note}`);
    const alone = base === undefined ? [] : chosen.filter(({ id }) => !base.found.has(id.title));
    for (const { id } of alone) progress.say(`note: ${id.fullId} is not compared: ${base!.name} does not have it`);
    const settings = comparingSettings(options);
    const asked = {
      chosen,
      unloadable,
      base: base?.found,
      settings,
      noise: noiseThreshold,
      failOnRegression,
      color: options.color,
    };
    return await countBenchmarks(call, asked, progress);
  } finally {
    base?.remove();
  }
}

async function inTurns(
  against: string,
  { chosen, files, place, folder }: Omit<Subject, 'unloadable'>,
  options: BenchFileOptions,
  seed: number,
  measuring: Measuring,
  flames: Flames | undefined,
): Promise<readonly BenchResult[]> {
  const { progress } = measuring;
  progress.show(`getting ${against}`);
  const base = await openBase(against, files, place, folder, options.baseSetup);
  try {
    for (const note of base.notes) progress.say(`note: ${note}`);
    const missing = chosen.filter(({ id }) => !base.found.has(id.title));
    if (missing.length > 0 && missing.length === chosen.length) {
      throw new UserError(`${base.name} has none of these benchmarks`, { hint: 'are they called otherwise there?' });
    }
    for (const { id } of missing) progress.say(`note: ${id.fullId} is not measured: ${base.name} does not have it`);
    return await withFlames(await measureAgainst(chosen, base.found, seed, measuring), flames, measuring);
  } finally {
    base.remove();
  }
}

async function withFlames(
  results: readonly BenchResult[],
  flames: Flames | undefined,
  { interruption, progress }: Measuring,
): Promise<readonly BenchResult[]> {
  const drawn = interruption.asked ? undefined : await flames?.draw(results);
  for (const [{ found }, file] of drawn ?? []) progress.say(`why ${found.id.title} takes what it takes: ${file}`);
  return results.map((result) => {
    const flame = drawn?.get(result);
    return flame === undefined ? result : { ...result, flame };
  });
}

/** The version of the node that runs benchmarks. */
async function versionOf({ node }: Place): Promise<string> {
  if (node[0] === process.execPath) return process.version;
  const { code, stdout } = await runTool(node[0]!, ['--version']);
  if (code !== 0 || !stdout.startsWith('v')) {
    throw new UserError(`${node[0]} does not tell its version`, { hint: 'give --node the path of a node' });
  }
  return stdout.trim();
}

function exitCode(
  results: readonly BenchResult[],
  unloadable: readonly Unloadable[],
  { failOnRegression }: BenchFileOptions,
  progress: Progress,
): number {
  const failed = [
    ...results.filter(({ failure }) => failure !== undefined).map(({ found }) => found.id.fullId),
    ...unloadable.map(({ file }) => file),
  ];
  if (failed.length > 0) progress.say(`failed: ${failed.join(', ')}`);
  const limit = typeof failOnRegression === 'number' ? failOnRegression / 100 : 0;
  const worse = results.filter(
    ({ verdict }) => failOnRegression !== undefined && verdict?.verdict === 'regressed' && verdict.ratio - 1 > limit,
  );
  if (worse.length > 0) {
    const words = worse.map(({ found, verdict }) => `${found.id.fullId} ${changeText(verdict!.ratio)}`);
    progress.say(`regressed${limit > 0 ? ` by more than ${limit * 100} %` : ''}: ${words.join(', ')}`);
  }
  return failed.length > 0 || worse.length > 0 ? EXIT.gateFailed : EXIT.ok;
}
