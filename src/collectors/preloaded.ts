import { findTool } from '../processes/executables.ts';

/**
 * The words that start a program with variables that are for it alone, and not for what starts it.
 * @param words the program and its arguments
 */
export function preloaded(variables: Readonly<Record<string, string>>, words: readonly string[]): string[] {
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
export function withOwn(library: string): string {
  const own = process.env.LD_PRELOAD ?? '';
  return own === '' ? library : `${library}:${own}`;
}
