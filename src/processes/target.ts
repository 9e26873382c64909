import { type ChildProcess, type SpawnOptions, type StdioOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { EXIT, UserError } from '../errors.ts';
import { deathSignalPrefix } from './death-signal.ts';
import { resolveProgram } from './executables.ts';
import { readProcess, sendSignal } from './proc.ts';

/** How a program ended: exactly one of the two is set. */
export interface TargetExit {
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

/** The program under measurement: our own child, in our process group, with our standard streams untouched. */
export interface Target {
  readonly pid: number;
  readonly exited: Promise<TargetExit>;
  readonly running: boolean;
  /** Lets a program that was started stopped run. */
  resume(): void;
}

/** How long the launcher may take to stop itself. */
const STOP_MS = 5_000;

/** The exit code that the shell would report: the program's own, or 128 + n for signal n. */
export function exitCodeOf(exit: TargetExit): number {
  if (exit.signal === undefined) return exit.code ?? 0;
  return 128 + (constants.signals[exit.signal] ?? 0);
}

/**
 * Starts the program. With `stopped` it is created but has not begun: a launcher stops itself before it becomes the
 * program, so that a profiler can attach before the first instruction, and nothing has run if it cannot.
 *
 * The launcher is a fixed one-line script; the program and its arguments are its positional parameters, never parsed.
 * @throws {UserError} 127 / 126 when the program cannot be run; 2 when an argument cannot be passed on
 */
export async function startTarget(
  program: readonly string[],
  options: {
    readonly env: NodeJS.ProcessEnv;
    readonly stopped: boolean;
    /** Its standard streams; of pipes nobody keeps what comes out. Default: ours. */
    readonly streams?: StdioOptions;
    /** Where what it prints goes: all to standard error, or to a function; of `streams` only the first one counts then. */
    readonly output?: 'stderr' | ((bytes: Buffer) => void);
  },
): Promise<Target> {
  const name = program[0] ?? '';
  const path = resolveProgram(name, options.env.PATH);
  const words = wordsOf(program, path);
  const launcher = options.stopped
    ? ['/bin/sh', '-c', 'kill -STOP $$; exec "$@"', 'sh', ...lostByShell(options.env, name)]
    : [];
  const all = [...deathSignalPrefix('TERM'), ...launcher, ...words];
  const { output, streams = 'inherit' } = options;
  const to = output === 'stderr' ? 2 : 'pipe';
  const input = Array.isArray(options.streams) ? options.streams[0] : 'inherit';
  const stdio: StdioOptions = output === undefined ? streams : [input, to, to];
  const child = startChild(name, all, { stdio, env: options.env });
  for (const printed of [child.stdout, child.stderr]) {
    if (typeof output === 'function') printed?.on('data', output);
    else printed?.resume();
  }
  const exited = waitForExit(child, name);
  exited.catch(() => {});
  if (child.pid === undefined) await exited;
  const pid = child.pid!;
  let running = true;
  exited.finally(() => {
    running = false;
  });
  if (options.stopped) await waitUntilStopped(pid, exited);
  return {
    pid,
    exited,
    get running() {
      return running;
    },
    resume() {
      sendSignal(pid, 'SIGCONT');
    },
  };
}

/**
 * The words that a launcher gets for a program.
 * @param path the program's absolute path
 * @throws {UserError} an argument cannot be passed on
 */
export function wordsOf(program: readonly string[], path: string): string[] {
  // Bytes that are not UTF-8 reach us as U+FFFD: the program would get other arguments than it was given.
  const broken = program.findIndex((word) => word.includes('\ufffd') || word.includes('\0'));
  if (broken >= 0) {
    throw new UserError(`argument ${broken} of the program is not valid UTF-8 and cannot be passed on`, {
      hint: 'start the program from a small script instead',
    });
  }
  const name = program[0] ?? '';
  // argv[0] stays what the person typed, unless a launcher could take it for an option.
  return [name.startsWith('-') ? path : name, ...program.slice(1)];
}

/** dash drops variables whose names are no identifiers (`npm_config_a.b`): env(1) puts them back. */
function lostByShell(env: NodeJS.ProcessEnv, program: string): string[] {
  if (program.includes('=')) return [];
  const odd = Object.keys(env).filter((key) => !/^[A-Za-z_]\w*$/.test(key) && env[key] !== undefined);
  return odd.length === 0 ? [] : ['env', ...odd.map((key) => `${key}=${env[key]}`)];
}

function waitForExit(child: ChildProcess, name: string): Promise<TargetExit> {
  return new Promise((done, fail) => {
    child.once('error', (error: NodeJS.ErrnoException) => fail(cannotStart(name, error)));
    child.once('exit', (code, signal) => done({ code: code ?? undefined, signal: signal ?? undefined }));
  });
}

/**
 * Of what keeps a program from being started node tells some by an event, and throws the rest: arguments that are too long.
 * @param name what the person calls the program
 * @throws {UserError} 126
 */
export function startChild(name: string, [file, ...args]: readonly string[], options: SpawnOptions): ChildProcess {
  try {
    return spawn(file!, args, options);
  } catch (error) {
    throw cannotStart(name, error as NodeJS.ErrnoException);
  }
}

/** What to say when the system refuses to run a program that is there and executable. */
export function cannotStart(name: string, error: NodeJS.ErrnoException): UserError {
  const why = error.code === 'E2BIG' ? 'its arguments are too long' : error.message;
  return new UserError(`cannot run ${name}: ${why}`, { exitCode: EXIT.notExecutable, cause: error });
}

/**
 * Waits until a launcher has stopped itself.
 * @throws {UserError} 125: it does not stop; it is killed then
 */
export async function waitUntilStopped(pid: number, exited: Promise<unknown>): Promise<void> {
  let over = false;
  const end = (): void => {
    over = true;
  };
  exited.then(end, end);
  const deadline = performance.now() + STOP_MS;
  while (!over && readProcess(pid)?.state !== 'T') {
    if (performance.now() > deadline) {
      sendSignal(pid, 'SIGKILL');
      throw new UserError('the program could not be held back for the profiler (is a debugger or strace at work?)', {
        hint: 'run without it, or use --collector v8 for node programs',
        exitCode: EXIT.cannotCollect,
      });
    }
    await new Promise((done) => setTimeout(done, 1));
  }
}
