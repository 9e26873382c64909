import { Option } from 'commander';
import type { Workload } from '../load/workload.ts';
import type { CounterRuns } from '../profile/counters/counter-runs.ts';
import { countersJson } from '../render/counters/counters-json.ts';
import type { Progress } from '../terminal/progress.ts';
import type { Call, Command } from './command.ts';
import { guarded } from './guarded.ts';
import { addWorkloadOptions, workloadOf } from './load/options.ts';
import { loadBaseline, saveBaseline } from './perf-stat/baseline.ts';
import { openComparison } from './perf-stat/compare.ts';
import {
  addComparingOptions,
  type CallgrindCountingOptions,
  type ComparingOptions,
  checkComparing,
  withTurns,
} from './perf-stat/compare-options.ts';
import { callgrindCounting, type OpenCounting, perfCounting } from './perf-stat/counting.ts';
import { listEvents } from './perf-stat/list.ts';
import { measure } from './perf-stat/measure.ts';
import {
  addCountingOptions,
  type CountingOptions,
  statOptions,
  statSubject,
  subjectWords,
} from './perf-stat/options.ts';
import { readSavedCounters } from './perf-stat/saved.ts';
import { COUNTER_FORMATS, openShow, type ShowOptions } from './perf-stat/show.ts';
import { measureTurns } from './perf-stat/turns.ts';
import { loadExitCode, loadNote } from './record/loaded-part.ts';
import { addTrackOption, checkTracked, keepIfAsked, type TrackOption } from './track/option.ts';

const EXAMPLES = `
Without a program or --pid the whole system is counted, until Ctrl-C or --duration.
The text goes to standard error when a program runs, as standard output is the program's; -o - puts it there.

Examples:
  pforge-prof perf-stat -- ./app                         count, and say what it means
  pforge-prof perf-stat -r 10 --warmup 1 -- ./app        ten runs: means, how sure they are, how far runs differ
  pforge-prof perf-stat --prepare 'sync' -r 5 -- ./app   a command before each run
  pforge-prof perf-stat -e page-faults,cs -- ./app      these events only; --list shows what works here
  pforge-prof perf-stat -I 500 -p 4711                   a running process, twice a second, until Ctrl-C
  pforge-prof perf-stat -I 100 -o chart.svg -- ./app     counters over time, as a picture
  pforge-prof perf-stat -d 10                            the whole system for ten seconds
  pforge-prof perf-stat --json -o counts.json -- ./app   for other programs (also .md, .csv)
  pforge-prof perf-stat saved.txt                        what perf stat wrote, in any of its layouts (- is standard input)
  pforge-prof perf-stat --counter callgrind -- ./app     exact instruction counts where hardware has none
  pforge-prof perf-stat diff before.txt after.txt        what changed between two saved outputs
  pforge-prof perf-stat --vs './old' -- ./new            both in turns: what differs, and how sure that is
  pforge-prof perf-stat --save-baseline main -- ./app    keep it; later:
  pforge-prof perf-stat --baseline main --fail-on-regression 5 -- ./app
`;

interface PerfStatOptions
  extends CountingOptions,
    CallgrindCountingOptions,
    ComparingOptions,
    ShowOptions,
    TrackOption {
  readonly list?: boolean;
  readonly inputFormat?: string;
}

/** perf stat that says what its numbers mean, and has an answer where perf has none. */
export const perfStat: Command = {
  configure(command) {
    command.argument('[input...]', 'a saved output of perf stat, - for standard input; or: diff BEFORE AFTER');
    addComparingOptions(addCountingOptions(command))
      .addOption(
        new Option(
          '--counter <who>',
          'who counts; callgrind needs no hardware counters, is exact, and 50 times slower (default: perf)',
        ).choices(['perf', 'callgrind']),
      )
      .option('--cache-sim', 'callgrind: also simulate caches')
      .option('--branch-sim', 'callgrind: also simulate a branch predictor')
      .option('--list', 'show the events that can be counted here, and what they mean')
      .option('-o, --output <file>', 'write here; the extension picks the format')
      .addOption(
        new Option('--format <format>', 'what to write (default: text)').choices(COUNTER_FORMATS.map(({ id }) => id)),
      )
      .option('--input-format <format>', 'the format of the inputs, instead of detecting it');
    addWorkloadOptions(addTrackOption(command)).addHelpText('after', EXAMPLES);
  },

  async run(call, inputs, rawOptions) {
    const options = rawOptions as unknown as PerfStatOptions;
    const { vs, baseline } = options;
    const comparing = inputs[0] === 'diff' ? 'perf-stat diff' : vs !== undefined ? '--vs' : baseline && '--baseline';
    checkTracked(options, options.list ? '--list' : comparing);
    checkComparing(call, inputs, options);
    if (options.list) return listEvents(call);
    if (inputs[0] === 'diff') return diff(call, inputs.slice(1), options);
    const asked = withTurns(call, options);
    return options.vs === undefined ? one(call, inputs[0], asked) : both(call, options.vs, asked);
  },
};

