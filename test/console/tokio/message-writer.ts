/** A field's value: a number (varint), a text, bytes or a message within. */
type Value = number | bigint | boolean | string | Uint8Array;

/**
 * A protobuf message: fields by number, several values as a list, nothing for undefined. The tests' own encoder, so that
 * our reader is not held against itself; `protoc` reads what it writes.
 */
export function message(fields: Readonly<Record<number, Value | readonly Value[] | undefined>>): Buffer {
  const parts: Uint8Array[] = [];
  for (const [number, given] of Object.entries(fields)) {
    const values = given === undefined ? [] : Array.isArray(given) ? (given as readonly Value[]) : [given as Value];
    for (const value of values) parts.push(fieldBytes(Number(number), value));
  }
  return Buffer.concat(parts);
}

function fieldBytes(number: number, value: Value): Buffer {
  if (typeof value === 'object' || typeof value === 'string') {
    const bytes = Buffer.from(value as Uint8Array);
    return Buffer.concat([varint(BigInt(number * 8 + 2)), varint(BigInt(bytes.length)), bytes]);
  }
  return Buffer.concat([varint(BigInt(number * 8)), varint(BigInt.asUintN(64, BigInt(value)))]);
}

/** @param value below 2^64 */
export function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

export function zigzag(value: bigint): bigint {
  return BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
}

const id = (value: bigint | number): Buffer => message({ 1: value });

/** Seconds since 1970 that tests count from. */
export const EPOCH = 1_800_000_000;

/** Nanoseconds since {@link EPOCH} as a Timestamp, or a duration. */
const time = (nanoseconds: number, epoch = EPOCH): Buffer => {
  const seconds = Math.floor(nanoseconds / 1e9);
  return message({ 1: epoch + seconds, 2: nanoseconds - seconds * 1e9 });
};
const duration = (nanoseconds: number): Buffer => time(nanoseconds, 0);
const maybe = (nanoseconds: number | undefined): Buffer | undefined =>
  nanoseconds === undefined ? undefined : time(nanoseconds);

/** What a test says of a task; times are nanoseconds since {@link EPOCH}. */
export interface WrittenTask {
  readonly id: bigint | number;
  /** Written into its fields by name, or by index into the metadata's names where they are `fieldNames`. */
  readonly fields?: Readonly<Record<string, string | number | bigint | boolean>>;
  readonly isBlocking?: boolean;
  readonly parents?: readonly (bigint | number)[];
  readonly location?: {
    readonly file?: string;
    readonly module?: string;
    readonly line?: number;
    readonly column?: number;
  };
  readonly stats: WrittenStats;
}

export interface WrittenStats {
  readonly created?: number;
  readonly dropped?: number;
  readonly wakes?: number;
  readonly clones?: number;
  readonly drops?: number;
  readonly selfWakes?: number;
  readonly lastWake?: number;
  readonly scheduled?: number;
  readonly polls?: number;
  readonly pollStarted?: number;
  readonly pollEnded?: number;
  readonly busy?: number;
}

/** Metadata that written tasks have. */
const TASK_METADATA = 94_220_566_968_248;
const FIELD_NAMES = ['kind', 'task.name', 'task.id'];

export function field(name: string, value: string | number | bigint | boolean): Buffer {
  const index = FIELD_NAMES.indexOf(name);
  const named = index < 0 ? { 1: name } : { 2: index };
  const number = typeof value === 'string' ? 3 : typeof value === 'boolean' ? 7 : value < 0 ? 6 : 5;
  const written = number === 6 ? zigzag(BigInt(value)) : value;
  return message({ ...named, [number]: written, 8: id(TASK_METADATA) });
}

function newTask({ id: task, fields = {}, isBlocking, parents, location }: WrittenTask): Buffer {
  return message({
    1: id(task),
    2: id(TASK_METADATA),
    3: isBlocking ? 1 : undefined,
    4: Object.entries(fields).map(([name, value]) => field(name, value)),
    5: parents?.map(id),
    6: location && message({ 1: location.file, 2: location.module, 3: location.line, 4: location.column }),
  });
}

export function pollStats({ polls = 0, pollStarted, pollEnded, busy = 0 }: WrittenStats): Buffer {
  return message({ 1: polls, 4: maybe(pollStarted), 5: maybe(pollEnded), 6: duration(busy) });
}

function taskStats(task: WrittenTask): Buffer {
  const { stats } = task;
  return message({
    1: task.id,
    2: message({
      1: time(stats.created ?? 0),
      2: maybe(stats.dropped),
      3: stats.wakes ?? 0,
      4: stats.clones ?? 0,
      5: stats.drops ?? 0,
      6: maybe(stats.lastWake),
      7: pollStats(stats),
      8: stats.selfWakes ?? 0,
      9: duration(stats.scheduled ?? 0),
    }),
  });
}

export interface WrittenUpdate {
  /** Nanoseconds since {@link EPOCH}. */
  readonly now: number;
  /** Tasks that it tells of anew, with their figures. */
  readonly tasks?: readonly WrittenTask[];
  /** Tasks that it tells only the figures of. */
  readonly changed?: readonly WrittenTask[];
  readonly dropped?: readonly [tasks: number, resources: number, operations: number];
  /** Where tokio's spans are defined. */
  readonly tokio?: string;
  /** A ResourceUpdate and an AsyncOpUpdate, encoded. */
  readonly resources?: Buffer;
  readonly operations?: Buffer;
}

/** An `Update` of console-api. */
export function update({ now, tasks = [], changed = [], dropped = [0, 0, 0], tokio, ...rest }: WrittenUpdate): Buffer {
  const file = `/root/.cargo/registry/src/index.crates.io-6f17d22bba15001f/tokio-${tokio ?? '1.44.2'}/src/util/trace.rs`;
  const metadata = message({ 1: 'runtime.spawn', 2: 'tokio::task', 4: message({ 1: file }), 7: FIELD_NAMES });
  return message({
    1: time(now),
    2: message({ 1: tasks.map(newTask), 3: [...tasks, ...changed].map(taskStats), 4: dropped[0] }),
    3: Buffer.concat([rest.resources ?? Buffer.alloc(0), message({ 4: dropped[1] })]),
    4: Buffer.concat([rest.operations ?? Buffer.alloc(0), message({ 3: dropped[2] })]),
    5: message({ 1: message({ 1: id(TASK_METADATA), 2: metadata }) }),
  });
}
