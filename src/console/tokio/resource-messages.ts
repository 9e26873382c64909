import {
  type FieldMessage,
  type InstrumentReader,
  type Lifetime,
  type LocationMessage,
  NEVER,
  type PollStats,
} from './instrument-reader.ts';
import { BYTES, VARINT } from './message-reader.ts';

export interface NewResource {
  id: string;
  metadata: string;
  concreteType: string;
  kind: string;
  location: LocationMessage | undefined;
  parent: string | undefined;
  /** A part of another resource. */
  isInternal: boolean;
}

/** An `AsyncOp`: a future that waits for a resource. */
export interface NewOperation {
  id: string;
  source: string;
  parent: string | undefined;
  resource: string;
}

export interface ResourceStats extends Lifetime {
  attributes: FieldMessage[];
}

export interface OperationStats extends Lifetime, PollStats {
  task: string | undefined;
  attributes: FieldMessage[];
}

export function readResource(reader: InstrumentReader): NewResource {
  const resource: NewResource = {
    id: '0',
    metadata: '',
    concreteType: '',
    kind: '',
    location: undefined,
    parent: undefined,
    isInternal: false,
  };
  const outer = reader.enter();
  while (reader.next(outer)) {
    if (reader.tag === 1 * 8 + BYTES) resource.id = reader.id();
    else if (reader.tag === 2 * 8 + BYTES) resource.metadata = reader.id();
    else if (reader.tag === 3 * 8 + BYTES) resource.concreteType = reader.text();
    else if (reader.tag === 4 * 8 + BYTES) resource.kind = readResourceKind(reader);
    else if (reader.tag === 5 * 8 + BYTES) resource.location = reader.location();
    else if (reader.tag === 6 * 8 + BYTES) resource.parent = reader.id();
    else if (reader.tag === 7 * 8 + VARINT) resource.isInternal = reader.bool();
    else reader.skip();
  }
  return resource;
}

/** `known` has one kind, 0: a timer. */
function readResourceKind(reader: InstrumentReader): string {
  let kind = '';
  const outer = reader.enter();
  while (reader.next(outer)) {
    if (reader.tag === 1 * 8 + VARINT) kind = reader.uint() === 0 ? 'timer' : '';
    else if (reader.tag === 2 * 8 + BYTES) kind = reader.text();
    else reader.skip();
  }
  return kind;
}

export function readResourceStats(reader: InstrumentReader): ResourceStats {
  const stats: ResourceStats = { createdAt: NEVER, droppedAt: NEVER, attributes: [] };
  const outer = reader.enter();
  while (reader.next(outer)) {
    if (reader.tag === 1 * 8 + BYTES) stats.createdAt = reader.time();
    else if (reader.tag === 2 * 8 + BYTES) stats.droppedAt = reader.time();
    else if (reader.tag === 3 * 8 + BYTES) stats.attributes.push(reader.attribute());
    else reader.skip();
  }
  return stats;
}

export function readOperation(reader: InstrumentReader): NewOperation {
  const operation: NewOperation = { id: '0', source: '', parent: undefined, resource: '' };
  const outer = reader.enter();
  while (reader.next(outer)) {
    if (reader.tag === 1 * 8 + BYTES) operation.id = reader.id();
    else if (reader.tag === 3 * 8 + BYTES) operation.source = reader.text();
    else if (reader.tag === 4 * 8 + BYTES) operation.parent = reader.id();
    else if (reader.tag === 5 * 8 + BYTES) operation.resource = reader.id();
    else reader.skip();
  }
  return operation;
}

export function readOperationStats(reader: InstrumentReader): OperationStats {
  const stats: OperationStats = {
    createdAt: NEVER,
    droppedAt: NEVER,
    task: undefined,
    attributes: [],
    polls: 0,
    lastPollStarted: NEVER,
    lastPollEnded: NEVER,
    busy: 0,
  };
  const outer = reader.enter();
  while (reader.next(outer)) {
    if (reader.tag === 1 * 8 + BYTES) stats.createdAt = reader.time();
    else if (reader.tag === 2 * 8 + BYTES) stats.droppedAt = reader.time();
    else if (reader.tag === 4 * 8 + BYTES) stats.task = reader.id();
    else if (reader.tag === 5 * 8 + BYTES) reader.pollStats(stats);
    else if (reader.tag === 6 * 8 + BYTES) stats.attributes.push(reader.attribute());
    else reader.skip();
  }
  return stats;
}
