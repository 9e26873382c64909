import {
  type FieldMessage,
  type InstrumentReader,
  type Lifetime,
  type LocationMessage,
  NEVER,
  type PollStats,
} from './instrument-reader.ts';
import { BYTES, VARINT } from './message-reader.ts';

/** A task when it is spawned; what changes later is in its {@link TaskStats}. */
export interface NewTask {
  id: string;
  metadata: string;
  isBlocking: boolean;
  fields: FieldMessage[];
  /** Spans that it was spawned in, innermost first; they need not be tasks. */
  parents: string[];
  location: LocationMessage | undefined;
}

export interface TaskStats extends Lifetime, PollStats {
  wakes: number;
  wakerClones: number;
  wakerDrops: number;
  selfWakes: number;
  lastWake: number;
  /** Of waits for a poll that have ended. */
  scheduled: number;
}

export function readTask(reader: InstrumentReader): NewTask {
  const task: NewTask = { id: '0', metadata: '', isBlocking: false, fields: [], parents: [], location: undefined };
  const outer = reader.enter();
  while (reader.next(outer)) {
    if (reader.tag === 1 * 8 + BYTES) task.id = reader.id();
    else if (reader.tag === 2 * 8 + BYTES) task.metadata = reader.id();
    else if (reader.tag === 3 * 8 + VARINT) task.isBlocking = reader.uint() === 1;
    else if (reader.tag === 4 * 8 + BYTES) task.fields.push(reader.field());
    else if (reader.tag === 5 * 8 + BYTES) task.parents.push(reader.id());
    else if (reader.tag === 6 * 8 + BYTES) task.location = reader.location();
    else reader.skip();
  }
  return task;
}

export function readTaskStats(reader: InstrumentReader): TaskStats {
  const stats: TaskStats = {
    createdAt: NEVER,
    droppedAt: NEVER,
    wakes: 0,
    wakerClones: 0,
    wakerDrops: 0,
    selfWakes: 0,
    lastWake: NEVER,
    scheduled: 0,
    polls: 0,
    lastPollStarted: NEVER,
    lastPollEnded: NEVER,
    busy: 0,
  };
  const outer = reader.enter();
  while (reader.next(outer)) {
    if (reader.tag === 1 * 8 + BYTES) stats.createdAt = reader.time();
    else if (reader.tag === 2 * 8 + BYTES) stats.droppedAt = reader.time();
    else if (reader.tag === 3 * 8 + VARINT) stats.wakes = reader.uint();
    else if (reader.tag === 4 * 8 + VARINT) stats.wakerClones = reader.uint();
    else if (reader.tag === 5 * 8 + VARINT) stats.wakerDrops = reader.uint();
    else if (reader.tag === 6 * 8 + BYTES) stats.lastWake = reader.time();
    else if (reader.tag === 7 * 8 + BYTES) reader.pollStats(stats);
    else if (reader.tag === 8 * 8 + VARINT) stats.selfWakes = reader.uint();
    else if (reader.tag === 9 * 8 + BYTES) stats.scheduled = reader.duration();
    else reader.skip();
  }
  return stats;
}
