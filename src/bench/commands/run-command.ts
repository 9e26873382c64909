import { EXIT, UserError } from '../../errors.ts';
import { onInterrupts } from '../../processes/interrupts.ts';
import { type MeasuredTarget, startMeasured } from '../../processes/measured-target.ts';
import { makePrivateDir, removePrivateDir } from '../../processes/private-dir.ts';
import { sendSignal } from '../../processes/proc.ts';
import { killTree } from '../../processes/supervise.ts';
import { exitCodeOf } from '../../processes/target.ts';
import type { BenchCommand, CommandRun } from './bench-command.ts';
import { openStreams } from './open-streams.ts';

/** A second Ctrl-C within this time gives up at once. */
const GIVE_UP_MS = 2_000;
/** How long a command may take to end after it was asked to. */
const PATIENCE_MS = 10_000;

/** How one run ended, where it says nothing of the command. */
export type Cut = 'interrupted' | 'timed out';

/**
 * Runs commands one after another and asks the kernel what each cost. While it is open a Ctrl-C ends the command that
 * runs and is remembered; a second one within two seconds ends us with 130.
 */
export class CommandRunner {
  /** The person has pressed Ctrl-C. */
  interrupted = false;
  private readonly folder: string;
  private readonly release: () => void;
  private current: MeasuredTarget | undefined;

  private constructor(folder: string) {
    this.folder = folder;
    this.release = onInterrupts(
      ({ signal, toGroup, count, sinceFirst }) => {
        this.interrupted = true;
        if (count === 1) void toGroup.then((delivered) => delivered || this.end(signal));
        else if (sinceFirst < GIVE_UP_MS) {
          this.kill();
          process.exit(EXIT.interrupted);
        } else this.kill();
      },
      { askGroup: true },
    );
  }

  static async open(): Promise<CommandRunner> {
    return new CommandRunner(await makePrivateDir());
  }

  async close(): Promise<void> {
    this.release();
    await removePrivateDir(this.folder);
  }

  /**
   * @param timeoutMs the command is killed, with all that it started, after this time
   * @throws {UserError} 126, 127 it cannot be run; 125 no more processes
   */
  async run(
    { words, streams }: Pick<BenchCommand, 'words' | 'streams'>,
    env: NodeJS.ProcessEnv,
    timeoutMs?: number,
  ): Promise<CommandRun | Cut> {
    const opened = openStreams(streams);
    let target: MeasuredTarget;
    try {
      target = await startMeasured(words, { env, folder: this.folder, streams: opened.streams });
    } finally {
      opened.close();
    }
    this.current = target;
    let late = false;
    let timer: NodeJS.Timeout | undefined;
    try {
      if (this.interrupted) {
        this.kill();
        await target.exited;
        return 'interrupted';
      }
      if (timeoutMs !== undefined) {
        timer = setTimeout(() => {
          late = true;
          this.kill();
        }, timeoutMs);
      }
      const started = process.hrtime.bigint();
      target.resume();
      const exit = await target.exited;
      const seen = Number(process.hrtime.bigint() - started);
      if (late) return 'timed out';
      if (this.interrupted) return 'interrupted';
      const account = await target.account;
      const exitCode = exitCodeOf(exit);
      if (account?.end === undefined || account.start === undefined) return unaccounted(seen, exitCode);
      const { usage, time } = account.end;
      return {
        wall: time - account.start,
        user: usage.userTime,
        system: usage.systemTime,
        maxRss: usage.maxRss,
        minorFaults: usage.minorFaults,
        majorFaults: usage.majorFaults,
        voluntarySwitches: usage.voluntarySwitches,
        involuntarySwitches: usage.involuntarySwitches,
        exitCode,
      };
    } finally {
      clearTimeout(timer);
      if (target.running) this.kill();
      this.current = undefined;
    }
  }

  private end(signal: NodeJS.Signals): void {
    const { current } = this;
    if (current === undefined) return;
    sendSignal(current.pid, signal);
    setTimeout(() => {
      if (this.current === current) this.kill();
    }, PATIENCE_MS).unref();
  }

  private kill(): void {
    if (this.current?.running) killTree(this.current.pid);
  }
}

/** Nobody could ask the kernel (see `startMeasured`): wall time is all that is known. */
function unaccounted(wall: number, exitCode: number): CommandRun {
  return {
    wall,
    user: Number.NaN,
    system: Number.NaN,
    maxRss: Number.NaN,
    minorFaults: Number.NaN,
    majorFaults: Number.NaN,
    voluntarySwitches: Number.NaN,
    involuntarySwitches: Number.NaN,
    exitCode,
  };
}

/** @throws {UserError} 130, always */
export function interruptedTooSoon(): never {
  throw new UserError('interrupted before anything was measured', { exitCode: EXIT.interrupted });
}
