import type { Profile } from '../../profile/profile.ts';
import type { Destination } from '../destination.ts';
import type { Transport } from '../http.ts';
import type { Origin } from '../origin.ts';
import { type Batch, frameRows, sampleRows, stackRows } from './profile-rows.ts';
import { RowBinaryReader } from './row-binary.ts';
import { COLUMNS, TABLES, type TableName } from './schema.ts';

/** How many rows of each table were sent. */
export type SentRows = Readonly<Record<TableName, number>>;

/**
 * Makes the tables where they are not there yet. Who may only insert is let go on: the tables may have been made by others.
 * @throws {UserError} the server cannot be reached, or there is no such database
 */
export async function makeTables(destination: Destination, transport: Transport): Promise<void> {
  const url = queryUrl(
    destination,
    `SELECT name FROM system.tables WHERE database = currentDatabase() FORMAT TabSeparated`,
  );
  const there = await transport.send({ method: 'GET', url, says: 'which tables are there', repeatable: true });
  const names = new Set(there.toString().split('\n'));
  for (const definition of Object.values(TABLES)) {
    if (names.has(/^\w+/.exec(definition)![0])) continue;
    const body = `CREATE TABLE IF NOT EXISTS ${definition}`;
    await transport.send({ method: 'POST', url: queryUrl(destination), body, says: 'a table', repeatable: true });
  }
}

/**
 * Sends a profile: first the frames and stacks that the server does not have, then the samples, so that none is ever
 * without its stack. The same profile sent again counts once.
 * @throws {UserError} the server cannot be reached, or refuses
 */
export async function pushToClickhouse(
  profile: Profile,
  origin: Origin,
  destination: Destination,
  transport: Transport,
): Promise<SentRows> {
  const frames = frameRows(profile);
  const stacks = stackRows(profile, frames.hashes);
  const unknown = async (table: TableName, hashes: BigUint64Array): Promise<(hash: bigint) => boolean> => {
    const there = await known(table, hashes, destination, transport);
    return (hash) => !there.has(hash);
  };
  const insert = async (table: TableName, batches: Iterable<Batch>): Promise<number> => {
    let sent = 0;
    for (const { rows, bytes } of batches) {
      const url = queryUrl(destination, `INSERT INTO ${nameOf(table)} (${COLUMNS[table]}) FORMAT RowBinary`);
      await transport.send({ method: 'POST', url, body: bytes, says: `${rows} rows`, repeatable: true });
      sent += rows;
    }
    return sent;
  };
  return {
    frames: await insert('frames', frames.batches(await unknown('frames', frames.hashes))),
    stacks: await insert('stacks', stacks.batches(await unknown('stacks', stacks.hashes))),
    samples: await insert('samples', sampleRows(profile, stacks, origin)),
  };
}

/** Which of these the server has. They go as a table of their own, as there may be more than a query may be long. */
async function known(
  table: TableName,
  hashes: BigUint64Array,
  destination: Destination,
  transport: Transport,
): Promise<ReadonlySet<bigint>> {
  const url = queryUrl(destination, `SELECT DISTINCT hash FROM ${nameOf(table)} WHERE hash IN asked FORMAT RowBinary`);
  url.searchParams.set('asked_structure', 'hash UInt64');
  url.searchParams.set('asked_format', 'RowBinary');
  const body = new FormData();
  const bytes = new Uint8Array(hashes.length * 8);
  bytes.set(new Uint8Array(hashes.buffer, hashes.byteOffset, hashes.byteLength));
  body.append('asked', new Blob([bytes]), 'asked');
  const says = `which of ${hashes.length} hashes are there`;
  const reader = new RowBinaryReader(await transport.send({ method: 'POST', url, body, says, repeatable: true }));
  const found = new Set<bigint>();
  while (!reader.ended) found.add(reader.uint64());
  return found;
}

/** The address that takes a query: in `query`, or with none there, in the body. */
export function queryUrl({ base }: Destination, query?: string): URL {
  const url = new URL('/', base);
  const database = decodeURIComponent(base.pathname.replaceAll('/', ''));
  if (database !== '') url.searchParams.set('database', database);
  // Else an error amid the answer would look like rows
  url.searchParams.set('wait_end_of_query', '1');
  if (query !== undefined) url.searchParams.set('query', query);
  return url;
}

export function nameOf(table: TableName): string {
  return `pforge_prof_${table}`;
}
