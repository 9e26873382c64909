import { accessSync, closeSync, constants, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { EXIT, UserError } from '../errors.ts';

/** What starting a program would run. */
export type ProgramKind =
  /** node itself, or a script whose `#!` line names node (npm, npx and the like). */
  | 'node'
  | 'node-script'
  /** A shell, or a script for another interpreter: it may well start node. */
  | 'script'
  | 'native';

const shells = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'fish', 'busybox', 'env']);

type Check = 'ok' | 'missing' | 'directory' | 'not-executable';

function check(path: string): Check {
  try {
    if (statSync(path).isDirectory()) return 'directory';
    accessSync(path, constants.X_OK);
    return 'ok';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'not-executable' : 'missing';
  }
}

/**
 * Finds a helper tool (perf, valgrind, setpriv). Only absolute PATH entries are searched, so that a `./perf` in a
 * folder that happens to be on PATH never runs.
 * @returns its absolute path, undefined when there is none
 */
export function findTool(name: string, path: string | undefined = process.env.PATH): string | undefined {
  for (const folder of (path ?? '').split(':')) {
    if (!isAbsolute(folder)) continue;
    const candidate = join(folder, name);
    if (check(candidate) === 'ok') return candidate;
  }
  return undefined;
}

/**
 * Finds the program to profile as the shell would: a name with a slash is a path, any other is searched on PATH.
 * @returns its absolute path
 * @throws {UserError} 127 not found, 126 not executable or a directory
 */
export function resolveProgram(name: string, path: string | undefined = process.env.PATH): string {
  if (name === '') throw new UserError('the program name is empty', { exitCode: EXIT.notFound });
  if (name.includes('/')) {
    const full = resolve(name);
    const found = check(full);
    if (found === 'ok') return full;
    throw cannotRun(name, found);
  }
  let denied: Check | undefined;
  for (const folder of (path ?? '').split(':')) {
    const candidate = resolve(folder, name);
    const found = check(candidate);
    if (found === 'ok') return candidate;
    if (found === 'not-executable') denied ??= found;
  }
  throw cannotRun(name, denied ?? 'missing');
}

function cannotRun(name: string, found: Check): UserError {
  if (found === 'directory') {
    return new UserError(`cannot run ${name}: it is a directory`, { exitCode: EXIT.notExecutable });
  }
  if (found === 'not-executable') {
    return new UserError(`cannot run ${name}: it is not executable`, {
      hint: `chmod +x ${name}, or name its interpreter first`,
      exitCode: EXIT.notExecutable,
    });
  }
  const what = name.includes('/') ? 'no such file' : 'not found on PATH';
  return new UserError(`cannot run ${name}: ${what}`, {
    hint: 'check the spelling of what follows --',
    exitCode: EXIT.notFound,
  });
}

/** Says what kind of program a path is, by its name and its first bytes. Unreadable files count as native. */
export function programKind(path: string): ProgramKind {
  let real = path;
  try {
    real = realpathSync(path);
  } catch {
    return 'native';
  }
  if (/^node(js)?(-?\d[\d.]*)?$/.test(basename(real))) return 'node';
  if (shells.has(basename(real))) return 'script';
  const interpreter = shebang(real);
  if (interpreter === undefined) return 'native';
  return /(^|[/\s])node(js)?(\s|$)/.test(interpreter) ? 'node-script' : 'script';
}

function shebang(path: string): string | undefined {
  const head = Buffer.alloc(256);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const length = readSync(file, head, 0, head.length, 0);
    const text = head.toString('latin1', 0, length);
    return text.startsWith('#!') ? text.slice(2).split('\n')[0] : undefined;
  } finally {
    closeSync(file);
  }
}
