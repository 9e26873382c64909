import type { TimedSamples } from '../../../embedded/page-columns.ts';
import type { Profile } from '../../../profile/profile.ts';
import type { Lane, Lanes } from './lanes.ts';

/** Nanoseconds since the first sample that are seen, and in how many px. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
  readonly pixels: number;
}

/** What a lane shows of a window: one box for each run of samples that share a stack up to some depth. */
export interface LaneBoxes {
  readonly length: number;
  readonly stack: Int32Array;
  readonly x: Float64Array;
  readonly width: Float64Array;
  /** 0 for the roots. */
  readonly row: Int32Array;
  /** Of each column of px the part (0 to 1) in which something was seen. */
  readonly busy: Float64Array;
}

/** Boxes closer than this (px) touch. */
const TOUCHING = 0.75;

/**
 * Lays out a lane. Samples that are narrower than a px share their column of px: it shows the longest of them, so there
 * are never more columns than px, whatever the number of samples.
 */
export function laneBoxes(
  profile: Profile,
  timed: TimedSamples,
  lanes: Lanes,
  { from, to }: Lane,
  window: TimeWindow,
): LaneBoxes {
  const scale = window.pixels / (window.to - window.from);
  const columns = new OpenColumns(profile, lanes);
  const busy = new Float64Array(Math.ceil(window.pixels));
  const { time, sum } = timed;
  const { stack } = profile.samples;
  // Samples of one column that are not painted yet
  let column = -1;
  let x = 0;
  let right = 0;
  let longest = 0;
  let shown = -1;
  const flush = (): void => {
    if (column >= 0) columns.add(shown, x, right);
    column = -1;
  };
  for (let row = firstEndingAfter(lanes.end, from, to, window.from); row < to; row++) {
    if (time[row]! >= window.to) break;
    const at = stack[sum[row]!]!;
    if (at < 0) continue;
    const left = Math.max(0, (time[row]! - window.from) * scale);
    const end = Math.min(window.pixels, (lanes.end[row]! - window.from) * scale);
    addBusy(busy, left, end);
    if (end - left >= 1) {
      flush();
      columns.add(at, left, end);
      continue;
    }
    if (Math.floor(left) !== column) {
      flush();
      column = Math.floor(left);
      x = left;
      longest = -1;
    }
    right = end;
    if (end - left > longest) {
      longest = end - left;
      shown = at;
    }
  }
  flush();
  return { ...columns.done(), busy };
}

/** Puts columns of px side by side and joins what they have in common. */
class OpenColumns {
  private readonly profile: Profile;
  private readonly lanes: Lanes;
  private readonly open: number[] = [];
  private readonly since: number[] = [];
  private end = Number.NEGATIVE_INFINITY;
  private readonly path: number[] = [];
  private readonly stack: number[] = [];
  private readonly x: number[] = [];
  private readonly width: number[] = [];
  private readonly row: number[] = [];

  constructor(profile: Profile, lanes: Lanes) {
    this.profile = profile;
    this.lanes = lanes;
  }

  add(leaf: number, left: number, right: number): void {
    const { path, open, since } = this;
    const { parent } = this.profile.stacks;
    if (left - this.end > TOUCHING) this.close(0);
    const { stackDepth, interrupts } = this.lanes;
    if (interrupts[leaf] === 1 && open.length > 0) {
      if (open.at(-1) !== leaf) {
        open.push(leaf);
        since.push(left);
      }
      this.end = right;
      return;
    }
    path.length = stackDepth[leaf]!;
    for (let at = leaf, row = path.length - 1; at >= 0; at = parent[at]!, row--) path[row] = at;
    let same = 0;
    while (same < open.length && same < path.length && open[same] === path[same]) same++;
    this.close(same);
    for (let row = same; row < path.length; row++) {
      open.push(path[row]!);
      since.push(left);
    }
    this.end = right;
  }

  done(): Omit<LaneBoxes, 'busy'> {
    this.close(0);
    return {
      length: this.stack.length,
      stack: Int32Array.from(this.stack),
      x: Float64Array.from(this.x),
      width: Float64Array.from(this.width),
      row: Int32Array.from(this.row),
    };
  }

  private close(from: number): void {
    const { open, since } = this;
    for (let row = open.length - 1; row >= from; row--) {
      this.stack.push(open[row]!);
      this.x.push(since[row]!);
      this.width.push(this.end - since[row]!);
      this.row.push(row);
    }
    open.length = Math.min(open.length, from);
    since.length = open.length;
  }
}

/** The first row that is not over at a time. */
function firstEndingAfter(end: Float64Array, from: number, to: number, time: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (end[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds a span of px to the columns that it covers. */
export function addBusy(busy: Float64Array, left: number, right: number): void {
  for (let column = Math.floor(left); column < right && column < busy.length; column++) {
    busy[column]! += Math.min(right, column + 1) - Math.max(left, column);
  }
}
