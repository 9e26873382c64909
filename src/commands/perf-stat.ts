import { Option } from 'commander';
import type { Call, Command } from './command.ts';
import { guarded } from './guarded.ts';
import { listEvents } from './perf-stat-list.ts';
import { measure } from './perf-stat-measure.ts';
import {
  addCountingOptions,
  type CountingOptions,
  statOptions,
  statSubject,
  subjectWords,
} from './perf-stat-options.ts';
import { COUNTER_FORMATS, openShow, type ShowOptions } from './perf-stat-show.ts';

const EXAMPLES = `
Without a program or --pid the whole system is counted, until Ctrl-C or --duration.
The text goes to standard error when a program runs, as standard output is the program's; -o - puts it there.

Examples:
  pforge-prof perf-stat -- ./app                         count, and say what it means
  pforge-prof perf-stat -r 10 --warmup 1 -- ./app        ten runs: means, how sure they are, how far runs differ
  pforge-prof perf-stat --prepare 'sync' -r 5 -- ./app   a command before each run
  pforge-prof perf-stat -e page-faults,cs -- ./app      these events only; --list shows what works here
  pforge-prof perf-stat -I 500 -p 4711                   a running process, twice a second, until Ctrl-C
  pforge-prof perf-stat -d 10                            the whole system for ten seconds
  pforge-prof perf-stat --json -o counts.json -- ./app   for other programs (also .md, .csv)
`;

interface PerfStatOptions extends CountingOptions, ShowOptions {
  readonly list?: boolean;
}

/** perf stat that says what its numbers mean, and has an answer where perf has none. */
export const perfStat: Command = {
  configure(command) {
    addCountingOptions(command)
      .option('--list', 'show the events that can be counted here, and what they mean')
      .option('-o, --output <file>', 'write here; the extension picks the format')
      .addOption(
        new Option('--format <format>', 'what to write (default: text)').choices(COUNTER_FORMATS.map(({ id }) => id)),
      )
      .addHelpText('after', EXAMPLES);
  },

  async run(call, _inputs, rawOptions) {
    const options = rawOptions as unknown as PerfStatOptions;
    if (options.list) return listEvents(call);
    return count(call, options);
  },
};

function count(call: Call, options: PerfStatOptions): Promise<number> {
  const subject = statSubject(call, options);
  const show = openShow(call, options);
  return guarded(call, async (progress) => {
    const said = new Set<string>();
    const say = (line: string): void => {
      said.add(line);
      progress.say(line);
    };
    const tick = (elapsed: number): void => progress.show(`${elapsed.toFixed(1)} s, counting`);
    const { runs, exitCode } = await measure(subject, statOptions(options, say, tick), options);
    progress.end();
    const wrote = await show(runs, subjectWords(subject));
    for (const note of runs.notes) if (!said.has(note)) progress.say(`note: ${note}`);
    if (wrote !== undefined) progress.say(wrote);
    return exitCode;
  });
}
