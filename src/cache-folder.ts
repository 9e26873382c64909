import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

/**
 * The folder for what is kept to be sooner the next time: `$XDG_CACHE_HOME/pforge-prof`, else `~/.cache/pforge-prof`.
 * @returns undefined where there is none, or it would lie in the folder of another user, as `sudo` may leave HOME
 */
export function cacheFolder({ XDG_CACHE_HOME, HOME }: NodeJS.ProcessEnv): string | undefined {
  const home = XDG_CACHE_HOME || HOME;
  if (home === undefined || !isAbsolute(home)) return undefined;
  const state = statSync(home, { throwIfNoEntry: false });
  const ours = state ? state.uid === process.geteuid?.() : home === XDG_CACHE_HOME && canBeMade(home);
  return ours ? join(home, XDG_CACHE_HOME ? '' : '.cache', 'pforge-prof') : undefined;
}

/** Whether a folder would be made in one where nobody else could be sooner. */
function canBeMade(folder: string): boolean {
  for (let above = dirname(folder); ; above = dirname(above)) {
    const state = statSync(above, { throwIfNoEntry: false });
    if (state) return state.isDirectory() && state.uid === process.geteuid?.() && (state.mode & 0o022) === 0;
  }
}

/**
 * Opens what {@link keep} has written. Whoever writes it can make us believe anything: so nobody else may.
 * @returns undefined where it is not there, or not ours alone to write; to be closed otherwise
 */
export function openKept(path: string): { readonly file: number; readonly size: number } | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const { uid, mode, size } = fstatSync(file);
    if (uid === process.geteuid?.() && (mode & 0o022) === 0) return { file, size };
  } catch {
    // As if it were not there.
  }
  if (file !== undefined) closeSync(file);
  return undefined;
}

/** What is in the folder and is made again when it is wanted: code of bundles, and what a process was writing when it was killed. */
const CODE = /^[a-z]+\.js-/;
const UNFINISHED = /\.\d+$/;
/** Code takes no more than this: bytes, of all commands of two installations. */
const MOST_CODE = 96 << 20;
const DAY_MS = 86_400_000;
const UNUSED_MS = 30 * DAY_MS;

/**
 * Removes what nobody will miss: code that was not used for a month (that of versions which are gone, say), the longest unused
 * beyond {@link MOST_CODE}, and files that were never finished.
 * @param now milliseconds of `Date.now()`
 */
export function tidy(folder: string, now = Date.now()): void {
  const code: { readonly path: string; readonly used: number; readonly size: number }[] = [];
  const remove = (path: string): void => rmSync(path, { force: true });
  try {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const state = lstatSync(path, { throwIfNoEntry: false });
      if (!state?.isFile()) continue;
      // Many disks note a use once a day at most, some never
      const used = Math.max(state.atimeMs, state.mtimeMs);
      if (UNFINISHED.test(name)) {
        if (now - state.mtimeMs > DAY_MS) remove(path);
      } else if (CODE.test(name)) code.push({ path, used, size: state.size });
    }
    code.sort((a, b) => b.used - a.used);
    let size = 0;
    for (const file of code) {
      size += file.size;
      if (size > MOST_CODE || now - file.used > UNUSED_MS) remove(file.path);
    }
  } catch {
    // The next one that writes tries it again.
  }
}

/** Writes a file whole, for this user alone; without a word where that cannot be done: the next time is slower then. */
export function keep(path: string, parts: readonly Uint8Array[]): void {
  const unfinished = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(unfinished, 'wx', 0o600);
    try {
      for (const part of parts) writeFileSync(file, part);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path);
  } catch {
    try {
      rmSync(unfinished);
    } catch {
      // It was not there.
    }
  }
}
