import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { criterionHome } from '../../bench/criterion/tree-names.ts';
import { readCriterionTree } from '../../bench/import/criterion-tree.ts';
import { RESULT_FORMATS, type ReadResults, readResults } from '../../bench/import/registry.ts';
import { UserError } from '../../errors.ts';
import { resolveProgram } from '../../processes/executables.ts';
import { overhear } from '../../processes/overheard-program.ts';
import { runTool } from '../../processes/run-tool.ts';
import { exitCodeOf } from '../../processes/target.ts';
import type { Call } from '../command.ts';
import { guarded } from '../guarded.ts';
import { type ImportOptions, showImported } from './import.ts';

/** Options of cargo that have a value in a word of their own and may come before the subcommand. */
const WITH_VALUE = new Set(['--config', '-C', '-Z', '--color']);
const METADATA_MS = 60_000;

/** True for `cargo bench ...` and `cargo criterion ...`: a harness that measures by itself, which is not to be measured. */
export function isCargoBench(program: readonly string[]): boolean {
  if (basename(program[0] ?? '') !== 'cargo') return false;
  let at = 1;
  while (at < program.length && /^[-+]/.test(program[at]!)) at += WITH_VALUE.has(program[at]!) ? 2 : 1;
  return program[at] === 'bench' || program[at] === 'criterion';
}

/**
 * Runs `cargo bench` and tells what it measured: what Criterion wrote meanwhile, and what libtest and others printed.
 * What cargo prints goes to standard error, as results are on standard output.
 * @returns cargo's exit code
 */
export function benchCargo(call: Call, program: readonly string[], options: ImportOptions): Promise<number> {
  const { world } = call;
  return guarded(call, async (progress) => {
    const started = Date.now();
    const { exit, stdout } = await overhear(program, world.env, world.stderr as NodeJS.WriteStream);
    const code = exitCodeOf(exit);
    const tree = await writtenTree(program, world.env, started);
    const printed = printedResults(stdout, tree);
    const read = [tree, printed].filter((results) => results !== undefined);
    if (read.length > 0) await showImported(call, read, options, progress);
    else if (code === 0) {
      throw new UserError('cargo bench ran, and no results are known of it', {
        hint: 'Criterion, libtest, iai and gungraun are understood; does the package have benchmarks?',
      });
    }
    if (code !== 0) progress.say(`cargo ended with ${code}`);
    return code;
  });
}

async function writtenTree(
  program: readonly string[],
  env: NodeJS.ProcessEnv,
  started: number,
): Promise<ReadResults | undefined> {
  const folder = await criterionFolder(program, env);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
  const isNew = (run: string): boolean =>
    ['sample.json', 'estimates.json'].some((name) => {
      const file = statSync(join(run, name), { throwIfNoEntry: false });
      // File systems keep times by their own clock, which may be some milliseconds late
      return file !== undefined && file.mtimeMs >= started - 50;
    });
  const tree = readCriterionTree(folder, isNew);
  return tree === undefined || tree.benchmarks.length === 0 ? undefined : tree;
}

/** Where Criterion writes: cargo knows where a workspace has its target folder. */
async function criterionFolder(program: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  if (env.CRITERION_HOME) return env.CRITERION_HOME;
  const given = optionOf(program, '--target-dir');
  if (given !== undefined) return join(given, 'criterion');
  const manifest = optionOf(program, '--manifest-path');
  const args = ['metadata', '--no-deps', '--offline', '--format-version', '1'];
  const more = manifest === undefined ? [] : ['--manifest-path', manifest];
  const { code, stdout } = await runTool(resolveProgram(program[0]!, env.PATH), [...args, ...more], METADATA_MS);
  const target = code === 0 ? /"target_directory":("(?:[^"\\]|\\.)*")/.exec(stdout)?.[1] : undefined;
  return target === undefined ? criterionHome(env, process.cwd()) : join(JSON.parse(target) as string, 'criterion');
}

function optionOf(program: readonly string[], name: string): string | undefined {
  const end = program.indexOf('--');
  const words = end < 0 ? program : program.slice(0, end);
  const at = words.indexOf(name);
  return at >= 0 ? words[at + 1] : words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** @returns what is printed and not in the tree; undefined where nothing is known of it */
function printedResults(stdout: string, tree: ReadResults | undefined): ReadResults | undefined {
  const name = 'the output of cargo bench';
  const input = { name, text: stdout, json: undefined };
  const format = RESULT_FORMATS.find(({ id, detect }) => PRINTED.has(id) && detect(input));
  if (format === undefined) return undefined;
  const results = readResults(stdout, name, format.id);
  const known = new Set(tree?.benchmarks.map((benchmark) => benchmark.name));
  const benchmarks = results.benchmarks.filter((benchmark) => !known.has(benchmark.name));
  const isNew = tree === undefined ? results.benchmarks.length > 0 : benchmarks.length > 0;
  return isNew ? { ...results, benchmarks } : undefined;
}

/** What harnesses that cargo runs print. */
const PRINTED = new Set(['gungraun-json', 'cargo-criterion', 'criterion-text', 'iai', 'libtest']);
