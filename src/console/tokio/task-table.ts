import type { TaskRow } from '../snapshot.ts';
import type { TaskDetails } from './details-message.ts';
import type { MetadataById } from './fields.ts';
import { NEVER } from './instrument-reader.ts';
import { isCompleted, isRunning, type Task, taskOf, taskRow } from './task.ts';
import type { NewTask, TaskStats } from './task-messages.ts';
import { hasLostWaker, taskWarnings, type WarningLimits } from './task-warnings.ts';
import type { Changes } from './update-message.ts';

/** The tasks of a program, kept up to date by what changes; in the order in which they were heard of. */
export class TaskTable {
  private tasks = new Map<string, Task>();

  get size(): number {
    return this.tasks.size;
  }

  /** @param isAll these are all tasks that there are, not what changed */
  apply(changes: Changes<NewTask, TaskStats>, metadata: MetadataById, now: number, isAll: boolean): void {
    const before = this.tasks;
    if (isAll) this.tasks = new Map();
    for (const message of changes.created) {
      // The second update brings all of the first again; ids are used again
      const known = before.get(message.id);
      const isKnown = known?.stats !== undefined && known.stats.createdAt === changes.stats.get(message.id)?.createdAt;
      this.tasks.set(message.id, isKnown ? known : taskOf(message, metadata));
    }
    for (const [id, stats] of changes.stats) {
      const task = this.tasks.get(id);
      if (task !== undefined) take(task, stats);
    }
    for (const task of this.tasks.values()) look(task, now);
  }

  detail({ task: id, pollTimes, scheduledTimes }: TaskDetails): void {
    const task = this.tasks.get(id);
    if (task === undefined) return;
    task.pollTimes = pollTimes;
    task.scheduledTimes = scheduledTimes;
    // The longest is in the last bin, which begins where the one before ends
    const longest = pollTimes === undefined ? 0 : (pollTimes.bounds.at(-2) ?? -1) + 1;
    task.longestPoll = Math.max(task.longestPoll, longest);
  }

  /** Histograms of a task are as old as the last message; they are not kept where none will come. */
  forgetDetails(id: string): void {
    const task = this.tasks.get(id);
    if (task !== undefined) task.pollTimes = task.scheduledTimes = undefined;
  }

  /** Leaves out tasks that ended `retainFor` nanoseconds ago or earlier. */
  prune(now: number, retainFor: number): void {
    for (const [id, { stats }] of this.tasks) {
      if (stats !== undefined && isCompleted(stats) && now - stats.droppedAt >= retainFor) this.tasks.delete(id);
    }
  }

  rows(now: number, limits: WarningLimits): TaskRow[] {
    const rows: TaskRow[] = [];
    for (const task of this.tasks.values()) {
      const row = taskRow(task, now, taskWarnings(task, now, limits));
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  /** Whether any of these was there before, under the same id and since the same moment. */
  hasAnyOf({ stats }: Changes<NewTask, TaskStats>): boolean {
    for (const [id, { createdAt }] of stats) if (this.tasks.get(id)?.stats?.createdAt === createdAt) return true;
    return false;
  }
}

function take(task: Task, stats: TaskStats): void {
  const before = task.stats;
  task.stats = stats;
  const ended = stats.lastPollEnded - stats.lastPollStarted;
  if (Number.isFinite(ended)) task.longestPoll = Math.max(task.longestPoll, ended);
  // Of several polls that ended one took as long as their mean, or longer
  const polls = endedPolls(stats) - endedPolls(before);
  if (polls > 0) {
    const mean = (stats.busy - (before?.busy ?? 0)) / polls;
    task.longestPoll = Math.max(task.longestPoll, Math.floor(mean));
  }
  if (before !== undefined && (before.polls !== stats.polls || before.wakes !== stats.wakes)) {
    task.withoutWakerSince = NEVER;
  }
}

function look(task: Task, now: number): void {
  const { stats } = task;
  if (stats === undefined) return;
  if (isRunning(stats)) task.longestPoll = Math.max(task.longestPoll, now - stats.lastPollStarted);
  if (!hasLostWaker(task)) task.withoutWakerSince = NEVER;
  else if (task.withoutWakerSince === NEVER) task.withoutWakerSince = now;
}

function endedPolls(stats: TaskStats | undefined): number {
  return stats === undefined ? 0 : stats.polls - (isRunning(stats) ? 1 : 0);
}
