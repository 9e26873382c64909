import { type Command as CommanderCommand, InvalidArgumentError, Option } from 'commander';
import { TIME_UNITS } from '../../render/command-runs/time-unit.ts';
import { collected, number } from '../options/values.ts';

/** Options of `bench` for whole commands, spelled as hyperfine has them; names as commander makes them. */
export interface CommandRunOptions {
  readonly cmd?: readonly string[];
  readonly reference?: string;
  readonly referenceName?: string;
  readonly commandName?: readonly string[];
  readonly warmup: number;
  readonly runs?: number;
  readonly minRuns?: number;
  readonly maxRuns?: number;
  readonly setup?: string;
  readonly prepare?: readonly string[];
  readonly conclude?: readonly string[];
  readonly cleanup?: string;
  /** Triples: name, from, to. */
  readonly parameterScan?: readonly string[];
  readonly parameterStepSize?: string;
  /** Pairs: name, values. */
  readonly parameterList?: readonly string[];
  /** true: the usual one; `none`: none. */
  readonly shell?: string | true;
  readonly ignoreFailure?: true | readonly number[];
  readonly showOutput?: boolean;
  readonly output?: readonly string[];
  readonly input?: string;
  readonly timeUnit?: string;
  readonly sort: 'auto' | 'command' | 'mean-time';
  readonly order?: 'interleaved' | 'sequential';
  readonly randomizeEnv: boolean;
  readonly timeout?: number;
  readonly metric: 'auto' | 'wall' | 'cpu' | 'instructions';
  /** hyperfine's -N. */
  readonly N?: true;
  readonly exportJson?: string;
  readonly exportCsv?: string;
  readonly exportMarkdown?: string;
  readonly exportAsciidoc?: string;
  readonly exportOrgmode?: string;
}

const runs = number({ min: 1, max: 1e6, whole: true });

/** Adds what `bench -- program` and `bench --cmd` take. */
export function addCommandRunOptions(command: CommanderCommand): CommanderCommand {
  return command
    .optionsGroup('Whole commands (as hyperfine has them):')
    .option('--cmd <command>', 'a command to measure, its words split at blanks; several are run in turns', collected)
    .option('--reference <command>', 'the command that all others are compared with (default: the first one)')
    .option('--reference-name <name>', 'what to call it')
    .option('-n, --command-name <name>', 'what to call a command; once for each', collected)
    .option(
      '-w, --warmup <runs>',
      'run each command so often before the first that counts',
      number({ min: 0, max: 1e5, whole: true }),
      0,
    )
    .option('-r, --runs <runs>', 'so many runs of each command, exactly', runs)
    .option('-m, --min-runs <runs>', 'so many at least (default: 10)', runs)
    .option('-M, --max-runs <runs>', 'so many at most', runs)
    .option('--setup <command>', 'run this before the first run of each command')
    .option('-p, --prepare <command>', 'run this before each run; once for all commands, or once for each', collected)
    .option('-C, --conclude <command>', 'run this after each run; once for all commands, or once for each', collected)
    .option('--cleanup <command>', 'run this after the last run of each command')
    .option('-P, --parameter-scan <name-from-to...>', 'measure with {NAME} replaced by each number FROM to TO')
    .option('-D, --parameter-step-size <step>', 'the step of --parameter-scan (default: 1)')
    .option('-L, --parameter-list <name-values...>', 'measure with {NAME} replaced by each of the values A,B,C')
    .option('-S, --shell [shell]', 'have a shell run the commands; what it takes to start is measured and taken off')
    .option('-N', 'no shell, which is the default')
    .addOption(
      new Option('-i, --ignore-failure [codes]', 'failed runs count; with codes (1,2) only those').argParser(exitCodes),
    )
    .option('--show-output', 'show what the commands print, which makes them slower')
    .option('--output <where>', 'what they print goes to: null (default), pipe, inherit or a file', collected)
    .option('--input <where>', 'what they read comes from: null (default) or a file')
    .addOption(
      new Option('-u, --time-unit <unit>', 'unit of the text and of exported tables').choices(
        TIME_UNITS.map(({ name }) => name),
      ),
    )
    .addOption(
      new Option('--sort <order>', 'of exported tables: as given, or by mean time')
        .choices(['auto', 'command', 'mean-time'])
        .default('auto'),
    )
    .addOption(
      new Option(
        '--order <order>',
        'run commands in turns, or one after another (default: in turns, unless --setup or --cleanup differ between them)',
      ).choices(['interleaved', 'sequential']),
    )
    .addOption(
      new Option(
        '--metric <what>',
        'what is compared: CPU time where wall time is noisy (auto), or instructions, which are exact and slow to count',
      )
        .choices(['auto', 'wall', 'cpu', 'instructions'])
        .default('auto'),
    )
    .option('--no-randomize-env', 'the same environment in all runs: its size moves the stack, and with it times')
    .option('--export-json <file>', "write hyperfine's JSON")
    .option('--export-csv <file>', "write hyperfine's CSV")
    .option('--export-markdown <file>', 'write a Markdown table')
    .option('--export-asciidoc <file>', 'write an AsciiDoc table')
    .option('--export-orgmode <file>', 'write an Emacs org-mode table');
}

function exitCodes(text: string): true | readonly number[] {
  if (text === 'all-non-zero') return true;
  return text.split(',').map((code) => {
    const value = Number(code);
    if (code.trim() === '' || !Number.isInteger(value) || value < 0 || value > 255) {
      throw new InvalidArgumentError('It must be exit codes, as 1,2, or all-non-zero.');
    }
    return value;
  });
}

/** True where an exit code means that a command has failed, and nobody said that it may. */
export function isFailure(exitCode: number, { ignoreFailure }: CommandRunOptions): boolean {
  if (exitCode === 0 || ignoreFailure === true) return false;
  return ignoreFailure === undefined || !ignoreFailure.includes(exitCode);
}
