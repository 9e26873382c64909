import type { Command as CommanderCommand } from 'commander';
import type { AnalysisConfig } from '../../bench/criterion/config.ts';
import { analysisOf, type ImportedJson, importedJson } from '../../bench/import/imported-json.ts';
import type { ReadResults } from '../../bench/import/registry.ts';
import type { ImportedBenchmark } from '../../bench/import/result-format.ts';
import { EXIT, UserError } from '../../errors.ts';
import { openOutput } from '../../output.ts';

import { importedText } from '../../render/command-runs/imported-text.ts';
import { forLocale } from '../../terminal/ascii.ts';
import { escapeTerminal } from '../../terminal/escape.ts';
import type { Progress } from '../../terminal/progress.ts';
import { textLook } from '../../terminal/text-look.ts';
import type { Call } from '../command.ts';
import { guarded } from '../guarded.ts';
import { isFolder, readResultsAt } from '../measured/result-paths.ts';
import { timeLimited } from '../options/time-limited.ts';
import { analysisConfig, type CriterionOptions } from './criterion-options.ts';
import { type FailOnRegression, isGated } from './fail-on-regression.ts';
import { type BenchReportOptions, openReport } from './report-options.ts';
import { concatenated, reportedImports, reportedTree, toldChange } from './reported.ts';

export interface ImportOptions extends CriterionOptions, BenchReportOptions {
  readonly reanalyze?: boolean;
  readonly inputFormat?: string;
  readonly filter?: RegExp;
  readonly failOnRegression?: FailOnRegression;
  readonly color?: boolean;
}

/** Adds what `bench import` takes beside the options of Criterion's analysis. */
export function addImportOptions(command: CommanderCommand): CommanderCommand {
  return command
    .optionsGroup('Results of other harnesses (bench import PATH...):')
    .option('--reanalyze', "Criterion's analysis of the single measurements, instead of what the harness says")
    .option('--input-format <format>', 'the format of the results, instead of detecting it');
}

/**
 * Reads results of other harnesses: files, - for standard input, or folders that Criterion wrote.
 * @throws {UserError} one of them is unknown or broken
 */
export function benchImport(call: Call, paths: readonly string[], options: ImportOptions): Promise<number> {
  if (paths.length === 0) {
    throw new UserError('nothing to import', {
      hint: 'give files, - or folders: pforge-prof bench import target/criterion',
    });
  }
  const report = openReport(call, options);
  return guarded(call, async (progress) => {
    const read: ReadResults[] = [];
    for (const path of paths) {
      const results = await readResultsAt(path, call.world, options.inputFormat);
      const { filter } = options;
      const isAsked = ({ name }: { readonly name: string }): boolean => filter?.test(name) ?? true;
      const chosen = (): typeof results.benchmarks => results.benchmarks.filter(isAsked);
      read.push({ ...results, benchmarks: timeLimited(filter, chosen) });
    }
    const found = read.flatMap(({ benchmarks }) => benchmarks);
    if (options.filter !== undefined && found.length === 0) throw new UserError('no benchmark matches --filter');
    await showImported(call, read, options, progress, report.takesStdout);
    const config = analysisConfig(options);
    // A tree has more than what is imported of it: throughput, and runs to compare with
    const benchmarks = paths.map((path, i) =>
      isFolder(path)
        ? reportedTree(path, config, { filter: options.filter })
        : reportedImports(read[i]!.benchmarks, config),
    );
    await report.write({ facts: [['results of', paths.join(', ')]], benchmarks: concatenated(benchmarks) }, progress);
    return gate(found, config, options, progress);
  });
}

/** Says what became worse, as the harnesses tell it. @returns the exit code */
function gate(
  benchmarks: readonly ImportedBenchmark[],
  config: AnalysisConfig,
  { failOnRegression }: ImportOptions,
  progress: Progress,
): number {
  const worse = benchmarks.filter((benchmark) => {
    const told = toldChange(benchmark, config);
    if (told?.verdict !== 'regressed') return false;
    return isGated(benchmark.better === 'bigger' ? -told.change!.point : told.change!.point, failOnRegression);
  });
  if (worse.length === 0) return EXIT.ok;
  progress.say(`regressed: ${worse.map(({ name }) => escapeTerminal(name)).join(', ')}`);
  return EXIT.gateFailed;
}

/** Shows what was read: as JSON, or as a table. @param silent standard output is for something else */
export async function showImported(
  call: Call,
  read: readonly ReadResults[],
  options: ImportOptions,
  progress: Progress,
  silent = false,
): Promise<void> {
  const config = analysisConfig(options);
  const instead = options.reanalyze === true;
  const notes = read.flatMap((results) => results.notes);
  const rows: ImportedJson[] = read.flatMap(({ benchmarks }) =>
    benchmarks.map((benchmark) => {
      // What the harness does not say itself is worked out, as a benchmark without a mean is none
      const needed = instead || benchmark.estimates.mean === undefined;
      const analysis = needed ? analysisOf(benchmark, config) : undefined;
      if (instead && analysis === undefined) notes.push(`${benchmark.name}: no single measurements, told as they are`);
      return importedJson(benchmark, analysis, instead);
    }),
  );
  progress.end();
  const output = openOutput('-', call.world);
  if (call.shared.json) await output.write([`${JSON.stringify(rows, null, 2)}\n`]);
  else if (!call.shared.quiet && !silent) {
    const formats = [...new Set(read.map(({ format }) => format))];
    const look = textLook(call.world, true, options.color);
    await output.write([forLocale(importedText(rows, formats, look), look)]);
  }
  for (const note of new Set(notes)) progress.say(`note: ${note}`);
}
