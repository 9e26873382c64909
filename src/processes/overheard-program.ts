import type { Writable } from 'node:stream';
import { deathSignalPrefix } from './death-signal.ts';
import { resolveProgram } from './executables.ts';
import { cannotStart, startChild, type TargetExit, wordsOf } from './target.ts';

/** What a program has printed on its standard output, and how it ended. */
export interface Overheard {
  readonly exit: TargetExit;
  /** The first {@link MOST_KEPT} bytes of it. */
  readonly stdout: string;
}

/** Harnesses print a few lines a benchmark; one that goes mad fills no memory. */
const MOST_KEPT = 64 << 20;

/**
 * Runs a program to its end, with our standard input and error, and hands on what it prints while it is read as well.
 * @param to what it prints goes there
 * @throws {UserError} 126, 127: it cannot be run
 */
export async function overhear(program: readonly string[], env: NodeJS.ProcessEnv, to: Writable): Promise<Overheard> {
  const path = resolveProgram(program[0] ?? '', env.PATH);
  const name = program[0] ?? '';
  const words = [...deathSignalPrefix('TERM'), path, ...wordsOf(program, path).slice(1)];
  const child = startChild(name, words, { stdio: ['inherit', 'pipe', 'inherit'], env });
  const pieces: Buffer[] = [];
  let size = 0;
  child.stdout!.on('data', (piece: Buffer) => {
    to.write(piece);
    if (size < MOST_KEPT) pieces.push(piece);
    size += piece.length;
  });
  const exit = await new Promise<TargetExit>((done, fail) => {
    child.once('error', (error: NodeJS.ErrnoException) => fail(cannotStart(name, error)));
    child.once('close', (code, signal) => done({ code: code ?? undefined, signal: signal ?? undefined }));
  });
  return { exit, stdout: Buffer.concat(pieces).toString() };
}
