import { EXIT, UserError } from '../errors.ts';
import type { World } from '../world.ts';
import { escapeTerminal } from './escape.ts';

/**
 * The one place that prints an error: one line, what is wrong and what to do next. Stack traces only with `--debug`.
 * @returns the exit code
 */
export function reportError(error: unknown, world: World, debug: boolean): number {
  const known = error instanceof UserError;
  const text = error instanceof Error ? error.message : String(error);
  const line = known
    ? `${text}${error.hint === undefined ? '' : `; ${error.hint}`}`
    : `internal error: ${text}; please report it with the output of the same command and --debug`;
  world.stderr.write(`pforge-prof: error: ${escapeTerminal(line).replaceAll('\n', ' ')}\n`);
  if (debug && error instanceof Error) {
    world.stderr.write(`${stackOf(error)}\n`);
    if (error.cause instanceof Error) world.stderr.write(`caused by ${stackOf(error.cause)}\n`);
  }
  return known ? error.exitCode : EXIT.internal;
}

function stackOf(error: Error): string {
  return (error.stack ?? '').split('\n').map(escapeTerminal).join('\n');
}
