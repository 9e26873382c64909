import type { DurationHistogram, Field, SourcePlace, TaskRow, Warning } from '../snapshot.ts';
import { fieldOf, type MetadataById, placeInText, placeOf } from './fields.ts';
import { NEVER, type PollStats } from './instrument-reader.ts';
import type { NewTask, TaskStats } from './task-messages.ts';

/** A task of the program; times and durations as its messages have them. */
export interface Task {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly stack: readonly SourcePlace[];
  readonly fields: readonly Field[];
  readonly parent: string | undefined;
  /** Bytes of its future, and of what it was before the runtime boxed it; undefined where tokio does not say. */
  readonly size: number | undefined;
  readonly originalSize: number | undefined;
  /** Undefined until they come. */
  stats: TaskStats | undefined;
  /** Nanoseconds: the longest of those that were seen, or that others say there were. */
  longestPoll: number;
  /** Since when it has had no waker, with the figures of now; {@link NEVER}: it has one. */
  withoutWakerSince: number;
  pollTimes: DurationHistogram | undefined;
  scheduledTimes: DurationHistogram | undefined;
}

/** Fields that have a place of their own in a row; `fn` is the function of a blocking task. */
const IN_ROW: ReadonlySet<string> = new Set(['task.name', 'kind', 'fn', 'spawn.location']);

/** A task as it is spawned. */
export function taskOf(message: NewTask, metadata: MetadataById): Task {
  const texts = new Map<string, string>();
  const fields: Field[] = [];
  for (const one of message.fields) {
    const field = fieldOf(one, metadata);
    if (field === undefined) continue;
    texts.set(field.key, field.value);
    if (!IN_ROW.has(field.key)) fields.push(field);
  }
  const fn = texts.get('fn') ?? '';
  const place = placeOf(message.location, fn) ?? placeInText(texts.get('spawn.location'), fn);
  const target = metadata.get(message.metadata)?.target ?? '';
  if (target !== '') fields.push({ key: 'target', value: target });
  return {
    id: message.id,
    kind: texts.get('kind') ?? (message.isBlocking ? 'blocking' : 'task'),
    name: texts.get('task.name') ?? '',
    stack: place === undefined ? [] : [place],
    fields,
    parent: message.parents[0],
    size: wholeNumber(texts.get('size.bytes')),
    originalSize: wholeNumber(texts.get('original_size.bytes')),
    stats: undefined,
    longestPoll: 0,
    withoutWakerSince: NEVER,
    pollTimes: undefined,
    scheduledTimes: undefined,
  };
}

/** Of a row while it is made. */
export type Mutable<Row> = { -readonly [Key in keyof Row]: Row[Key] };

/** A task's line at a moment; undefined while nothing but its name is known. */
export function taskRow(task: Task, now: number, warnings: readonly Warning[]): TaskRow | undefined {
  const { stats } = task;
  if (stats === undefined) return undefined;
  const isOver = isCompleted(stats);
  const total = lifetimeOf(stats, now);
  const busy = busyOf(stats, now);
  const scheduled = scheduledOf(stats, now);
  const wakes: Mutable<NonNullable<TaskRow['wakes']>> = {
    total: stats.wakes,
    self: stats.selfWakes,
    wakers: wakersOf(stats),
  };
  if (stats.lastWake !== NEVER) wakes.last = Math.max(0, now - stats.lastWake);
  const row: Mutable<TaskRow> = {
    id: task.id,
    kind: task.kind,
    name: task.name,
    state: isOver ? 'completed' : isRunning(stats) ? 'running' : isScheduled(stats) ? 'scheduled' : 'idle',
    stack: task.stack,
    created: 1,
    live: isOver ? 0 : 1,
    total,
    busy,
    scheduled,
    idle: Math.max(0, total - busy - scheduled),
    polls: stats.polls,
    longestPoll: task.longestPoll,
    wakes,
    isEstimate: false,
    fields: task.fields,
    warnings,
  };
  // One by one and not spread, as there are ten thousand of them each second
  const place = task.stack[0];
  if (place !== undefined) row.place = place;
  if (task.pollTimes !== undefined) row.pollTimes = task.pollTimes;
  if (task.scheduledTimes !== undefined) row.scheduledTimes = task.scheduledTimes;
  if (task.parent !== undefined) row.parent = task.parent;
  return row;
}

export function isCompleted(stats: { readonly droppedAt: number }): boolean {
  return stats.droppedAt !== NEVER;
}

/** It is being polled, or was when its figures were taken. */
export function isRunning(stats: TaskStats): boolean {
  return !isCompleted(stats) && stats.lastPollStarted > stats.lastPollEnded;
}

/** It was woken, and not polled since. */
export function isScheduled(stats: TaskStats): boolean {
  return !isCompleted(stats) && stats.lastWake > stats.lastPollStarted;
}

export function wakersOf(stats: TaskStats): number {
  return Math.max(0, stats.wakerClones - stats.wakerDrops);
}

/** From creation to end, or until now. */
export function lifetimeOf(stats: { readonly createdAt: number; readonly droppedAt: number }, now: number): number {
  const end = isCompleted(stats) ? stats.droppedAt : now;
  return stats.createdAt === NEVER ? 0 : Math.max(0, end - stats.createdAt);
}

/** With the poll that is going on, if it is not over: the program counts polls when they end. */
export function busyOf(stats: PollStats & { readonly droppedAt: number }, now: number): number {
  const isPolled = !isCompleted(stats) && stats.lastPollStarted > stats.lastPollEnded;
  return stats.busy + (isPolled ? Math.max(0, now - stats.lastPollStarted) : 0);
}

/** With the wait that is going on; a wake during a poll begins one when the poll ends. */
function scheduledOf(stats: TaskStats, now: number): number {
  if (!isScheduled(stats) || isRunning(stats)) return stats.scheduled;
  return stats.scheduled + Math.max(0, now - Math.max(stats.lastWake, stats.lastPollEnded));
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
