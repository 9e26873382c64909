import { setTimeout as pause } from 'node:timers/promises';
import { EXIT, UserError } from '../errors.ts';
import { Guardian } from './guardian.ts';
import { INTERRUPTS, onInterrupts } from './interrupts.ts';
import { descendants, isAlive, readProcess, sendSignal } from './proc.ts';
import type { Target, TargetExit } from './target.ts';

/** A second Ctrl-C within this time gives up at once; a later one ends a program that does not end by itself. */
const GIVE_UP_MS = 2_000;
/** How long a program may take to end after it was asked to. */
const KILL_AFTER_SECONDS = 10;
/** `--duration` is over: ask again with SIGTERM after this time. */
const ASK_AGAIN_MS = 2_000;
const TICK_MS = 200;
/** On a busy machine a program is gone by Ctrl-C before we have heard it: how long we listen. */
const HEARD_LATE_MS = 100;
/** How long each step of the sweep after a stop may take. */
const SWEEP_MS = 1_500;

/** Work that needs a program to run: what is done with process `pid`, until it is over or aborted. */
export type Attend = (pid: number, signal: AbortSignal) => Promise<void>;

export interface SuperviseOptions {
  readonly durationSeconds?: number | undefined;
  /** How long the program may take to end after it was asked to. Default: 10 */
  readonly killAfterSeconds?: number;
  /** What survives a stop, for messages. Default: `the profile is`. */
  readonly kept?: string;
  /** One line to the person. */
  readonly say: (line: string) => void;
  /** Called once, right after the program was asked to stop. */
  readonly onStop?: (signal: NodeJS.Signals) => Promise<void> | void;
  /**
   * What is done with the program while it runs; when that is over the program is asked to end with SIGTERM, and what it
   * throws is thrown once the program has ended. Its signal tells that the program has ended, or will.
   */
  readonly attend?: Attend | undefined;
  /** Called a few times a second. */
  readonly tick?: (elapsedSeconds: number) => void;
}

export interface Supervised {
  readonly exit: TargetExit;
  /** True when the person or `durationSeconds` ended the program. */
  readonly stopped: boolean;
  /** Nanoseconds of wall time. */
  readonly duration: number;
}

function gaveUp(): UserError {
  return new UserError('interrupted twice: gave up, nothing was written', { exitCode: EXIT.interrupted });
}

/**
 * Waits for the program to end, and ends it when the person says so. The first Ctrl-C (or SIGTERM, SIGHUP, SIGQUIT)
 * stops the program, never the profile; see docs/architecture.md for the whole contract.
 * @throws {UserError} exit 130 on a second Ctrl-C within 2 s; the program's whole tree is killed then
 */
