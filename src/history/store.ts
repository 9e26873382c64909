import { UserError } from '../errors.ts';
import type { HistoryEntry } from './entry.ts';
import { appendEntries, appendEntry, type ReadHistory, readHistory } from './json-lines.ts';

/** Where a history is kept. */
export interface HistoryStore {
  /** For messages; without a password. */
  readonly place: string;
  /** @throws {UserError} it cannot be read; a history that is not there yet is empty */
  read(): Promise<ReadHistory>;
  /** Adds an entry whole or not at all, also where others do at the same time. @throws {UserError} 125: it cannot be written */
  append(entry: HistoryEntry): Promise<void>;
  /** Adds several, in their order, all or none. @throws {UserError} 125: it cannot be written */
  appendAll(entries: readonly HistoryEntry[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a history.
 * @param spec a file of JSON lines; `sqlite:FILE` or a file called `*.db`, `*.sqlite` or `*.sqlite3`;
 *   `postgres://user@host/database`
 * @throws {UserError} it cannot be opened
 */
export async function openHistory(spec: string): Promise<HistoryStore> {
  if (isDatabaseServer(spec)) return (await import('./stores/postgres.ts')).openPostgres(spec);
  const [, file = spec] = SQLITE.exec(spec) ?? [];
  if (file === '') throw new UserError('no file follows sqlite:', { hint: 'sqlite:history.db' });
  if (isSqlite(spec)) {
    return (await import('./stores/sqlite.ts')).openSqlite(file);
  }
  const scheme = /^([a-z][a-z\d+.-]*):\/\//i.exec(spec)?.[1];
  if (scheme !== undefined) {
    throw new UserError(`no history can be kept in ${scheme}://`, {
      hint: 'a file of JSON lines, sqlite:FILE or postgres://USER@HOST/DATABASE can hold one',
    });
  }
  return {
    place: spec,
    read: async () => readHistory(spec),
    append: (entry) => appendEntry(spec, entry),
    appendAll: (entries) => appendEntries(spec, entries),
    close: async () => {},
  };
}

const SQLITE = /^sqlite:(?:\/\/(?=\/))?(.*)$/s;

function isSqlite(spec: string): boolean {
  return SQLITE.test(spec) || /\.(?:db|sqlite3?)$/i.test(spec);
}

/** The files that change when something is added to a history; undefined where it is kept by a server. */
export function historyFiles(spec: string): readonly string[] | undefined {
  if (isDatabaseServer(spec)) return undefined;
  const [, file = spec] = SQLITE.exec(spec) ?? [];
  return [file];
}

/** Whether a store is no file, so that no folder stands before its name. */
function isDatabaseServer(spec: string): boolean {
  return /^postgres(?:ql)?:\/\//i.test(spec);
}

/**
 * Where a store is, if its name is one of a file.
 * @param resolve makes a path of a path as the person gave it
 */
export function resolvedStore(spec: string, resolve: (path: string) => string): string {
  if (isDatabaseServer(spec)) return spec;
  const [, file] = SQLITE.exec(spec) ?? [];
  return !file ? resolve(spec) : `sqlite:${resolve(file)}`;
}

/**
 * Copies what a history has and another has not, in its order; so a copy may be repeated.
 * @throws {UserError} one cannot be read, the other not written; a line of the first is broken
 */
export async function copyHistory(
  from: HistoryStore,
  to: HistoryStore,
): Promise<{ readonly copied: number; readonly known: number }> {
  const { entries, broken } = await from.read();
  if (broken.length > 0) throw new UserError(broken[0]!, { hint: 'mend or delete it; nothing was copied' });
  // The same entry may be there more than once: each stands for one
  const there = new Map<string, number>();
  for (const entry of (await to.read()).entries) {
    const text = JSON.stringify(entry);
    there.set(text, (there.get(text) ?? 0) + 1);
  }
  const missing = entries.filter((entry) => {
    const text = JSON.stringify(entry);
    const count = there.get(text) ?? 0;
    there.set(text, count - 1);
    return count <= 0;
  });
  if (missing.length > 0) await to.appendAll(missing);
  return { copied: missing.length, known: entries.length - missing.length };
}
