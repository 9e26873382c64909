import { statSync } from 'node:fs';
import type { Command as CommanderCommand } from 'commander';
import { readCriterionTree } from '../bench/import/criterion-tree.ts';
import { analysisOf, type ImportedJson, importedJson } from '../bench/import/imported-json.ts';
import { type ReadResults, readResults } from '../bench/import/registry.ts';
import { EXIT, UserError } from '../errors.ts';
import { openInput, readBytes } from '../formats/input.ts';
import { openOutput } from '../output.ts';
import { importedText } from '../render/command-runs/imported-text.ts';
import { forLocale } from '../terminal/ascii.ts';
import type { Progress } from '../terminal/progress.ts';
import { textLook } from '../terminal/text-look.ts';
import type { World } from '../world.ts';
import { analysisConfig, type CriterionOptions } from './bench-criterion-options.ts';
import type { Call } from './command.ts';
import { guarded } from './guarded.ts';

export interface ImportOptions extends CriterionOptions {
  readonly reanalyze?: boolean;
  readonly inputFormat?: string;
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
  return guarded(call, async (progress) => {
    const read: ReadResults[] = [];
    for (const path of paths) read.push(await readPath(path, call.world, options));
    await showImported(call, read, options, progress);
    return EXIT.ok;
  });
}

async function readPath(path: string, world: World, { inputFormat }: ImportOptions): Promise<ReadResults> {
  if (path !== '-' && statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    const tree = readCriterionTree(path);
    if (tree !== undefined) return tree;
    throw new UserError(`${path}: no results of Criterion are in this folder`, {
      hint: 'give a file, or the folder target/criterion',
    });
  }
  const bytes = await readBytes(await openInput(path, { stdin: world.stdin }));
  const name = path === '-' ? 'standard input' : path;
  return readResults(new TextDecoder().decode(bytes), name, inputFormat === 'criterion' ? undefined : inputFormat);
}

/** Shows what was read: as JSON, or as a table. */
export async function showImported(
  call: Call,
  read: readonly ReadResults[],
  options: ImportOptions,
  progress: Progress,
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
  else if (!call.shared.quiet) {
    const formats = [...new Set(read.map(({ format }) => format))];
    const look = textLook(call.world, true, options.color);
    await output.write([forLocale(importedText(rows, formats, look), look)]);
  }
  for (const note of new Set(notes)) progress.say(`note: ${note}`);
}