/** What two saved outputs say. */
function diff(call: Call, [old, now]: readonly string[], options: PerfStatOptions): Promise<number> {
  const compare = openComparison(call, options);
  return guarded(call, async (progress) => {
    const before = await readSavedCounters(old!, call.world, options.inputFormat);
    const after = await readSavedCounters(now!, call.world, options.inputFormat);
    return compare({ before, after, pairing: 'apart' }, progress);
  });
}

/** Two programs in turns. */
function both(call: Call, vs: readonly string[], options: PerfStatOptions): Promise<number> {
  const compare = openComparison(call, options);
  return guarded(call, async (progress) => {
    const workload = await workloadOf(options, call.program, progress);
    const counting = countingOf(options, progress.say, progress, workload);
    const { before, after } = await measureTurns(vs, call.program!, counting, options);
    progress.end();
    if (options.saveBaseline !== undefined) await keep(call, options.saveBaseline, after.runs, progress);
    const gate = await compare({ before: before.runs, after: after.runs, pairing: 'interleaved' }, progress);
    return after.exitCode || before.exitCode || loadExitCode(workload, progress.say) || gate;
  });
}

/** One program, or what runs already, or what was saved; by itself or against what was kept. */
function one(call: Call, input: string | undefined, options: PerfStatOptions): Promise<number> {
  const { baseline } = options;
  const subject = input === undefined ? statSubject(call, options) : undefined;
  const show = baseline === undefined ? openShow(call, options) : undefined;
  const compare = baseline === undefined ? undefined : openComparison(call, options);
  return guarded(call, async (progress) => {
    // Before anything runs: whether there is something to compare with
    const before = baseline === undefined ? undefined : await loadBaseline(baseline);
    const workload = await workloadOf(options, call.program, progress);
    const said = new Set<string>();
    const say = (line: string): void => {
      said.add(line);
      progress.say(line);
    };
    const { runs, exitCode } =
      subject === undefined
        ? { runs: await readSavedCounters(input!, call.world, options.inputFormat), exitCode: 0 }
        : await measure(subject, countingOf(options, say, progress, workload), options);
    progress.end();
    if (workload?.result !== undefined) say(`note: ${loadNote(workload.result)}`);
    if (options.saveBaseline !== undefined) await keep(call, options.saveBaseline, runs, progress);
    if (before !== undefined) {
      const gate = await compare!({ before, after: runs, pairing: 'apart' }, progress);
      return exitCode || loadExitCode(workload, progress.say) || gate;
    }
    await keepIfAsked(options, () => countersJson(runs), progress);
    const wrote = await show!(runs, subject === undefined ? '-- PROGRAM' : subjectWords(subject));
    for (const note of runs.notes) if (!said.has(note)) progress.say(`note: ${note}`);
    if (wrote !== undefined) progress.say(wrote);
    return exitCode || loadExitCode(workload, progress.say);
  });
}

function countingOf(
  options: PerfStatOptions,
  say: (line: string) => void,
  progress: Progress,
  workload: Workload | undefined,
): OpenCounting {
  const tick = (elapsed: number, run: string): void => progress.show(`${elapsed.toFixed(1)} s, counting${run}`);
  const counted = statOptions(options, say, tick, workload);
  return (repetition) =>
    options.counter === 'callgrind'
      ? callgrindCounting(counted, options, repetition)
      : perfCounting(counted, repetition);
}

async function keep(call: Call, name: string, runs: CounterRuns, progress: Progress): Promise<void> {
  const file = await saveBaseline(name, runs, call.world);
  progress.say(`kept ${file}; later: pforge-prof perf-stat --baseline ${name} ...`);
}
