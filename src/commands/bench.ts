import { UserError } from '../errors.ts';
import { asCriterion } from './bench/as-criterion.ts';
import { benchCargo, isCargoBench } from './bench/cargo.ts';
import { addCommandRunOptions } from './bench/command-options.ts';
import { benchCommands, type CommandBenchOptions } from './bench/commands.ts';
import { addCriterionOptions } from './bench/criterion-options.ts';
import { asksCriterion, tellCriterionTrees } from './bench/criterion-tree.ts';
import { addBenchFileOptions, type BenchFileOptions } from './bench/file-options.ts';
import { benchInFiles } from './bench/files.ts';
import { addImportOptions, benchImport, type ImportOptions } from './bench/import.ts';
import { addReportOptions } from './bench/report-options.ts';
import type { Call, Command } from './command.ts';
import { optionWord } from './options/values.ts';

const EXAMPLES = `
Benchmark files declare what is measured; each benchmark runs in fresh processes of its own:
  import { bench, blackBox } from 'pforge-prof/bench';
  bench('parse', () => JSON.parse(blackBox(text)));

Examples:
  pforge-prof bench                                   all of bench/**/*.bench.{ts,js,mjs}
  pforge-prof bench parse.bench.ts -f '^json/'        some of one file
  pforge-prof bench --against main                    this state and that of main in turns: what changed?
  pforge-prof bench --against main --fail-on-regression   for machines: exit code 1
  pforge-prof bench --save-baseline v1                keep results; later:
  pforge-prof bench --baseline v1
  pforge-prof bench -- ./app --fast                   a whole command
  pforge-prof bench --cmd './old' --cmd './new'       commands in turns
  pforge-prof bench -L size 1k,1m --cmd './sort {size}'   with each value of a parameter
  pforge-prof bench -- cargo bench                    what Criterion and other harnesses of cargo measure
  pforge-prof bench import target/criterion           results of Criterion, or of thirty other harnesses
  pforge-prof bench import target/criterion --html report.html   a report, without Rust
`;

/** Benchmarks: numbers to trust, and comparisons that do not cry wolf. */
export const bench: Command = {
  configure(command) {
    command.argument('[files...]', 'files with benchmarks, or folders of them (default: bench/)');
    addBenchFileOptions(command).optionsGroup("Criterion's options (its defaults hold for --criterion):");
    addReportOptions(addImportOptions(addCommandRunOptions(addCriterionOptions(command)))).addHelpText(
      'after',
      EXAMPLES,
    );
  },

  async run(call, words, rawOptions) {
    const options = rawOptions as unknown as CommandBenchOptions & BenchFileOptions & ImportOptions;
    checkTrack(call, words, options);
    if (words[0] !== 'import') checkOfFiles(call, options);
    if (words[0] === 'import' && asksCriterion(options)) return tellCriterionTrees(call, words.slice(1), options);
    if (words[0] === 'import') return benchImport(call, words.slice(1), options);
    if (call.program !== undefined && isCargoBench(call.program)) return benchCargo(call, call.program, options);
    if (call.program !== undefined || options.cmd !== undefined) return benchCommands(call, options);
    return benchInFiles(call, words, options);
  },
};

/** Options that mean nothing to whole commands. */
const OF_FILES = [
  'list',
  'filter',
  'against',
  'baseSetup',
  'seed',
  'node',
  'flame',
] as const satisfies readonly (keyof BenchFileOptions)[];

/** @throws {UserError} an option of benchmarks in files with a command */
function checkOfFiles({ program }: Call, options: CommandBenchOptions & BenchFileOptions): void {
  const foreign =
    program === undefined && options.cmd === undefined
      ? undefined
      : OF_FILES.find((name) => options[name] !== undefined);
  if (foreign !== undefined) throw new UserError(`${optionWord(foreign)} is for benchmarks in files, not for commands`);
}

/** @throws {UserError} `--track` with a way of measuring that leaves its results to `track` */
function checkTrack(
  { program }: Call,
  [first]: readonly string[],
  options: CommandBenchOptions & BenchFileOptions,
): void {
  if (options.track === undefined) return;
  const other =
    first === 'import'
      ? 'bench import'
      : program !== undefined && isCargoBench(program)
        ? 'cargo bench'
        : options.metric === 'instructions'
          ? '--metric instructions'
          : asCriterion(options)
            ? "Criterion's way"
            : undefined;
  if (other === undefined) return;
  throw new UserError(`--track does not keep what ${other} tells`, {
    hint: 'give track the files: pforge-prof track target/criterion, or what --json wrote',
  });
}
