import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { EXIT, readError, UserError } from '../errors.ts';
import { type HistoryEntry, parseEntry } from './entry.ts';
import { locked } from './file-lock.ts';

/** Below the root of the repository: a file that git merges line by line (`merge=union`). */
export const HISTORY_FILE = '.pforge-prof/history.jsonl';

/** Of a file, which shows whether it is a history. */
const HEAD = 65_536;

/** What a history holds. */
export interface ReadHistory {
  readonly entries: readonly HistoryEntry[];
  /** Lines that are no entries: where, and what is wrong. */
  readonly broken: readonly string[];
}

/**
 * Reads a history, one JSON object a line. A broken line costs itself alone.
 * @throws {UserError} the file cannot be read; one that is not there is empty
 */
export function readHistory(path: string): ReadHistory {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { entries: [], broken: [] };
    throw readError(path, error);
  }
  const entries: HistoryEntry[] = [];
  const broken: string[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      entries.push(parseEntry(line, `${path}:${i + 1}`));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      broken.push(error.message);
    }
  }
  return { entries, broken };
}

/** Adds an entry; see {@link appendEntries}. */
export function appendEntry(path: string, entry: HistoryEntry): Promise<void> {
  return appendEntries(path, [entry]);
}

/**
 * Adds entries. Whoever is killed in the middle, or finds the disk full, leaves the others' entries as they are; the file
 * is locked meanwhile, so that two at once lose nothing.
 * @throws {UserError} 125: it cannot be written
 */
export async function appendEntries(path: string, entries: readonly HistoryEntry[]): Promise<void> {
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw cannotWrite(path, error);
  }
  await locked(join(folder, 'history.lock'), () =>
    append(path, entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')),
  );
}

function append(path: string, line: string): void {
  let file: number | undefined;
  let length: number | undefined;
  try {
    file = openSync(path, 'a+', 0o644);
    ({ size: length } = fstatSync(file));
    checkHistory(path, file, length);
    // The rest of a line whose writer was killed must not swallow this one
    const bytes = Buffer.from(endsWithLine(file, length) ? line : `\n${line}`);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } catch (error) {
    if (file !== undefined && length !== undefined) takeBack(file, length);
    throw error instanceof UserError ? error : cannotWrite(path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** @throws {UserError} the file is something else, such as the benchmark itself in `bench --track a.bench.ts` */
function checkHistory(path: string, file: number, length: number): void {
  const head = Buffer.alloc(Math.min(length, HEAD));
  readSync(file, head, 0, head.length, 0);
  const text = head.toString('latin1');
  if (/^\s*(?:\{|$)/.test(text) || /^\{"version":/m.test(text)) return;
  throw new UserError(`${path} is no history: nothing is added to it`, {
    hint: 'name another file, or none: then it is the one of the repository',
  });
}

function endsWithLine(file: number, length: number): boolean {
  if (length === 0) return true;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, length - 1);
  return last[0] === 10;
}

/** What a full disk took of the line goes, so that the next one is whole. */
function takeBack(file: number, length: number): void {
  try {
    ftruncateSync(file, length);
  } catch {
    // The next writer starts a new line
  }
}

function cannotWrite(path: string, error: unknown): UserError {
  return new UserError(`cannot write ${path}: ${(error as NodeJS.ErrnoException).code}`, {
    hint: 'nothing was lost of what is in it; --store names another file',
    exitCode: EXIT.cannotCollect,
    cause: error,
  });
}
