import { EXIT, UserError } from '../errors.ts';
import { findTool } from '../processes/executables.ts';
import { startMeasured } from '../processes/measured-target.ts';
import { makePrivateDir, removePrivateDir } from '../processes/private-dir.ts';
import { isAlive, sendSignal } from '../processes/proc.ts';
import { systemUsage, throttling } from '../processes/proc-usage.ts';
import { type Attend, supervise, watchProcess } from '../processes/supervise.ts';
import type { TargetExit } from '../processes/target.ts';
import type { PartCounters } from '../profile/counters/counter-runs.ts';
import type { Measured } from '../profile/counters/measured.ts';
import type { Series } from '../profile/profile.ts';
import { PerfUnavailable, perfMissing } from './perf-errors.ts';
import { defaultEvents } from './perf-stat-events.ts';
import { accounted, ofProcess, ofSystem, runDelay, throttled, wallTime } from './perf-stat-measured.ts';
import { attachPerfStat, type PerfCounting } from './perf-stat-process.ts';
import { type ProcWatch, watchProc } from './proc-watch.ts';

/** What is counted: a program to start, a process that runs, or the whole system. */
export type StatSubject =
  | { readonly program: readonly string[] }
  | { readonly pid: number }
  | { readonly system: true };

export interface StatOptions {
  /** As perf takes them; undefined = the usual ones. */
  readonly events?: readonly string[];
  /** More of the usual ones. */
  readonly detailed: boolean;
  /** Also what is counted in each interval of so many milliseconds. */
  readonly intervalMs?: number;
  readonly perThread: boolean;
  /** Count on all CPUs, whatever runs there, for as long as the program does. */
  readonly allCpus: boolean;
  readonly durationSeconds?: number;
  /** What is done with the program while it is counted; when that is over the program is ended. */
  readonly attend?: Attend;
  /** One line to the person, at once. */
  readonly say: (line: string) => void;
  readonly progress: (elapsedSeconds: number) => void;
  /** Asked right before a program begins: true where the person has pressed Ctrl-C meanwhile. */
  readonly cancelled: () => boolean;
}

/** What one run leaves. */
export interface StatArtefact {
  /** perf's counts, of format `perf-stat-json` or `perf-stat-csv`; undefined where perf counts nothing here. */
  readonly counts: { readonly file: string; readonly layout: 'json' | 'csv' } | undefined;
  /** What others than perf measured. */
  readonly measured: readonly Measured[];
  /** From /proc. */
  readonly threads: readonly PartCounters[];
  readonly series: readonly Series[];
  /** How the program ended; undefined for what ran already. */
  readonly exit: TargetExit | undefined;
  /** True when the person or `durationSeconds` ended it. */
  readonly stopped: boolean;
  /** Nanoseconds of wall time. */
  readonly duration: number;
  readonly notes: readonly string[];
}

const NO_ACCOUNT =
  'nobody could ask the kernel what the program cost (TMPDIR forbids programs, or another processor architecture): memory, CPU time, faults and switches are those of the last look at it, its children are not in them';

/**
 * Counts with perf stat, run by run. A program is created stopped, perf attaches to it, then it runs, as with `perf
 * record`: perf stat itself hides how its program ended. Wall time, CPU time, memory, faults and switches come from the
 * kernel's account of the program and from /proc, so there is an answer where perf counts nothing.
 */
export class PerfStat {
  private readonly folder: string;
  private readonly options: StatOptions;
  /** Why perf is not asked (any more). */
  private refused: string | undefined;

  private constructor(folder: string, options: StatOptions) {
    this.folder = folder;
    this.options = options;
  }

  static async open(options: StatOptions): Promise<PerfStat> {
    return new PerfStat(await makePrivateDir(), options);
  }

  /** Removes everything that the runs have left. */
  async dispose(): Promise<void> {
    await removePrivateDir(this.folder);
  }

  /**
   * Counts once.
   * @throws {UserError} 125 events were asked for and perf cannot count any (nothing has run then); 126, 127; 130
   */
  run(subject: StatSubject): Promise<StatArtefact> {
    if ('program' in subject) return this.runProgram(subject.program);
    return 'pid' in subject ? this.watch(subject.pid) : this.watchSystem();
  }

