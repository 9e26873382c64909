import { findTool } from '../processes/executables.ts';
import { residentMemory } from '../processes/memory.ts';
import { type Supervised, supervise } from '../processes/supervise.ts';
import { startTarget, wordsOf } from '../processes/target.ts';
import { formatValue } from '../profile/units.ts';
import type { CollectOptions } from './collector.ts';

/** A library that watches a program from within. */
export interface Preload {
  /** Path of the library. */
  readonly library: string;
  /** What the library is told; for the program alone. */
  readonly variables: Readonly<Record<string, string>>;
  /** What the person reads while the program runs. */
  readonly doing: string;
  /** Called a few times a second. */
  readonly tick?: () => void;
}

/**
 * Runs a program with a library before its own.
 * @param path of the program
 * @throws {UserError} 126/127 when the program cannot be run, 130 on give-up
 */
export async function runPreloaded(
  program: readonly string[],
  path: string,
  { library, variables, doing, tick }: Preload,
  options: Pick<CollectOptions, 'durationSeconds' | 'attend' | 'say' | 'progress'>,
): Promise<Supervised> {
  const own = { LD_PRELOAD: withOwn(library), ...variables };
  const target = await startTarget(withVariables(own, wordsOf(program, path)), { env: process.env, stopped: false });
  return supervise(target, {
    durationSeconds: options.durationSeconds,
    attend: options.attend,
    say: options.say,
    tick: (elapsed) => {
      tick?.();
      options.progress(elapsed, `${doing}${residentNow(target.pid)}`);
    },
  });
}

function residentNow(pid: number): string {
  const memory = residentMemory(pid);
  if (memory === undefined) return '';
  return `, ${formatValue(memory.anonymous + memory.file + memory.shared, 'bytes')} resident`;
}

/**
 * The words that start a program with variables that are for it alone, and not for what starts it.
 * @param words the program and its arguments
 */
function withVariables(variables: Readonly<Record<string, string>>, words: readonly string[]): string[] {
  const settings = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const env = findTool('env') ?? '/usr/bin/env';
  if (!words[0]!.includes('=')) return [env, ...settings, ...words];
  // env(1) would take the program for a variable. The shell's script is fixed: all else are its parameters
  return [
    '/bin/sh',
    '-c',
    `n=${settings.length}; while [ $n -gt 0 ]; do export "$1"; shift; n=$((n - 1)); done; exec "$@"`,
    'sh',
    ...settings,
    ...words,
  ];
}

/** A library to be loaded before others, beside those that the person has chosen. */
function withOwn(library: string): string {
  const own = process.env.LD_PRELOAD ?? '';
  return own === '' ? library : `${library}:${own}`;
}
