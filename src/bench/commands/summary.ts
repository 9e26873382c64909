import { mean, variance } from '../../statistics/moments.ts';
import { median, quantile, sorted } from '../../statistics/quantile.ts';
import { type BenchCommand, type CommandResult, type CommandRun, columnOf, cpuTimes } from './bench-command.ts';

/** How one measure of several runs lies. */
export interface Spread {
  readonly mean: number;
  /** Standard deviation (n - 1); NaN of a single run. */
  readonly deviation: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** All that is told of one command. Times are nanoseconds. */
export interface CommandSummary {
  readonly command: BenchCommand;
  readonly runs: readonly CommandRun[];
  readonly failure?: string;
  /** Wall time of each run; what a shell takes to start is taken off. */
  readonly times: Float64Array;
  readonly wall: Spread;
  /** User and system time together: its task-clock. */
  readonly cpuTimes: Float64Array;
  readonly cpu: Spread;
  /** Means. */
  readonly user: number;
  readonly system: number;
  /** Medians of bytes and counts. */
  readonly memory: Spread;
  readonly minorFaults: number;
  readonly majorFaults: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
}

/** What a call of the shell itself takes, measured between the runs: nanoseconds. */
export interface ShellCost {
  readonly wall: number;
  readonly user: number;
  readonly system: number;
}

/**
 * The medians of what an empty call of the shell took: unlike means they do not care for the odd run that had to wait.
 */
export function shellCost(empty: readonly CommandRun[]): ShellCost {
  return {
    wall: median(columnOf(empty, 'wall')),
    user: median(columnOf(empty, 'user')),
    system: median(columnOf(empty, 'system')),
  };
}

/** @param shell is taken off every run; nothing takes less than no time */
export function summarize({ command, runs, failure }: CommandResult, shell?: ShellCost): CommandSummary {
  const own = runs.map((run) => withoutShell(run, shell));
  const times = columnOf(own, 'wall');
  const cpu = cpuTimes(own);
  return {
    command,
    runs,
    ...(failure === undefined ? {} : { failure }),
    times,
    wall: spreadOf(times),
    cpuTimes: cpu,
    cpu: spreadOf(cpu),
    user: mean(columnOf(own, 'user')),
    system: mean(columnOf(own, 'system')),
    memory: spreadOf(columnOf(own, 'maxRss')),
    minorFaults: median(columnOf(own, 'minorFaults')),
    majorFaults: median(columnOf(own, 'majorFaults')),
    voluntarySwitches: median(columnOf(own, 'voluntarySwitches')),
    involuntarySwitches: median(columnOf(own, 'involuntarySwitches')),
  };
}

function withoutShell(run: CommandRun, shell: ShellCost | undefined): CommandRun {
  if (shell === undefined) return run;
  return {
    ...run,
    wall: Math.max(0, run.wall - shell.wall),
    user: Math.max(0, run.user - shell.user),
    system: Math.max(0, run.system - shell.system),
  };
}

function spreadOf(values: Float64Array): Spread {
  const ascending = sorted(values);
  return {
    mean: mean(values),
    deviation: Math.sqrt(variance(values)),
    median: quantile(ascending, 0.5),
    min: ascending[0] ?? Number.NaN,
    max: ascending.at(-1) ?? Number.NaN,
  };
}

/** How wide a measure spreads in parts of itself; robust: half the distance of the 16th and the 84th percentile. */
export function relativeSpread(values: Float64Array): number {
  const ascending = sorted(values);
  return (quantile(ascending, 0.84) - quantile(ascending, 0.16)) / 2 / quantile(ascending, 0.5);
}