export async function supervise(target: Target, options: SuperviseOptions): Promise<Supervised> {
  const started = process.hrtime.bigint();
  const kept = options.kept ?? 'the profile is';
  const timers: NodeJS.Timeout[] = [];
  const later = (ms: number, action: () => void): void => {
    timers.push(setTimeout(action, ms));
  };
  let asked: Set<number> | undefined;
  let timeIsOver = false;
  const attending = new AbortController();
  let giveUp: (error: UserError) => void = () => {};
  const abandoned = new Promise<never>((_done, fail) => {
    giveUp = fail;
  });
  abandoned.catch(() => {});

  const ask = (signal: NodeJS.Signals, members: Iterable<number>): void => {
    for (const pid of members) {
      sendSignal(pid, signal);
      sendSignal(pid, 'SIGCONT');
    }
  };
  const stop = async (signal: NodeJS.Signals, delivered: Promise<boolean>): Promise<void> => {
    attending.abort();
    asked = treeOf(target.pid);
    if (!timeIsOver) options.say(`${signal}: stopping the program; ${kept} kept (again now: give up)`);
    later(GIVE_UP_MS, () => {
      options.say(`the program (pid ${target.pid}) has not ended; Ctrl-C again kills it; ${kept} kept`);
    });
    const killAfter = options.killAfterSeconds ?? KILL_AFTER_SECONDS;
    later(killAfter * 1000, () => {
      options.say(`the program (pid ${target.pid}) did not end within ${killAfter} s: killed`);
      killTree(target.pid, asked);
    });
    if (!(await delivered)) ask(signal, asked);
    await options.onStop?.(signal);
  };

  const release = onInterrupts(
    (interrupt) => {
      if (interrupt.count === 1 && asked === undefined) {
        void stop(interrupt.signal, interrupt.toGroup);
      } else if (interrupt.count > 1 && interrupt.sinceFirst < GIVE_UP_MS) {
        killTree(target.pid, asked);
        giveUp(gaveUp());
      } else {
        killTree(target.pid, asked);
      }
    },
    { askGroup: true },
  );
  // Most programs end sooner than it could help them
  let guardian: Guardian | undefined;
  const ticker = setInterval(() => {
    guardian ??= new Guardian();
    guardian.watch(target.pid);
    options.tick?.(Number(process.hrtime.bigint() - started) / 1e9);
  }, TICK_MS);
  if (options.durationSeconds !== undefined) {
    later(options.durationSeconds * 1000, () => {
      if (asked !== undefined) return;
      timeIsOver = true;
      void stop('SIGINT', Promise.resolve(false));
      later(ASK_AGAIN_MS, () => ask('SIGTERM', asked ?? []));
    });
  }
  // Both ways it is over; `attended` throws below what it threw
  const attended = Promise.resolve(options.attend?.(target.pid, attending.signal));
  const endAttended = (): void => {
    if (asked !== undefined || !target.running) return;
    timeIsOver = true;
    void stop('SIGTERM', Promise.resolve(false));
  };
  if (options.attend !== undefined) attended.then(endAttended, endAttended);
  try {
    const exit = await Promise.race([target.exited, abandoned]);
    const duration = Number(process.hrtime.bigint() - started);
    attending.abort();
    if (asked === undefined && INTERRUPTS.some((one) => one === exit.signal)) await pause(HEARD_LATE_MS);
    if (asked !== undefined) await sweep(asked);
    await Promise.race([attended, abandoned]);
    return { exit, stopped: asked !== undefined, duration };
  } finally {
    clearInterval(ticker);
    guardian?.dismiss();
    for (const timer of timers) clearTimeout(timer);
    release();
  }
}

/**
 * Waits until a running process that we do not own ends, the time is over, or the person presses Ctrl-C. The process
 * itself is left alone.
 * @param options `until`: not longer than until this resolves
 * @returns nanoseconds of wall time
 * @throws {UserError} exit 130 on a second Ctrl-C
 */
export async function watchProcess(
  pid: number,
  options: Omit<SuperviseOptions, 'onStop' | 'attend'> & { readonly until?: Promise<unknown> },
): Promise<number> {
  const started = process.hrtime.bigint();
  const elapsed = (): number => Number(process.hrtime.bigint() - started);
  let release = (): void => {};
  let ticker: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((done) => {
      release = onInterrupts(() => done());
      void options.until?.then(() => done());
      ticker = setInterval(() => {
        options.tick?.(elapsed() / 1e9);
        const over = options.durationSeconds !== undefined && elapsed() >= options.durationSeconds * 1e9;
        if (over || !isAlive(pid)) done();
      }, 50);
    });
    return elapsed();
  } finally {
    clearInterval(ticker);
    release();
  }
}

/** The program and its descendants that share our process group: what a terminal's Ctrl-C would reach. */
function treeOf(pid: number): Set<number> {
  const group = readProcess(process.pid)?.group;
  const members = descendants(pid).filter((process) => process.group === group);
  return new Set([pid, ...members.map((process) => process.pid)]);
}

/** Kills a program with all that it has started. @param known more of them */
export function killTree(pid: number, known: Iterable<number> = []): void {
  const all = new Set([...known, ...treeOf(pid)]);
  for (const member of all) sendSignal(member, 'SIGKILL');
}

/** After a stop nothing of the program stays behind: what outlives its parent may finish, is asked again, is killed. */
async function sweep(members: ReadonlySet<number>): Promise<void> {
  const left = (): number[] => [...members].filter(isAlive);
  for (const signal of [undefined, 'SIGTERM', 'SIGKILL'] as const) {
    const deadline = performance.now() + SWEEP_MS;
    if (signal !== undefined) for (const pid of left()) sendSignal(pid, signal);
    while (left().length > 0 && performance.now() < deadline) await pause(10);
  }
}
