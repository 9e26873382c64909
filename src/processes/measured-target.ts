import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { getSystemErrorName } from 'node:util';
import { EXIT, UserError } from '../errors.ts';
import { ACCOUNTANTS } from './accountant/binaries.ts';
import { type Account, readAccount } from './accountant/records.ts';
import { resolveProgram } from './executables.ts';
import { INTERRUPTS } from './interrupts.ts';
import { sendSignal } from './proc.ts';
import { cannotStart, startTarget, type Target, type TargetExit, waitUntilStopped, wordsOf } from './target.ts';

/**
 * Where a program's standard streams go: ours, nowhere, an open file, or a pipe of which nobody keeps what comes out.
 */
export type ProgramStream = 'inherit' | 'ignore' | 'pipe' | number;

/** Standard input, output and error, in this order; input cannot be a pipe. */
export type ProgramStreams = readonly [ProgramStream, ProgramStream, ProgramStream];

const OURS: ProgramStreams = ['inherit', 'inherit', 'inherit'];

/** A program whose cost the kernel tells when it has ended. */
export interface MeasuredTarget extends Target {
  /** Resolves when the program has ended; undefined where nobody could ask the kernel (see {@link startMeasured}). */
  readonly account: Promise<Account | undefined>;
  /** Resolves when it has been let go on and got a CPU for the first time, or ended before. */
  readonly began: Promise<void>;
}

let broken = false;

/**
 * Starts a program stopped, as `startTarget` does, by way of the accountant: a helper of one kilobyte that is the
 * program's parent and asks the kernel what it cost. Where it cannot run (another processor architecture, a folder
 * that forbids programs) the program is our own child, and nobody asks.
 * @param folder private; gets the helper
 * @param streams the program's standard streams. Default: ours
 * @throws {UserError} as `startTarget`
 */
export async function startMeasured(
  program: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly folder: string; readonly streams?: ProgramStreams },
): Promise<MeasuredTarget> {
  const streams = options.streams ?? OURS;
  const helper = broken ? undefined : placeHelper(options.folder);
  if (helper !== undefined) {
    const target = await startByHelper(helper, program, options.env, streams);
    if (target !== undefined) return target;
    broken = true;
  }
  const target = await startTarget(program, { env: options.env, stopped: true, streams: [...streams] });
  const nothing = target.exited.then(() => undefined);
  nothing.catch(() => {});
  return Object.assign(target, { account: nothing, began: Promise.resolve() });
}

function placeHelper(folder: string): string | undefined {
  const bytes = ACCOUNTANTS.get(process.arch);
  if (bytes === undefined) return undefined;
  const path = join(folder, 'accountant');
  try {
    writeFileSync(path, Buffer.from(bytes, 'base64'), { mode: 0o700, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return path;
    // What a full disk has left of it is not to be run the next time
    rmSync(path, { force: true });
    return undefined;
  }
  return path;
}

/** @returns undefined where the helper cannot be run */
async function startByHelper(
  helper: string,
  program: readonly string[],
  env: NodeJS.ProcessEnv,
  streams: ProgramStreams,
): Promise<MeasuredTarget | undefined> {
  const path = resolveProgram(program[0] ?? '', env.PATH);
  let child: ChildProcess;
  try {
    child = spawn(helper, [path, ...wordsOf(program, path)], { stdio: [...streams, 'pipe'], env });
  } catch {
    // Whatever is wrong with the program itself is found again without the helper
    return undefined;
  }
  child.stdout?.resume();
  child.stderr?.resume();
  let bytes = Buffer.alloc(0);
  const report = child.stdio[3] as Readable | null;
  let failed = false;
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((done) => {
    child.once('close', (code, signal) => done({ code, signal }));
    child.once('error', () => {
      failed = true;
      done({ code: null, signal: null });
    });
  });
  let running = true;
  let pid: number | undefined;
  let tellExists = (): void => {};
  let tellBegan = (): void => {};
  const exists = new Promise<void>((done) => {
    tellExists = done;
  });
  const began = new Promise<void>((done) => {
    tellBegan = done;
  });
  report?.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    const told = readAccount(bytes);
    pid ??= told.pid;
    if (pid !== undefined) tellExists();
    if (told.start !== undefined) tellBegan();
  });
  report?.on('error', () => {});
  void ended.then(() => {
    tellExists();
    tellBegan();
  });
  const account = ended.then(() => {
    running = false;
    return readAccount(bytes);
  });
  await exists;
  if (pid === undefined) {
    const { code, signal } = await ended;
    // A signal to the whole group may have come before it was ready to outlive that; others mean that it cannot run here
    if (signal !== null && INTERRUPTS.includes(signal))
      throw new UserError('interrupted before the program began', { exitCode: EXIT.interrupted });
    if (!failed && code === 1)
      throw new UserError('no more processes can be started', { exitCode: EXIT.cannotCollect });
    return undefined;
  }
  const exited = account.then((told) => exitOf(told, program));
  exited.catch(() => {});
  const known = pid;
  await waitUntilStopped(known, exited);
  return {
    pid: known,
    exited,
    account,
    began,
    get running() {
      return running;
    },
    resume() {
      sendSignal(known, 'SIGCONT');
    },
  };
}

/**
 * How the program ended by the account; a helper that was killed takes its program with it.
 * @throws {UserError} 126, 127: the system would not run the program after all
 */
function exitOf({ cannot, end }: Account, program: readonly string[]): TargetExit {
  const name = program[0] ?? '';
  if (cannot === constants.errno.ENOENT) {
    throw new UserError(`cannot run ${name}: its interpreter is not there`, {
      hint: 'look at its first line, or at what `file` says of it',
      exitCode: EXIT.notFound,
    });
  }
  if (cannot !== undefined)
    throw cannotStart(name, Object.assign(new Error(getSystemErrorName(-cannot)), { errno: cannot }));
  return end?.exit ?? { code: undefined, signal: 'SIGKILL' };
}
