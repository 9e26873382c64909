import { formatValue, groupDigits } from '../../profile/units.ts';
import type { Warning } from '../snapshot.ts';
import { busyOf, isCompleted, isRunning, isScheduled, type Task, wakersOf } from './task.ts';

export interface WarningLimits {
  /** Nanoseconds that a poll may take: tokio-console has been asked for this limit, and has none. */
  readonly longPoll: number;
  /** tokio keeps a task that has ended for as long as a task lives that it spawned: so did tokio before 1.35 (#6158). */
  readonly mayBeOver: boolean;
}

/** tokio-console's defaults: percent of wakes, nanoseconds, bytes. */
const SELF_WAKES = 50;
const NEVER_YIELDED = 1e9;
const LARGE_FUTURE = 1024;
/**
 * Nanoseconds that a task must have been without waker. The program counts wakers and notes wakes one after the other,
 * and an update in between shows a task that nobody can wake: tokio-console warns for a moment (console#149, #237).
 */
const WITHOUT_WAKER = 500e6;

/**
 * The warnings of tokio-console about a task, by its rules, and one about polls that take long.
 * @param now time of the figures that the task has
 */
export function taskWarnings(task: Task, now: number, limits: WarningLimits): Warning[] {
  const warnings: Warning[] = [];
  const { stats } = task;
  if (stats === undefined) return warnings;
  if (!isBlocking(task)) {
    const share = stats.wakes === 0 ? 0 : Math.trunc((stats.selfWakes / stats.wakes) * 100);
    if (share > SELF_WAKES) {
      const counts = `${groupDigits(stats.selfWakes)} of ${groupDigits(stats.wakes)}`;
      const text = `it woke itself in ${counts} wakes (${share}%): a loop that yields instead of waiting keeps a core busy`;
      warnings.push({ kind: 'self-wakes', text });
    }
    if (hasLostWaker(task) && now - task.withoutWakerSince >= WITHOUT_WAKER) {
      warnings.push({ kind: 'lost-waker', text: limits.mayBeOver ? LOST_OR_OVER : LOST });
    }
    const neverYields = isRunning(stats) && stats.polls <= 1 && busyOf(stats, now) >= NEVER_YIELDED;
    if (neverYields) {
      const text = `its first poll has been running for ${time(busyOf(stats, now))}: it never yields, and holds a worker; spawn_blocking is for such work`;
      warnings.push({ kind: 'never-yields', text });
    } else if (task.longestPoll > limits.longPoll) {
      const text = `a poll took ${time(task.longestPoll)} or more (limit ${time(limits.longPoll)}): other tasks of its worker waited; yield in between, or spawn_blocking`;
      warnings.push({ kind: 'long-poll', text });
    }
  }
  const { size, originalSize } = task;
  if (size !== undefined && originalSize !== undefined && size !== originalSize) {
    const text = `its future was boxed by the runtime for its size (${bytes(originalSize)}, ${bytes(size)} boxed): Box::pin its large parts`;
    warnings.push({ kind: 'auto-boxed-future', text });
  }
  if (size !== undefined && size >= LARGE_FUTURE && !isBlocking(task)) {
    const text = `its future has ${bytes(size)} (limit ${bytes(LARGE_FUTURE)}), which are moved about: Box::pin its large parts`;
    warnings.push({ kind: 'large-future', text });
  }
  return warnings;
}

const LOST = 'it has lost its waker: it waits, and nothing can wake it any more';
const LOST_OR_OVER = `${LOST}; or it has ended, and tokio before 1.35 does not say so while a task lives that it spawned`;

/** tokio-console's rule; it holds for a moment in sound programs, too. */
export function hasLostWaker(task: Task): boolean {
  const { stats } = task;
  if (stats === undefined || isBlocking(task) || isCompleted(stats) || isRunning(stats)) return false;
  return wakersOf(stats) === 0 && stats.polls > 0 && !isScheduled(stats);
}

function isBlocking({ kind }: Task): boolean {
  return kind === 'blocking' || kind === 'block_on';
}

function time(nanoseconds: number): string {
  return formatValue(nanoseconds, 'ns');
}

function bytes(count: number): string {
  return `${groupDigits(count)} bytes`;
}
