import { type Command as CommanderCommand, InvalidArgumentError, Option } from 'commander';
import { type Assertion, parseAssertion } from '../../console/assertions.ts';
import { ASYNC_WEIGHTS, type AsyncWeight } from '../../console/async-stacks.ts';
import { UserError } from '../../errors.ts';
import { WRITABLE_FORMATS } from '../../formats/writable.ts';
import { renderers } from '../../render/registry.ts';
import { seconds } from '../load/options.ts';
import { number } from '../options/values.ts';

/** What the words of `pforge-prof console` say; names as commander makes them. */
export interface ConsoleOptions {
  readonly pid?: number;
  readonly tokio?: string;
  readonly all?: boolean;
  readonly blockThreshold: number;
  readonly retainFor: number;
  readonly once?: boolean;
  readonly for?: number;
  readonly record?: string;
  readonly log?: string;
  readonly flame?: string;
  readonly weight: AsyncWeight;
  readonly format?: string;
  readonly assert?: readonly Assertion[];
  readonly color?: boolean;
}

const EXAMPLES = `
Keys: 1 tasks, 2 resources, 3 blocking, 4 loop, 5 warnings; enter details, esc back, s S sort, / filter, p pause, f freeze,
  e export, ? all of them, q quit.

Assertions: longest-poll<10ms  longest-block<50ms  blocks==0  delay-p99<20ms  utilization<80%  live-tasks<5000  rss<512MB
  warnings==0  never-resolved==0  lost-waker==0 ...; the largest value of the time that was watched counts.

Examples:
  pforge-prof console -- node server.js            start it and watch
  pforge-prof console --pid 4711                   watch a running process; it is left as it was
  pforge-prof console --tokio http://127.0.0.1:6669   a Rust program with console-subscriber
  pforge-prof console --record day.console --pid 4711   keep what is seen; later:
  pforge-prof console day.console                  the same views: play, pause, step
  pforge-prof console --once --for 10s --pid 4711  one snapshot as text, for scripts and bug reports
  pforge-prof console --json --pid 4711            as data
  pforge-prof console --flame async.svg -- node server.js   async stacks: who created what was busy, or waited
  pforge-prof console --once --assert 'blocks==0' -- node job.js   exit code 1 where it is not kept

Exit codes: 0 watched; 1 an assertion is not kept; 2 bad input; 125 it cannot be watched; of a program that was started
  and ended by itself, its own.
`;

const pid = number({ min: 1, max: 2 ** 31, whole: true });

export function configureConsole(command: CommanderCommand): void {
  const formats = [...renderers.map(({ id }) => id), ...WRITABLE_FORMATS.map(({ id }) => id)];
  command
    .argument('[recording...]', 'what --record has written, to be played again')
    .option('-p, --pid <pid>', 'watch a running node process', pid)
    .option('--tokio <url>', 'watch a Rust program: the address of its console-subscriber')
    .option('--all', 'see every asynchronous operation, not only those of short windows: exact, and slower')
    .option(
      '--block-threshold <ms>',
      'what holds the loop for longer than this is told',
      number({ min: 1, max: 60_000 }),
      20,
    )
    .option('--retain-for <time>', 'tokio: how long tasks that have ended are shown, in seconds', seconds, 6)
    .optionsGroup('Results:')
    .option('--once', 'watch for a while and print one snapshot as text; --json prints it as data')
    .option('--for <time>', 'how long to watch: 10s, 500ms, 2m (with --once or --json 5s, else until q)', seconds)
    .option('--record <file>', 'write each snapshot to a file, for `console FILE`')
    .option('--log <file>', 'what the program prints goes to a file as well')
    .option('--flame <file>', 'at the end draw async stacks; the extension picks the format: .svg, .html, .folded ...')
    .addOption(new Option('--weight <weight>', 'of the stacks').choices([...ASYNC_WEIGHTS]).default('busy'))
    .addOption(new Option('--format <format>', 'of --flame, where its name does not say').choices(formats))
    .option('--assert <assertion>', 'with --once or --json: fail (exit code 1) where it is not kept; repeatable', add)
    .addHelpText('after', EXAMPLES);
}

function add(text: string, before: readonly Assertion[] | undefined): readonly Assertion[] {
  try {
    return [...(before ?? []), parseAssertion(text)];
  } catch (error) {
    if (error instanceof UserError) throw new InvalidArgumentError(`${error.message}; ${error.hint}`);
    throw error;
  }
}