  private async runProgram(program: readonly string[]): Promise<StatArtefact> {
    const { options } = this;
    const target = await startMeasured(program, { env: process.env, folder: this.folder });
    let perf: PerfCounting | undefined;
    const before = throttling();
    let watch: ProcWatch | undefined;
    try {
      perf = await this.attach(options.allCpus ? ['-a'] : ['-p', String(target.pid)]);
      if (options.cancelled())
        throw new UserError('interrupted before the program began', { exitCode: EXIT.interrupted });
      watch = watchProc(target.pid, options);
      const seeing = watch;
      void target.began.then(() => seeing.began());
      target.resume();
      const run = await supervise(target, { ...options, kept: 'the counts are', tick: options.progress });
      const account = await target.account;
      const seen = watch.stop();
      const duration =
        account?.end !== undefined && account.start !== undefined ? account.end.time - account.start : run.duration;
      const told =
        account?.end === undefined ? ofProcess(seen.usage) : [...accounted(account.end.usage), ...runDelay(seen.usage)];
      const { counts, notes } = await this.countsOf(perf);
      return {
        counts,
        notes: account === undefined ? [...notes, NO_ACCOUNT] : notes,
        measured: [wallTime(duration), ...told, ...throttled(before, throttling())],
        threads: options.perThread ? seen.threads : [],
        series: this.seriesOf(seen.series),
        exit: run.exit,
        stopped: run.stopped,
        duration,
      };
    } finally {
      watch?.stop();
      if (target.running) sendSignal(target.pid, 'SIGKILL');
      await perf?.stop().catch(() => {});
    }
  }

  private async watch(pid: number): Promise<StatArtefact> {
    if (!isAlive(pid)) throw new UserError(`there is no process ${pid}`, { hint: 'check the id given to --pid' });
    const { options } = this;
    const perf = await this.attach([...(options.perThread ? ['--per-thread'] : []), '-p', String(pid)]);
    const watch = watchProc(pid, options);
    try {
      const duration = await watchProcess(pid, { ...options, tick: options.progress });
      const seen = watch.stop();
      return {
        ...(await this.countsOf(perf)),
        measured: [wallTime(duration), ...ofProcess(seen.usage)],
        threads: options.perThread ? seen.threads : [],
        series: this.seriesOf(seen.series),
        exit: undefined,
        stopped: true,
        duration,
      };
    } finally {
      watch.stop();
      await perf?.stop().catch(() => {});
    }
  }

  private async watchSystem(): Promise<StatArtefact> {
    const { options } = this;
    const perf = await this.attach(['-a']);
    try {
      const before = systemUsage();
      const duration = await watchProcess(process.pid, { ...options, tick: options.progress });
      const after = systemUsage();
      return {
        ...(await this.countsOf(perf)),
        measured: [wallTime(duration), ...ofSystem(before, after)],
        threads: [],
        series: [],
        exit: undefined,
        stopped: true,
        duration,
      };
    } finally {
      await perf?.stop().catch(() => {});
    }
  }

  /** @returns undefined where perf cannot count and the person has not asked for any event */
  private async attach(what: readonly string[]): Promise<PerfCounting | undefined> {
    if (this.refused !== undefined) return undefined;
    const { events, detailed, intervalMs, say } = this.options;
    try {
      const path = findTool('perf');
      if (path === undefined) throw new PerfUnavailable('it is not installed', perfMissing().remedy, 'count');
      const list = events ?? defaultEvents(detailed, what.includes('-a'));
      const interval = intervalMs === undefined ? [] : ['-I', String(intervalMs)];
      return await attachPerfStat(path, ['-e', list.join(','), ...interval, ...what], this.folder);
    } catch (error) {
      if (!(error instanceof PerfUnavailable) || events !== undefined) throw error;
      this.refused = `${error.message} (${error.hint}): what the kernel accounts itself is told`;
      say(this.refused);
      return undefined;
    }
  }

  private async countsOf(perf: PerfCounting | undefined): Promise<Pick<StatArtefact, 'counts' | 'notes'>> {
    if (perf !== undefined) return { counts: { file: await perf.stop(), layout: perf.layout }, notes: [] };
    const { refused } = this;
    return { counts: undefined, notes: refused === undefined ? [] : [refused] };
  }

  /** perf tells CPU time, switches and faults in each interval better; memory it does not know. */
  private seriesOf(series: readonly Series[]): readonly Series[] {
    return this.refused === undefined ? series.filter(({ name }) => name === 'rss') : series;
  }
}
