import { InstrumentReader, type MetadataMessage } from './instrument-reader.ts';
import { BYTES, VARINT } from './message-reader.ts';
import {
  type NewOperation,
  type NewResource,
  type OperationStats,
  type ResourceStats,
  readOperation,
  readOperationStats,
  readResource,
  readResourceStats,
} from './resource-messages.ts';
import { type NewTask, readTask, readTaskStats, type TaskStats } from './task-messages.ts';

/** What is new of one kind of thing, and all figures of those whose figures changed, by id. */
export interface Changes<New, Stats> {
  readonly created: New[];
  readonly stats: Map<string, Stats>;
  /** Events that the program had no room for. */
  dropped: number;
}

/** An `Update` of console-api (proto/instrument.proto). Times are nanoseconds since the epoch it was read with. */
export interface Update {
  now: number;
  readonly metadata: Map<string, MetadataMessage>;
  readonly tasks: Changes<NewTask, TaskStats>;
  readonly resources: Changes<NewResource, ResourceStats>;
  readonly operations: Changes<NewOperation, OperationStats>;
}

/**
 * @param epoch seconds since 1970 that times are counted from
 * @throws {ProtocolError} it is no such message
 */
export function readUpdate(bytes: Buffer, epoch: number): Update {
  const update: Update = {
    now: 0,
    metadata: new Map(),
    tasks: { created: [], stats: new Map(), dropped: 0 },
    resources: { created: [], stats: new Map(), dropped: 0 },
    operations: { created: [], stats: new Map(), dropped: 0 },
  };
  const reader = new InstrumentReader(bytes, epoch);
  while (reader.next()) {
    if (reader.tag === 1 * 8 + BYTES) update.now = reader.time();
    else if (reader.tag === 2 * 8 + BYTES) readChanges(reader, update.tasks, TASKS);
    else if (reader.tag === 3 * 8 + BYTES) readChanges(reader, update.resources, RESOURCES);
    else if (reader.tag === 4 * 8 + BYTES) readChanges(reader, update.operations, OPERATIONS);
    else if (reader.tag === 5 * 8 + BYTES) readRegistered(reader, update.metadata);
    else reader.skip();
  }
  return update;
}

/** Numbers of the fields of a `TaskUpdate` and the like, which are alike but for them, and how to read what they hold. */
interface ChangesShape<New, Stats> {
  readonly created: number;
  readonly stats: number;
  readonly dropped: number;
  readonly readNew: (reader: InstrumentReader) => New;
  readonly readStats: (reader: InstrumentReader) => Stats;
}

const TASKS = { created: 1, stats: 3, dropped: 4, readNew: readTask, readStats: readTaskStats };
const RESOURCES = { created: 1, stats: 2, dropped: 4, readNew: readResource, readStats: readResourceStats };
const OPERATIONS = { created: 1, stats: 2, dropped: 3, readNew: readOperation, readStats: readOperationStats };

function readChanges<New, Stats>(
  reader: InstrumentReader,
  into: Changes<New, Stats>,
  shape: ChangesShape<New, Stats>,
): void {
  const outer = reader.enter();
  while (reader.next(outer)) {
    if (reader.tag === shape.created * 8 + BYTES) into.created.push(shape.readNew(reader));
    else if (reader.tag === shape.stats * 8 + BYTES) readEntry(reader, into.stats, shape.readStats);
    else if (reader.tag === shape.dropped * 8 + VARINT) into.dropped += reader.uint();
    else reader.skip();
  }
}

/** An entry of a `map<uint64, Stats>`. */
function readEntry<Stats>(
  reader: InstrumentReader,
  into: Map<string, Stats>,
  readStats: (reader: InstrumentReader) => Stats,
): void {
  let id = '0';
  let stats: Stats | undefined;
  const outer = reader.enter();
  while (reader.next(outer)) {
    if (reader.tag === 1 * 8 + VARINT) id = reader.uintText();
    else if (reader.tag === 2 * 8 + BYTES) stats = readStats(reader);
    else reader.skip();
  }
  if (stats !== undefined) into.set(id, stats);
}

function readRegistered(reader: InstrumentReader, into: Map<string, MetadataMessage>): void {
  const outer = reader.enter();
  while (reader.next(outer)) {
    if (reader.tag === 1 * 8 + BYTES) readNewMetadata(reader, into);
    else reader.skip();
  }
}

function readNewMetadata(reader: InstrumentReader, into: Map<string, MetadataMessage>): void {
  let id = '0';
  let metadata: MetadataMessage | undefined;
  const outer = reader.enter();
  while (reader.next(outer)) {
    if (reader.tag === 1 * 8 + BYTES) id = reader.id();
    else if (reader.tag === 2 * 8 + BYTES) metadata = reader.metadata();
    else reader.skip();
  }
  if (metadata !== undefined) into.set(id, metadata);
}
