import { UserError } from '../../errors.ts';
import { ProfileBuilder } from '../../profile/builder.ts';
import { mergeValueTypes } from '../../profile/merge-value-types.ts';
import type { Kind, Profile, Tier, ValueType } from '../../profile/profile.ts';
import type { Destination } from '../destination.ts';
import type { Transport } from '../http.ts';
import type { Condition } from '../labels.ts';
import { nameOf, queryUrl } from './push-profile.ts';
import { RowBinaryReader } from './row-binary.ts';
import { literal } from './schema.ts';

/** What is asked of a fleet. */
export interface FleetQuery {
  readonly service: string;
  /** Milliseconds since the epoch: from the first to before the second. */
  readonly from: number;
  readonly to: number;
  readonly conditions: readonly Condition[];
}

/**
 * One profile of all that was pushed for a service: the server adds the weights up, stack by stack.
 * @throws {UserError} the server cannot be reached, or has nothing of that
 */
export async function pullFromClickhouse(
  query: FleetQuery,
  destination: Destination,
  transport: Transport,
): Promise<Profile> {
  const ask = async (sql: string): Promise<RowBinaryReader> => {
    const request = { method: 'POST', url: queryUrl(destination), body: `${sql} FORMAT RowBinary` } as const;
    return new RowBinaryReader(await transport.send({ ...request, says: 'a query', repeatable: true }));
  };
  const samples = nameOf('samples');
  const where = whereOf(query);
  const isThere = `SELECT toUInt8(count()) FROM system.tables WHERE database = currentDatabase() AND name = '${samples}'`;
  if ((await ask(isThere)).uint8() === 0) {
    throw new UserError(`${destination.place} has no profiles: no table ${samples}`, {
      hint: 'pforge-prof push makes it with the first profile; is this the right database?',
    });
  }
  const weights = await weightsOf(ask, samples, where);
  if (weights === undefined) throw await nothing(ask, samples, query, destination);
  const stackQuery = `SELECT DISTINCT stack FROM ${samples} WHERE ${where}`;
  const builder = new ProfileBuilder(weights.valueTypes);
  const stackOf = await stacksOf(ask, stackQuery, builder);
  await addSamples(ask, where, builder, stackOf, weights);
  const [pushes, hosts, tools, first, last] = await overview(ask, samples, where);
  return builder.build({
    ...(tools.length === 1 && tools[0] !== '' ? { tool: tools[0]! } : {}),
    startTime: first * 1000,
    duration: (last + 1 - first) * 1e9,
    notes: [
      ...weights.notes,
      `${query.service}: ${pushes} ${pushes === 1 ? 'profile' : 'profiles'} of ${hosts} ${hosts === 1 ? 'host' : 'hosts'}, ${iso(first)} to ${iso(last)}`,
    ],
  });
}

type Ask = (sql: string) => Promise<RowBinaryReader>;

function iso(second: number): string {
  return new Date(second * 1000).toISOString().replace('.000Z', 'Z');
}

function whereOf({ service, from, to, conditions }: FleetQuery): string {
  const tests = conditions.map(({ name, value, isNot }) => {
    const column = name === 'host' ? 'host' : `label_values[indexOf(label_names, ${literal(name)})]`;
    return `${column} ${isNot ? '!=' : '='} ${literal(value)}`;
  });
  const second = (time: number): string => `toDateTime(${Math.min(0xffffffff, Math.max(0, Math.ceil(time / 1000)))})`;
  return [`service = ${literal(service)}`, `time >= ${second(from)}`, `time < ${second(to)}`, ...tests].join(' AND ');
}

interface Weights {
  readonly valueTypes: readonly ValueType[];
  /** Column of a type and unit, joined by a NUL character. */
  readonly columns: ReadonlyMap<string, number>;
  readonly notes: readonly string[];
}

/** The weights, as merging the profiles in the order of their times gives them. @returns undefined where there are none */
async function weightsOf(ask: Ask, samples: string, where: string): Promise<Weights | undefined> {
  // Three digits, so that texts sort as numbers do
  const words = "concat(toString(from_last + 100), type, '\\0', unit)";
  const rows = await ask(
    `SELECT kinds FROM (SELECT min(time) AS first, arrayReverseSort(groupUniqArray(${words})) AS kinds ` +
      `FROM ${samples} WHERE ${where} GROUP BY push) GROUP BY kinds ORDER BY min(first), kinds`,
  );
  const lists: ValueType[][] = [];
  while (!rows.ended) {
    lists.push(
      rows.texts().map((text) => {
        const [type = '', unit = ''] = text.slice(3).split('\0');
        return { type, unit };
      }),
    );
  }
  if (lists.length === 0) return undefined;
  const names = lists.map((list) => `profiles of ${list.at(-1)!.type}`);
  const { valueTypes, columns, notes } = mergeValueTypes(lists, names);
  const columnOf = new Map<string, number>();
  for (const [i, list] of lists.entries()) {
    for (const [k, { type, unit }] of list.entries()) columnOf.set(`${type}\0${unit}`, columns[i]![k]!);
  }
  return { valueTypes, columns: columnOf, notes };
}

