import { groupDigits } from '../../profile/units.ts';
import type { ConsoleSnapshot, ConsoleTarget } from '../snapshot.ts';
import type { TaskDetails } from './details-message.ts';
import { tokioVersion } from './fields.ts';
import { type MetadataMessage, NEVER } from './instrument-reader.ts';
import { ResourceTable } from './resource-table.ts';
import { TaskTable } from './task-table.ts';
import type { Update } from './update-message.ts';

export interface ProgramLimits {
  /** Nanoseconds that what has ended is still shown. */
  readonly retainFor: number;
  /** Nanoseconds that a poll may take without a warning. */
  readonly longPoll: number;
}

/** Nanoseconds for which it is said that the program was started anew. */
const RESTART_TOLD = 10e9;

/** What is known of a program that is watched: the last update, and all before it that it changed. */
export class Program {
  private readonly limits: ProgramLimits;
  private readonly epoch: number;
  private readonly metadata = new Map<string, MetadataMessage>();
  private readonly tasks = new TaskTable();
  private readonly resources = new ResourceTable();
  private readonly dropped = { task: 0, resource: 0, operation: 0 };
  private version: string | undefined;
  private now = 0;
  private restartedAt = NEVER;

  /** @param epoch seconds since 1970 that the times of updates count from */
  constructor(epoch: number, limits: ProgramLimits) {
    this.epoch = epoch;
    this.limits = limits;
  }

  /** @param isFirst of a connection: it has all that there is, and nothing else is there any more */
  apply(update: Update, isFirst: boolean): void {
    const { tasks, resources, operations } = update;
    this.now = update.now;
    if (isFirst) this.begin(update);
    for (const [id, metadata] of update.metadata) {
      this.metadata.set(id, metadata);
      this.version ??= tokioVersion(metadata);
    }
    this.tasks.apply(tasks, this.metadata, this.now, isFirst);
    this.resources.apply(resources, operations, this.metadata, isFirst);
    this.tasks.prune(this.now, this.limits.retainFor);
    this.resources.prune(this.now, this.limits.retainFor);
    this.dropped.task += tasks.dropped;
    this.dropped.resource += resources.dropped;
    this.dropped.operation += operations.dropped;
  }

  private begin({ tasks, now }: Update): void {
    // Ids of metadata are addresses of the process
    this.metadata.clear();
    this.version = undefined;
    if (this.tasks.size === 0 || this.tasks.hasAnyOf(tasks)) return;
    this.restartedAt = now;
    this.dropped.task = this.dropped.resource = this.dropped.operation = 0;
  }

  detail(details: TaskDetails): void {
    this.tasks.detail(details);
  }

  forgetDetails(task: string): void {
    this.tasks.forgetDetails(task);
  }

  /** @param notes what is to be said of the connection */
  snapshot(title: string, state: ConsoleSnapshot['state'], notes: readonly string[]): ConsoleSnapshot {
    const { version, now } = this;
    const target: ConsoleTarget = {
      source: 'tokio',
      title,
      ...(version === undefined ? {} : { runtime: `tokio ${version}` }),
    };
    return {
      version: 1,
      time: Math.round(this.epoch * 1e3 + now / 1e6),
      target,
      state,
      tasks: this.tasks.rows(now, { longPoll: this.limits.longPoll, mayBeOver: isBefore135(version) }),
      resources: this.resources.rows(now),
      blocking: [],
      warnings: [],
      notes: [...notes, ...this.ownNotes()],
    };
  }

  private ownNotes(): string[] {
    const notes: string[] = [];
    if (this.now - this.restartedAt < RESTART_TOLD)
      notes.push('the program was started anew: what was known of the one before is gone');
    const { task, resource, operation } = this.dropped;
    if (task + resource + operation > 0) {
      const counts = [`${groupDigits(task)} of tasks`, `${groupDigits(resource)} of resources`];
      notes.push(
        `the program dropped events, as its buffer was full (${counts.join(', ')}, ${groupDigits(operation)} of operations): some are missing or seem to run for ever; give it a larger TOKIO_CONSOLE_BUFFER_CAPACITY`,
      );
    }
    return notes;
  }
}

/** Where tasks that have ended may seem to wait: tokio before 1.35.0 (tokio#6158). */
function isBefore135(version: string | undefined): boolean {
  const [major, minor] = (version ?? '').split('.').map(Number);
  return major === 1 && minor !== undefined && minor < 35;
}
