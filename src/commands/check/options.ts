import { type Command as CommanderCommand, InvalidArgumentError, Option } from 'commander';
import { parseBudget, SUBJECT_KINDS } from '../../history/budget-expression.ts';
import { HISTORY_FILE } from '../../history/json-lines.ts';
import { collected, number } from '../options/values.ts';
import { addCiOptions, type CiOptions } from './ci-outputs.ts';
import type { PlacedBudget } from './config.ts';

/** What `check` can write. */
const CHECK_FORMATS = ['text', 'md', 'json', 'customSmallerIsBetter', 'customBiggerIsBetter'] as const;

export interface CheckOptions extends CiOptions {
  readonly budget?: readonly string[];
  readonly config?: string;
  readonly baseline?: readonly string[];
  readonly strict?: boolean;
  /** 1.1 = 110 %. */
  readonly alertThreshold?: number;
  readonly failThreshold?: number;
  readonly store?: string;
  readonly suite: string;
  readonly machine?: string;
  readonly commit?: string;
  readonly branch?: string;
  readonly inputFormat?: string;
  readonly runs?: number;
  readonly warmup?: number;
  readonly output?: string;
  readonly format?: (typeof CHECK_FORMATS)[number];
}

const ABOUT = [...SUBJECT_KINDS].map(([kind, about]) => `  ${kind.padEnd(8)} ${about}`).join('\n');

export const CHECK_EXAMPLES = `
What budgets are about (in quotes or /regexp/ any name; * stands for anything):
${ABOUT}
Limits are absolute (1us, 64KiB, 20%, 5k/s) or growth: +5% of baseline, of history, of previous; 105% of baseline.

Examples:
  pforge-prof check bench.json --budget 'bench.parse.median < 1us' --budget 'bench.*.median < +5% of baseline'
  pforge-prof check load.json --budget 'load.p(99) < 50ms' --budget 'load.errors < 0.1%'
  pforge-prof check cpu.cpuprofile --budget "frame('JSON.parse').total < 20%"
  pforge-prof check --budget 'run.median < 80ms' --budget 'run.memory < 60MB' -- node cli.js --version
  pforge-prof check --budget "files('dist/*.js').gzip < 100kB"
  pforge-prof check bench.json                     the budgets and results of pforge-prof.config.{json,js,mjs,ts}
  pforge-prof check bench.json --alert-threshold 110% --data-js dev/bench/data.js
`;

export function configureCheck(command: CommanderCommand): CommanderCommand {
  command
    .argument(
      '[results...]',
      '--json of any command, results of any harness or load tool, recordings; - is standard input',
    )
    .option('--budget <expression>', 'what must hold; may be given several times', collected)
    .option('--config <file>', 'budgets (default: pforge-prof.config.{json,js,mjs,ts} here or above)')
    .option('--baseline <file>', 'results that growth is reckoned from (default: the history)', collected)
    .option('--strict', 'what cannot be told, as the interval crosses the limit, fails too')
    .option('--alert-threshold <percent>', 'all results against the commit before, 110%: worse fails', percent)
    .option('--fail-threshold <percent>', 'of those only worse than this fail, the others are warnings', percent)
    .option(
      '--store <place>',
      `the history: a file, sqlite:FILE, postgres://... (default: ${HISTORY_FILE} below the repository's top folder)`,
    )
    .option('--suite <name>', 'names what belongs together, such as one job', '')
    .option('--machine <name>', 'whose history it is (default: that of machines with these processors)')
    .option('--commit <ref>', 'the commit that was measured (default: the one that is checked out)')
    .option('--branch <name>', 'of whose history growth is reckoned (default: main, master or trunk, else most of it)')
    .option('--input-format <format>', 'the format of the results, instead of detecting it')
    .option('-r, --runs <n>', 'runs of the program after --', number({ min: 1, max: 1e6, whole: true }))
    .option('-w, --warmup <n>', 'its runs before the first that counts', number({ min: 0, max: 1e5, whole: true }))
    .option('-o, --output <file>', 'where the report goes (default: standard output)')
    .addOption(
      new Option('--format <format>', 'of the report, or of the results for github-action-benchmark').choices(
        CHECK_FORMATS,
      ),
    );
  return addCiOptions(command);
}

/** `110%` or `1.1`. */
function percent(text: string): number {
  const [, digits, sign] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim()) ?? [];
  const value = Number(digits) / (sign === '%' ? 100 : 1);
  if (digits === undefined || !(value > 0)) throw new InvalidArgumentError('It must be a share such as 110% or 1.1.');
  return value;
}

/** Budgets of `--budget`. @throws {UserError} one is none: at which column */
export function flagBudgets({ budget = [] }: CheckOptions): PlacedBudget[] {
  return budget.map((text) => ({ budget: parseBudget(text), isWarning: false, isOptional: false }));
}
