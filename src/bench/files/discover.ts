import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { readError, UserError } from '../../errors.ts';

const BENCHMARKS = /\.bench\.[cm]?[jt]sx?$/;
const NOT_SEARCHED = new Set(['node_modules', '.git', 'dist', 'coverage', 'target']);

/**
 * Finds files with benchmarks, in the order of their names.
 * @param words files or folders; none = the folder `bench`, and if there is none the current folder
 * @param root what names are relative to
 * @returns absolute paths
 * @throws {UserError} one is not there, or nothing was found
 */
export function benchFiles(words: readonly string[], root: string): string[] {
  const named = words.length > 0;
  const places = named ? words : [isFolder(join(root, 'bench')) ? 'bench' : '.'];
  const found = new Set<string>();
  for (const place of places) {
    const path = resolve(root, place);
    const state = statSync(path, { throwIfNoEntry: false });
    if (state === undefined) {
      throw new UserError(`there is no file or folder ${place}`, {
        hint: 'name files with benchmarks, or -- COMMAND to measure a command',
      });
    }
    if (!state.isDirectory()) found.add(path);
    else for (const file of searched(path)) found.add(file);
  }
  if (found.size === 0) {
    throw new UserError(
      `no benchmarks in ${places.map((place) => relative('.', resolve(root, place)) || '.').join(', ')}`,
      {
        hint: 'they are in files such as bench/parse.bench.ts; see pforge-prof bench --help, or -- COMMAND to measure a command',
      },
    );
  }
  return [...found].sort();
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function searched(folder: string): string[] {
  const found: string[] = [];
  const open = [folder];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const entry of entriesOf(next)) {
      if (entry.isDirectory() && !NOT_SEARCHED.has(entry.name)) open.push(join(next, entry.name));
      else if (entry.isFile() && BENCHMARKS.test(entry.name)) found.push(join(next, entry.name));
    }
  }
  return found;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw readError(folder, error);
  }
}
