import type { Attend } from '../processes/supervise.ts';
import type { TargetExit } from '../processes/target.ts';

/** Whether a profiler works on this machine; feeds `doctor` and `--collector auto`. */
export type Detection =
  | { readonly ok: true; readonly version: string; readonly path: string; readonly notes?: readonly string[] }
  | { readonly ok: false; readonly why: string; readonly remedy: string };

/** What to record: a program to start (argv, no shell) or a running process. */
export type Subject = { readonly program: readonly string[] } | { readonly pid: number };

/** What is being recorded. */
export interface Running {
  /** The file that is being written. */
  readonly recording: string;
  /**
   * Has the profiler write down what it holds in memory.
   * @returns up to where the file can be read; 0 where it will not grow any more
   */
  flush(): Promise<number>;
  /** Resolves when the program has ended, which the profiler does after it; none for a process that is not ours. */
  readonly ended?: Promise<unknown>;
}

export interface CollectOptions {
  /** Samples a second. */
  readonly frequency: number;
  /** Stop after so many seconds. */
  readonly durationSeconds?: number;
  /** What is done with the program while it is recorded, e.g. load; when that is over the program is ended. */
  readonly attend?: Attend;
  readonly callGraph?: 'fp' | 'dwarf' | 'lbr';
  readonly event?: string;
  /** Also when and where threads leave the CPU, and when they come back. */
  readonly offCpu?: boolean;
  /** One line to the person, at once: fall-backs, waiting. */
  readonly say: (line: string) => void;
  /** Called when a program runs and is recorded. */
  readonly started?: (running: Running) => void;
  /** Called a few times a second while recording. `detail`: samples or bytes so far. */
  readonly progress: (elapsedSeconds: number, detail: string) => void;
}

/** What a collector leaves: files of one format in a private folder, and how the program ended. */
export interface Artefact {
  readonly collector: string;
  /** Id of the format of every file. */
  readonly format: string;
  /** Absolute paths; may be empty where the program never ran long enough. */
  readonly files: readonly string[];
  /** How the program ended; undefined when a running process was attached to. */
  readonly exit: TargetExit | undefined;
  /** The process that was our launcher before it became the program (perf), so that its few samples can be told apart. */
  readonly launcherPid?: number | undefined;
  /** Path of the script that the collector ran inside the program, whose frames are not the program's (v8). */
  readonly preload?: string;
  /** True when the person (Ctrl-C, SIGTERM) or `durationSeconds` ended the recording. */
  readonly stopped: boolean;
  /** Nanoseconds of CLOCK_MONOTONIC, where the files are dated by that; `from` of a process that ran already. */
  readonly recorded?: { readonly from?: number; readonly to: number };
  /** The event of which every one, or each so many, was sampled: not so many a second. */
  readonly everyEvent?: string;
  /** Nanoseconds of wall time recorded. */
  readonly duration: number;
  readonly notes: readonly string[];
  /** Removes the private folder, and what the recorded processes `pids` left in /tmp for the profiler. */
  dispose(pids?: ReadonlySet<number>): Promise<void>;
}

export interface Collector {
  readonly id: string;
  readonly title: string;
  /** What it is for, where nobody needs it: a tool that is used only when it is asked for by name. */
  readonly optional?: string;
  detect(): Promise<Detection>;
  /** @throws {UserError} exit code 125 when it cannot collect, 126/127 when the program cannot be started, 130 on give-up */
  collect(subject: Subject, options: CollectOptions): Promise<Artefact>;
}
