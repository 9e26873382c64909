import { type Command as CommanderCommand, Option } from 'commander';
import type { StatOptions, StatSubject } from '../../collectors/perf-stat.ts';
import { UserError } from '../../errors.ts';
import type { Workload } from '../../load/workload.ts';
import type { Call } from '../command.ts';
import { checkWorkload, collectUntil, type WorkloadOptions } from '../load/options.ts';
import { joinWords, splitWords } from '../options/split-words.ts';
import { collected, number } from '../options/values.ts';

/** What is counted, and how; names as commander makes them. */
export interface CountingOptions extends WorkloadOptions {
  readonly event?: readonly string[];
  readonly repeat: number;
  readonly warmup: number;
  readonly prepare?: readonly string[];
  readonly pid?: number;
  readonly duration?: number;
  readonly interval?: number;
  readonly perThread?: boolean;
  readonly allCpus?: boolean;
  readonly detailed?: boolean;
}

/** How to count; whether Ctrl-C was pressed is known where runs are repeated. */
export interface MeasureOptions extends Omit<StatOptions, 'cancelled' | 'progress'> {
  /** @param run which of several: `, run 2 of 5` */
  readonly progress: (elapsedSeconds: number, run: string) => void;
  /** The program was ended because its load was over. */
  readonly loadDone?: () => boolean;
}

/** perf itself takes no shorter intervals. */
const LEAST_INTERVAL = 10;

export function addCountingOptions(command: CommanderCommand): CommanderCommand {
  return command
    .option(
      '-e, --event <events>',
      "what to count, as perf takes it; may be repeated (default: perf's own, and caches)",
      collected,
    )
    .option(
      '-r, --repeat <runs>',
      'run the program so often, and say how sure the means are',
      number({ min: 1, max: 100_000, whole: true }),
      1,
    )
    .option(
      '--warmup <runs>',
      'run the program so often before anything is counted',
      number({ min: 0, max: 1000, whole: true }),
      0,
    )
    .addOption(
      new Option(
        '--prepare <command>',
        'run this before each run, without a shell: words are split at blanks',
      ).argParser(splitWords),
    )
    .option('-p, --pid <pid>', 'count a running process', number({ min: 1, max: 2 ** 31, whole: true }))
    .option('-d, --duration <seconds>', 'stop after so many seconds', number({ min: 0.01, max: 1e6 }))
    .option(
      '-I, --interval <ms>',
      'also tell what was counted in each interval',
      number({ min: LEAST_INTERVAL, max: 1e9, whole: true }),
    )
    .option('--per-thread', 'also tell what each thread used')
    .option('-a, --all-cpus', 'count whatever runs on this machine while the program does')
    .option('--detailed', 'more events: caches and TLBs (they take turns on the counters)');
}

/** @throws {UserError} options contradict each other */
export function statSubject(call: Call, options: CountingOptions): StatSubject {
  const { program } = call;
  const { pid, repeat, warmup, prepare, perThread, allCpus } = options;
  checkWorkload(options, program);
  if (program?.length === 0) throw new UserError('no program follows --', { hint: 'pforge-prof perf-stat -- ./app' });
  if (program !== undefined && pid !== undefined) {
    throw new UserError('give only one of: a program after --, --pid', { hint: 'two calls count both' });
  }
  if (program !== undefined) return { program };
  if (repeat > 1 || warmup > 0 || prepare !== undefined) {
    throw new UserError('only a program can be run again', { hint: 'pforge-prof perf-stat -r 5 -- ./app' });
  }
  if (pid !== undefined && allCpus) throw new UserError('give only one of: --pid, --all-cpus');
  if (pid !== undefined) return { pid };
  if (perThread) throw new UserError('--per-thread needs a program after --, or --pid');
  return { system: true };
}

export function statOptions(
  options: CountingOptions,
  say: MeasureOptions['say'],
  progress: MeasureOptions['progress'],
  workload: Workload | undefined,
): MeasureOptions {
  const { event, detailed, interval, perThread, allCpus } = options;
  return {
    ...(event === undefined ? {} : { events: event }),
    detailed: detailed === true,
    ...(interval === undefined ? {} : { intervalMs: interval }),
    perThread: perThread === true,
    allCpus: allCpus === true,
    ...collectUntil(options, workload),
    loadDone: () => workload?.result?.stopped === false,
    say,
    progress,
  };
}

/** What stands for the program in a command of ours that is to be run next. */
export function subjectWords(subject: StatSubject): string {
  if ('program' in subject) return `-- ${joinWords(subject.program)}`;
  return 'pid' in subject ? `-p ${subject.pid}` : '-p PID';
}
