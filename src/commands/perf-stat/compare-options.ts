import { type Command as CommanderCommand, InvalidArgumentError, Option } from 'commander';
import { UserError } from '../../errors.ts';
import type { Call } from '../command.ts';
import { splitWords } from '../options/split-words.ts';
import { number } from '../options/values.ts';
import type { CountingOptions } from './options.ts';

/** Who counts; names as commander makes them. */
export interface CallgrindCountingOptions {
  readonly counter?: 'perf' | 'callgrind';
  readonly cacheSim?: boolean;
  readonly branchSim?: boolean;
}

/** What is compared with what; names as commander makes them. */
export interface ComparingOptions {
  readonly vs?: readonly string[];
  readonly baseline?: string;
  readonly saveBaseline?: string;
  /** Percent; true where none was given. */
  readonly failOnRegression?: number | true;
  readonly threshold?: number;
  readonly only?: readonly string[];
  readonly runs?: number;
}

const percent = number({ min: 0, max: 1e6 });

export function addComparingOptions(command: CommanderCommand): CommanderCommand {
  return command
    .addOption(
      new Option(
        '--vs <command>',
        'run this and the program in turns, and tell what differs (-r 10 unless given); no shell',
      ).argParser(splitWords),
    )
    .option(
      '--save-baseline <name>',
      'keep the counters under this name, in .pforge-prof/perf-stat (-r 10 unless given)',
    )
    .option('--baseline <name>', 'compare with what was kept under this name (-r 10 unless given)')
    .addOption(
      new Option(
        '--fail-on-regression [percent]',
        'exit 1 when a counter got worse, significantly and by more than this',
      ).argParser(percent),
    )
    .option('--threshold <percent>', 'changes below this do not count (default: 1; for callgrind 0.1)', percent)
    .option('--only <counters>', 'compare these, separated by commas', names)
    .option(
      '--runs <n>',
      'runs behind each mean, where a saved output does not say',
      number({ min: 2, max: 1e6, whole: true }),
    );
}

function names(text: string): readonly string[] {
  const list = text.split(',').map((name) => name.trim());
  if (list.includes('')) throw new InvalidArgumentError('It must be names of counters, separated by commas.');
  return list;
}

/** How often a program is run that is to be compared, when nobody says. */
const TURNS = 10;
/** Callgrind counts the same again, or nearly so, and takes long. */
const CALLGRIND_TURNS = 3;

/** One run tells nothing of how much runs differ: what is compared, or kept to be, is run several times. */
export function withTurns<Options extends ComparingOptions & CountingOptions & CallgrindCountingOptions>(
  call: Call,
  options: Options,
): Options {
  const compared = options.vs ?? options.baseline ?? options.saveBaseline;
  if (compared === undefined || call.program === undefined || options.repeat > 1) return options;
  return { ...options, repeat: options.counter === 'callgrind' ? CALLGRIND_TURNS : TURNS };
}

/** @throws {UserError} options that mean nothing together */
export function checkComparing(
  call: Call,
  inputs: readonly string[],
  options: ComparingOptions & CountingOptions & CallgrindCountingOptions,
): void {
  checkCallgrind(options);
  const { vs, baseline, saveBaseline, failOnRegression, only, threshold, pid } = options;
  const diff = inputs[0] === 'diff';
  if (diff && inputs.length !== 3) {
    throw new UserError(`diff compares two files, not ${inputs.length - 1}`, {
      hint: 'pforge-prof perf-stat diff before.txt after.txt',
    });
  }
  if (!diff && inputs.length > 1) {
    throw new UserError('give one saved output', { hint: 'perf-stat diff A B compares two; cat puts runs together' });
  }
  if (inputs.length > 0 && (call.program !== undefined || pid !== undefined)) {
    throw new UserError('give only one of: a saved output, a program after --, --pid');
  }
  if (vs !== undefined && call.program === undefined) {
    throw new UserError('--vs needs a program after -- to compare with', {
      hint: "pforge-prof perf-stat --vs './old' -- ./new",
    });
  }
  const ways = [diff, vs !== undefined, baseline !== undefined].filter(Boolean).length;
  if (ways > 1) throw new UserError('give only one of: diff, --vs, --baseline');
  if (diff && saveBaseline !== undefined) throw new UserError('diff measures nothing that --save-baseline could keep');
  if (ways > 0) return;
  const idle = [
    ['--fail-on-regression', failOnRegression],
    ['--threshold', threshold],
    ['--only', only],
  ].find(([, value]) => value !== undefined);
  if (idle) {
    throw new UserError(`${idle[0]} needs something to compare with`, { hint: 'give --vs, --baseline, or diff A B' });
  }
}

/** @throws {UserError} what callgrind cannot do, or what it alone can */
function checkCallgrind(options: CountingOptions & CallgrindCountingOptions): void {
  const { counter, cacheSim, branchSim, event, interval, perThread, allCpus, detailed, pid } = options;
  const given = (wishes: readonly (readonly [string, unknown])[]): string | undefined =>
    wishes.find(([, value]) => value !== undefined)?.[0];
  if (counter !== 'callgrind') {
    const own = given([
      ['--cache-sim', cacheSim],
      ['--branch-sim', branchSim],
    ]);
    if (own !== undefined) throw new UserError(`${own} needs --counter callgrind`);
    return;
  }
  const other = given([
    ['--event', event],
    ['--interval', interval],
    ['--per-thread', perThread],
    ['--all-cpus', allCpus],
    ['--detailed', detailed],
    ['--pid', pid],
  ]);
  if (other === undefined) return;
  throw new UserError(`${other} is for perf: callgrind cannot do that`, {
    hint: 'leave it out, or leave --counter callgrind out',
  });
}
