import type { Client } from 'pg';
import { EXIT, UserError } from '../../errors.ts';
import type { HistoryEntry } from '../entry.ts';
import type { ReadHistory } from '../json-lines.ts';
import type { HistoryStore } from '../store.ts';
import { type EntryRow, entryText, historyOf } from './entry-text.ts';

const CONNECT_MS = 10_000;
const STATEMENT_MS = 60_000;

/**
 * `json` keeps an entry letter for letter, `jsonb` would not. The lock makes two first users one after the other, as
 * IF NOT EXISTS alone does not. The view has the names and columns that it has in SQLite.
 */
const SCHEMA = `
SELECT pg_advisory_xact_lock(hashtext('pforge_prof_history'));
CREATE TABLE IF NOT EXISTS pforge_prof_history (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, entry json NOT NULL);
CREATE OR REPLACE VIEW pforge_prof_results AS
  SELECT h.id AS entry_id, (h.entry ->> 'time')::timestamptz AS time, h.entry ->> 'suite' AS suite,
    h.entry -> 'commit' ->> 'id' AS commit_id, h.entry -> 'commit' ->> 'branch' AS branch,
    h.entry ->> 'machine' AS machine, r.*
  FROM pforge_prof_history h, json_to_recordset(h.entry -> 'results')
    AS r(name text, unit text, better text, value double precision, low double precision, high double precision);
`;

/**
 * A history in PostgreSQL. Tables are made when the first entry comes, in the first schema of the search path.
 * @param spec `postgres://user:password@host:port/database?sslmode=...`; what it leaves out comes from PGHOST, PGUSER,
 *   PGPASSWORD, ~/.pgpass and so on, as for psql
 * @throws {UserError} 125: it cannot be reached, or lets us not in
 */
export async function openPostgres(spec: string): Promise<HistoryStore> {
  const { connectionString, place } = connection(spec);
  const { Client } = await import('pg');
  const client = new Client({
    connectionString,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    // Longer than the server may take: who is gone altogether must not keep us for ever
    query_timeout: 2 * STATEMENT_MS,
    application_name: 'pforge-prof',
  });
  // A connection that is lost between two questions is told by the next one
  client.on('error', () => {});
  const { noDeprecation } = process;
  // The client says on standard error that its own reading of ~/.pgpass will move to another place one day
  process.noDeprecation = true;
  try {
    await client.connect();
  } catch (error) {
    await client.end().catch(() => {});
    throw failed('reach', place, error);
  } finally {
    process.noDeprecation = noDeprecation ?? false;
  }
  const append = async (entries: readonly HistoryEntry[]): Promise<void> => {
    try {
      await add(client, entries);
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {});
      throw failed('write', place, error);
    }
  };
  return {
    place,
    async read() {
      try {
        return await read(client, place);
      } catch (error) {
        throw failed('read', place, error);
      }
    },
    append: (entry) => append([entry]),
    appendAll: append,
    close: () => client.end().catch(() => {}),
  };
}

async function read(client: Client, place: string): Promise<ReadHistory> {
  if (!(await hasTable(client))) return { entries: [], broken: [] };
  const { rows } = await client.query<EntryRow>('SELECT id, entry::text AS entry FROM pforge_prof_history ORDER BY id');
  return historyOf(rows, place);
}

async function add(client: Client, entries: readonly HistoryEntry[]): Promise<void> {
  await client.query('BEGIN');
  // Who may write a history need not be allowed to make tables
  if (!(await hasTable(client))) await client.query(SCHEMA);
  for (const entry of entries) {
    await client.query('INSERT INTO pforge_prof_history (entry) VALUES ($1::json)', [entryText(entry)]);
  }
  await client.query('COMMIT');
}

async function hasTable(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ found: string | null }>(
    "SELECT to_regclass('pforge_prof_history')::text AS found",
  );
  return rows[0]!.found !== null;
}

/** Stands for no host: what follows then says which socket, or PGHOST does. */
const NO_HOST = 'host.invalid';

function connection(spec: string): { connectionString: string; place: string } {
  const parsable = spec.replace(/(?<=^[^/]*\/\/[^/?]*@)(?=[/?]|$)/, NO_HOST);
  const url = URL.canParse(parsable) ? new URL(parsable) : undefined;
  if (url === undefined) {
    // Never the text itself: a password may be in it
    throw new UserError('the store is no address of PostgreSQL', {
      hint: 'postgres://USER@HOST:5432/DATABASE; other signs than letters and digits in a password as %XX',
    });
  }
  const { username, pathname, searchParams } = url;
  const host = [NO_HOST, ''].includes(url.host) ? (searchParams.get('host') ?? '') : url.host;
  const place = `postgres://${username === '' ? '' : `${username}@`}${host}${pathname}`;
  // sslmode means then what it means to psql, which is what people know
  const compatible = searchParams.has('uselibpqcompat') ? '' : `${url.search === '' ? '?' : '&'}uselibpqcompat=true`;
  return { connectionString: `${spec}${compatible}`, place };
}

/** By the codes of PostgreSQL (Appendix A of its manual) and of the network. */
const HINTS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'does it run there? host and port belong into the address'],
  ['ENOENT', 'no server has this socket; a host belongs into the address'],
  ['ENOTFOUND', 'no host has this name'],
  ['28P01', 'the password belongs into PGPASSWORD or ~/.pgpass'],
  ['28000', 'pg_hba.conf of the server says who may connect'],
  ['3D000', 'make it: createdb NAME'],
  ['42501', 'GRANT SELECT, INSERT ON pforge_prof_history TO the user; for the first entry, CREATE ON the schema'],
  ['3F000', 'no schema of the search path exists'],
  ['25006', 'this server is a read-only copy; give the address of the primary'],
  ['53100', 'the disk of the server is full; nothing was lost of what is in it'],
]);

function failed(verb: string, place: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const cause = error as Error & { code?: string; errors?: readonly (Error & { code?: string })[] };
  // Of a name with several addresses, all refused
  const { code, message } = cause.errors?.[0] ?? cause;
  const hint = HINTS.get(code ?? '');
  return new UserError(`cannot ${verb} ${place}: ${message.replace(/\s+/g, ' ')}`, {
    exitCode: EXIT.cannotCollect,
    ...(hint === undefined ? {} : { hint }),
  });
}
