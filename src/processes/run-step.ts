import type { StdioOptions } from 'node:child_process';
import { EXIT, UserError } from '../errors.ts';
import { deathSignalPrefix } from './death-signal.ts';
import { resolveProgram } from './executables.ts';
import { cannotStart, exitCodeOf, startChild } from './target.ts';

/**
 * Runs a command of the person's to its end, without a shell and without standard input. What it prints goes to standard
 * error, as standard output belongs to the program that is measured.
 * @param option for messages: which option has the command
 * @param settings its environment (default: ours), and whether what it prints is thrown away (default: shown)
 * @throws {UserError} 126, 127: it cannot be run; 125: it failed
 */
export async function runStep(
  words: readonly string[],
  option: string,
  { env = process.env, silent = false }: { readonly env?: NodeJS.ProcessEnv; readonly silent?: boolean } = {},
): Promise<void> {
  const name = words[0] ?? '';
  const path = resolveProgram(name, env.PATH);
  const stdio: StdioOptions = silent ? 'ignore' : ['ignore', 2, 2];
  const child = startChild(name, [...deathSignalPrefix('TERM'), path, ...words.slice(1)], { stdio, env });
  const code = await new Promise<number>((done, fail) => {
    child.once('error', (error) => fail(cannotStart(name, error)));
    child.once('exit', (exit, signal) => done(exitCodeOf({ code: exit ?? undefined, signal: signal ?? undefined })));
  });
  if (code === 0) return;
  throw new UserError(`the command of ${option} failed with exit code ${code}`, {
    hint: `nothing more was measured; ${silent ? '--show-output shows what it prints' : 'see what it printed above'}`,
    exitCode: EXIT.cannotCollect,
  });
}
