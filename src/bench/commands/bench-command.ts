/** A command line that is run, as words; what a shell is to read is one of its words. */
export type Words = readonly string[];

/** Where a standard stream comes from or goes to: nowhere, ours, a pipe that nobody reads for good, or a file. */
export type StreamPlace = 'null' | 'inherit' | 'pipe' | { readonly file: string };

/** The standard streams of a command; files are opened anew for each run. */
export interface CommandStreams {
  readonly input: StreamPlace;
  readonly output: StreamPlace;
  readonly errors: StreamPlace;
}

/** One command to measure, parameters put in. */
export interface BenchCommand {
  /** What the person calls it: `--command-name`, else the command line. */
  readonly name: string;
  /** As a person would type it. */
  readonly commandLine: string;
  /** What is run: a shell with the command line where one was asked for. */
  readonly words: Words;
  /** Values of `-P` and `-L`, in their order. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Before the first warm-up, and after the last run. */
  readonly setup?: Words;
  readonly cleanup?: Words;
  /** Before and after each run. */
  readonly prepare?: Words;
  readonly conclude?: Words;
  readonly streams: CommandStreams;
}

/** What one run of a command cost, by the kernel's account; see `processes/accountant`. */
export interface CommandRun {
  /** Nanoseconds, from when it became the program until it ended. */
  readonly wall: number;
  /** Nanoseconds of it and of all children that it waited for; their sum is its task-clock. */
  readonly user: number;
  readonly system: number;
  /** Bytes: the most that the program, or one of its children, ever held. NaN where nobody could ask the kernel. */
  readonly maxRss: number;
  readonly minorFaults: number;
  readonly majorFaults: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
  /** As a shell reports it: 128 + n for signal n. */
  readonly exitCode: number;
}

/** Names of what is measured in each run. */
export type RunMeasure = Exclude<keyof CommandRun, 'exitCode'>;

/** All runs of one command. */
export interface CommandResult {
  readonly command: BenchCommand;
  /** In the order in which they were made; run i of all commands was made in the same turn. */
  readonly runs: readonly CommandRun[];
  /** Why there are no (more) runs of it: it failed. */
  readonly failure?: string;
}

/** One measure of all runs, in their order. */
export function columnOf(runs: readonly CommandRun[], measure: RunMeasure): Float64Array {
  return Float64Array.from(runs, (run) => run[measure]);
}

/** User and system time of all runs: nanoseconds. */
export function cpuTimes(runs: readonly CommandRun[]): Float64Array {
  return Float64Array.from(runs, ({ user, system }) => user + system);
}