/** Builds the stacks. @returns which stack of the builder a hash is */
async function stacksOf(ask: Ask, hashes: string, builder: ProfileBuilder): Promise<ReadonlyMap<bigint, number>> {
  const stacks = nameOf('stacks');
  const frames = await ask(
    `SELECT hash, any(name), any(file), any(line), any(column), any(module), any(kind), any(tier) FROM ${nameOf('frames')} ` +
      `WHERE hash IN (SELECT arrayJoin(frames) FROM ${stacks} WHERE hash IN (${hashes})) GROUP BY hash`,
  );
  const frameOf = new Map<bigint, number>();
  while (!frames.ended) {
    const hash = frames.uint64();
    const [name, file, line, column] = [frames.text(), frames.text(), frames.uint32(), frames.uint32()];
    const words = { name, file, line, column, module: frames.text(), kind: frames.text() as Kind };
    frameOf.set(hash, builder.frame({ ...words, tier: frames.text() as Tier }));
  }
  const rows = await ask(`SELECT hash, any(frames) FROM ${stacks} WHERE hash IN (${hashes}) GROUP BY hash`);
  const found = new Map<bigint, number>();
  while (!rows.ended) {
    const hash = rows.uint64();
    let stack = -1;
    for (let left = rows.size(); left > 0; left--) {
      const frame = frameOf.get(rows.uint64()) ?? builder.frame({ name: '[unknown]' });
      stack = builder.stack(stack, frame);
    }
    found.set(hash, stack);
  }
  return found;
}

async function addSamples(
  ask: Ask,
  where: string,
  builder: ProfileBuilder,
  stackOf: ReadonlyMap<bigint, number>,
  { valueTypes, columns }: Weights,
): Promise<void> {
  const keys = 'type, unit, process, thread, stack';
  const rows = await ask(
    `SELECT ${keys}, sum(once) FROM (SELECT ${keys}, any(value) AS once FROM ${nameOf('samples')} WHERE ${where} ` +
      `GROUP BY ${keys}, time, push, from_last) GROUP BY ${keys}`,
  );
  const byThread = new Map<number, Map<number, number[]>>();
  while (!rows.ended) {
    const column = columns.get(`${rows.text()}\0${rows.text()}`);
    const [process, name] = [rows.text(), rows.text()];
    const thread = process === '' && name === '' ? -1 : builder.thread({ pid: -1, tid: -1, process, name });
    const stack = stackOf.get(rows.uint64()) ?? -1;
    const value = rows.float64();
    // Pushed since the first question
    if (column === undefined) continue;
    let ofThread = byThread.get(thread);
    if (ofThread === undefined) {
      ofThread = new Map();
      byThread.set(thread, ofThread);
    }
    const values = ofThread.get(stack);
    if (values === undefined)
      ofThread.set(
        stack,
        valueTypes.map((_, i) => (i === column ? value : 0)),
      );
    else values[column]! += value;
  }
  for (const [thread, stacks] of byThread) {
    for (const [stack, values] of stacks) builder.sample(stack, values, undefined, thread);
  }
}

async function overview(
  ask: Ask,
  samples: string,
  where: string,
): Promise<readonly [pushes: number, hosts: number, tools: string[], first: number, last: number]> {
  const row = await ask(
    'SELECT toUInt32(uniqExact(push)), toUInt32(uniqExact(host)), groupUniqArray(tool), toUInt32(min(time)), ' +
      `toUInt32(max(time)) FROM ${samples} WHERE ${where}`,
  );
  return [row.uint32(), row.uint32(), row.texts(), row.uint32(), row.uint32()];
}

async function nothing(
  ask: Ask,
  samples: string,
  { service, from, to }: FleetQuery,
  { place }: Destination,
): Promise<UserError> {
  const rows = await ask(
    `SELECT service, toUInt32(max(time)) AS last FROM ${samples} GROUP BY service ORDER BY last DESC LIMIT 10`,
  );
  const services = new Map<string, number>();
  while (!rows.ended) services.set(rows.text(), rows.uint32());
  const last = services.get(service);
  const hint =
    last !== undefined
      ? `its last sample is of ${iso(last)}; --from, --to and --where choose`
      : services.size === 0
        ? 'no profile was pushed there yet'
        : `services there are ${[...services.keys()].join(', ')}`;
  const span = `${iso(Math.ceil(from / 1000))} to ${iso(Math.ceil(to / 1000))}`;
  return new UserError(`${place} has no samples of service ${service} from ${span}`, { hint });
}
