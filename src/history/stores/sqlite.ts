import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { EXIT, UserError } from '../../errors.ts';
import type { HistoryEntry } from '../entry.ts';
import { locked } from '../file-lock.ts';
import type { ReadHistory } from '../json-lines.ts';
import type { HistoryStore } from '../store.ts';
import { type EntryRow, entryText, historyOf } from './entry-text.ts';
import { type Database, type SqliteEngine, sqliteEngine } from './sqlite-engine.ts';

/** A row an entry, as JSON; and a row a result, for people's own queries: the same names and columns as in PostgreSQL. */
const SCHEMA = `
CREATE TABLE IF NOT EXISTS pforge_prof_history (id INTEGER PRIMARY KEY AUTOINCREMENT, entry TEXT NOT NULL);
CREATE VIEW IF NOT EXISTS pforge_prof_results AS
  SELECT h.id AS entry_id,
    json_extract(h.entry, '$.time') AS time,
    json_extract(h.entry, '$.suite') AS suite,
    json_extract(h.entry, '$.commit.id') AS commit_id,
    json_extract(h.entry, '$.commit.branch') AS branch,
    json_extract(h.entry, '$.machine') AS machine,
    json_extract(r.value, '$.name') AS name,
    json_extract(r.value, '$.unit') AS unit,
    json_extract(r.value, '$.better') AS better,
    json_extract(r.value, '$.value') AS value,
    json_extract(r.value, '$.low') AS low,
    json_extract(r.value, '$.high') AS high
  FROM pforge_prof_history h, json_each(h.entry, '$.results') r;
`;

/**
 * A history in a file of SQLite. Nobody writes into the file itself: a copy with the new entries takes its place, so that
 * a writer who is killed, or finds the disk full, leaves what was there, and who reads needs no lock. Writers take turns.
 * @param engine default: node's, else WebAssembly
 */
export async function openSqlite(path: string, engine?: SqliteEngine): Promise<HistoryStore> {
  const sqlite = engine ?? (await sqliteEngine());
  return {
    place: path,
    read: async () => read(path, sqlite),
    append: (entry) => append(path, [entry], sqlite),
    appendAll: (entries) => append(path, entries, sqlite),
    close: async () => {},
  };
}

function read(path: string, engine: SqliteEngine): ReadHistory {
  if (!existsSync(path)) return { entries: [], broken: [] };
  try {
    if (engine.locksFiles) return withDatabase(path, engine, true, (database) => entriesOf(database, path));
    refuseJournals(path);
    const copy = privateCopy(path);
    try {
      return withDatabase(join(copy, 'history.db'), engine, true, (database) => entriesOf(database, path));
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  } catch (error) {
    throw cannot('read', path, error);
  }
}

function entriesOf(database: Database, path: string): ReadHistory {
  const tables = database.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'pforge_prof_history'");
  if (tables.length === 0) return { entries: [], broken: [] };
  const rows = database.all('SELECT id, CAST(entry AS TEXT) AS entry FROM pforge_prof_history ORDER BY id');
  return historyOf(rows as unknown as EntryRow[], path);
}

async function append(path: string, entries: readonly HistoryEntry[], engine: SqliteEngine): Promise<void> {
  try {
    mkdirSync(dirname(path), { recursive: true });
    await locked(`${path}.writing`, () => replaced(path, (copy) => insert(copy, entries, engine)));
  } catch (error) {
    throw cannot('write', path, error);
  }
}

function insert(path: string, entries: readonly HistoryEntry[], engine: SqliteEngine): void {
  withDatabase(path, engine, false, (database) => {
    // The copy is thrown away where this does not come to its end, and made lasting as a whole
    database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN');
    database.exec(SCHEMA);
    for (const entry of entries) database.run('INSERT INTO pforge_prof_history (entry) VALUES (?)', [entryText(entry)]);
    database.exec('COMMIT');
  });
}

function withDatabase<T>(path: string, engine: SqliteEngine, readOnly: boolean, work: (database: Database) => T): T {
  const database = engine.open(path, { readOnly });
  try {
    return work(database);
  } finally {
    database.close();
  }
}

/** Works on a copy, which then takes the file's place. */
function replaced(path: string, work: (copy: string) => void): void {
  const unfinished = `${path}.unfinished`;
  const removeUnfinished = (): void => {
    // Beside it lie locks of SQLite, also those of whoever was killed
    for (const name of readdirSync(dirname(path))) {
      if (name.startsWith(basename(unfinished))) rmSync(join(dirname(path), name), { recursive: true, force: true });
    }
  };
  removeUnfinished();
  try {
    if (existsSync(path)) {
      refuseJournals(path);
      copyFileSync(path, unfinished, constants.COPYFILE_FICLONE);
    } else {
      // As a history of JSON lines: whoever may read the repository may read it, whichever engine writes
      closeSync(openSync(unfinished, 'wx', 0o644));
    }
    work(unfinished);
    const file = openSync(unfinished, 'r+');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path);
  } finally {
    removeUnfinished();
  }
}

/** For an engine that would leave a lock beside the file. */
function privateCopy(path: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'pforge-prof-'));
  try {
    copyFileSync(path, join(folder, 'history.db'), constants.COPYFILE_FICLONE);
    return folder;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Another program is amid a change, or was killed in one: the file alone is not all of it. */
function refuseJournals(path: string): void {
  const journal = ['-journal', '-wal'].map((end) => path + end).find((name) => existsSync(name));
  if (journal === undefined) return;
  throw new UserError(`cannot use ${path}: ${basename(journal)} lies beside it, so another program has not finished`, {
    hint: `let that end, or mend the file: sqlite3 ${path} 'PRAGMA integrity_check'`,
    exitCode: EXIT.cannotCollect,
  });
}

function cannot(verb: 'read' | 'write', path: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const why = code === undefined || code.startsWith('ERR_') ? message.replaceAll('\n', ' ') : code;
  const isNoDatabase = /not a database|malformed/.test(why);
  const guess = why === 'disk I/O error' ? ' (is the disk full?)' : '';
  return new UserError(`cannot ${verb} ${path}: ${why}${guess}`, {
    hint: isNoDatabase
      ? 'restore the file from a copy, or move it away; nothing was changed in it'
      : 'nothing was lost of what is in it; --store names another place',
    exitCode: verb === 'write' ? EXIT.cannotCollect : EXIT.badInput,
    cause: error,
  });
}
