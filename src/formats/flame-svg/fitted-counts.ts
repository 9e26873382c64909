import type { FrameRows } from './parents.ts';

/** By how much counts had to be changed. */
export interface Misfits {
  /** Frames that weigh less than what lies on them. */
  readonly frames: number;
  /** The largest difference. */
  readonly most: number;
}

/**
 * Makes counts fit each other, from the root on: what lies on a frame weighs no more than the frame. Counts that were
 * rounded one by one may do; what they are too much is taken from the heaviest, so that the whole stays what it was.
 * @param counts by frame; changed
 */
export function fitCounts({ order, rowStart, parent }: FrameRows, counts: Float64Array): Misfits {
  let frames = 0;
  let most = 0;
  for (let row = 1; row < rowStart.length - 1; row++) {
    const end = rowStart[row + 1]!;
    for (let from = rowStart[row]!, to: number; from < end; from = to) {
      // What lies on one frame stands together; what lies on nothing may stand between
      const on = parent[from]!;
      for (to = from + 1; to < end && (on < 0 ? parent[to] === -1 : parent[to] === on || parent[to] === -1); ) to++;
      if (on < 0) continue;
      let excess = -counts[order[on]!]!;
      for (let i = from; i < to; i++) if (parent[i] === on) excess += counts[order[i]!]!;
      if (excess <= tolerance(counts[order[on]!]!)) continue;
      frames++;
      if (excess > most) most = excess;
      const lying = Int32Array.from({ length: to - from }, (_, i) => from + i).filter((place) => parent[place] === on);
      takeFrom(order, counts, lying, excess);
    }
  }
  return { frames, most };
}

function takeFrom(order: Int32Array, counts: Float64Array, places: Int32Array, excess: number): void {
  const heaviestFirst = places.map((place) => order[place]!).sort((a, b) => counts[b]! - counts[a]!);
  let rest = excess;
  for (const frame of heaviestFirst) {
    const taken = Math.min(rest, counts[frame]!);
    counts[frame]! -= taken;
    rest -= taken;
    if (rest <= 0) return;
  }
}

/** What sums of doubles may be off. */
function tolerance(count: number): number {
  return count * 1e-12;
}
