import type { TimedSamples } from '../../../embedded/page-columns.ts';
import { KINDS, type Profile, type ValueType } from '../../../profile/profile.ts';
import { rootName } from '../../../profile/threads.ts';
import { nanosecondsPerUnit } from '../../../profile/units.ts';
import { visibleText } from '../../escape.ts';

const gc = KINDS.indexOf('gc');

/** A thread's samples over time: rows `from` to `to` of the timed samples. */
export interface Lane {
  /** -1 = unknown. */
  readonly thread: number;
  readonly title: string;
  readonly from: number;
  readonly to: number;
  /** Rows of frames. */
  readonly depth: number;
  /** Nanoseconds in which something was seen. */
  readonly busy: number;
}

export interface Lanes {
  /** The busiest first. */
  readonly lanes: readonly Lane[];
  /** Of each sample the nanosecond at which it is over. */
  readonly end: Float64Array;
  /** Nanoseconds from the first sample to the end of the last one. */
  readonly duration: number;
  /** 1 for a root. */
  readonly stackDepth: Int32Array;
  /**
   * 1 for a stack that is nothing but garbage collection, as V8 samples it: it interrupts what ran, so it is drawn on top
   * of that.
   */
  readonly interrupts: Uint8Array;
}

/**
 * Samples of one thread, one after the other. A sample lasts as long as it weighs where that is time, but at most to the
 * next one; else to the next one, where that comes about when it is due. What is left between them is idle.
 */
export function lanesOf(profile: Profile, timed: TimedSamples): Lanes {
  const { samples, stacks } = profile;
  const stackDepth = new Int32Array(stacks.length);
  for (let stack = 0; stack < stacks.length; stack++) {
    const above = stacks.parent[stack]!;
    stackDepth[stack] = above < 0 ? 1 : stackDepth[above]! + 1;
  }
  const interrupts = new Uint8Array(stacks.length);
  for (let stack = 0; stack < stacks.length; stack++) {
    if (stackDepth[stack] === 1 && profile.frames.kind[stacks.frame[stack]!] === gc) interrupts[stack] = 1;
  }
  const end = new Float64Array(timed.length);
  const lanes: Lane[] = [];
  for (let from = 0; from < timed.length; ) {
    const thread = samples.thread![timed.sum[from]!]!;
    let to = from + 1;
    while (to < timed.length && samples.thread![timed.sum[to]!] === thread) to++;
    setEnds(profile.valueTypes, timed, from, to, end);
    let busy = 0;
    let depth = 0;
    let interrupted = 0;
    for (let row = from; row < to; row++) {
      const stack = samples.stack[timed.sum[row]!]!;
      if (stack < 0) continue;
      busy += end[row]! - timed.time[row]!;
      if (stackDepth[stack]! > depth) depth = stackDepth[stack]!;
      if (interrupts[stack] === 1) interrupted = 1;
    }
    lanes.push({ thread, title: laneTitle(profile, thread), from, to, depth: depth + interrupted, busy });
    from = to;
  }
  lanes.sort((a, b) => b.busy - a.busy || a.from - b.from);
  let duration = 0;
  for (const { to } of lanes) if (end[to - 1]! > duration) duration = end[to - 1]!;
  return {
    lanes,
    end,
    duration: Math.max(duration, 1),
    stackDepth,
    interrupts,
  };
}

function laneTitle({ threads }: Profile, index: number): string {
  const thread = threads[index];
  if (thread === undefined) return threads.length === 0 ? 'all samples' : 'unknown thread';
  const ids = [thread.pid, thread.tid].filter((id) => id >= 0).join('/');
  const several = threads.some(({ pid }) => pid !== thread.pid);
  const process = several && thread.process !== '' && thread.process !== thread.name ? `${thread.process} · ` : '';
  return visibleText(`${process}${rootName(thread, 'name')}${ids === '' ? '' : ` ${ids}`}`);
}

/** Later than this part of a usual gap the next sample no longer follows the one before. */
const LATE = 1.8;

function setEnds(
  valueTypes: readonly ValueType[],
  { time, values }: TimedSamples,
  from: number,
  to: number,
  end: Float64Array,
): void {
  const clocks = valueTypes.flatMap(({ unit }, i) => {
    const scale = nanosecondsPerUnit(unit);
    return scale === undefined ? [] : [{ column: values[i]!, scale }];
  });
  const usual = usualGap(time, from, to);
  for (let row = from; row < to; row++) {
    let weight = 0;
    for (const { column, scale } of clocks) weight = Math.max(weight, column[row]! * scale);
    const due = time[row]! + (weight > 0 ? weight : usual);
    const next = row + 1 < to ? time[row + 1]! : Number.POSITIVE_INFINITY;
    // Nothing stands between two samples that are about as far from each other as the first one weighs
    const follows = next - time[row]! <= (due - time[row]!) * LATE;
    end[row] = follows ? next : due;
  }
}

/** The middle one of the gaps between samples, of at most a thousand of them; 1 ms where there is but one sample. */
function usualGap(time: Float64Array, from: number, to: number): number {
  const gaps: number[] = [];
  const step = Math.max(1, Math.floor((to - from) / 1000));
  for (let row = from + 1; row < to; row += step) {
    const gap = time[row]! - time[row - 1]!;
    if (gap > 0) gaps.push(gap);
  }
  gaps.sort((a, b) => a - b);
  return gaps[gaps.length >> 1] ?? 1e6;
}
