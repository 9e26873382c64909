import type { FlameRows } from '../../embedded/flame-rows.ts';
import type { FlameLayout } from '../flame-layout.ts';
import { wholeUnits } from './whole-units.ts';

/** The frames that a picture holds, and what it does not. */
export interface ChosenFrames {
  readonly rows: FlameRows;
  /** Rows of the profile's frame table, those drawn most often first. */
  readonly frames: Int32Array;
  readonly scale: readonly [number, number];
  /** Left out as too narrow, with everything on them. */
  readonly narrow: { readonly frames: number; readonly weight: number };
}

/** Finer detail than a first view shows is kept for zooming in and for comparing while it costs no more than this. */
const DETAIL = 2;
const DETAIL_AT_LEAST = 4000;

/**
 * Chooses frames of a layout that goes into more detail than the picture needs, and puts them into rows.
 * @param leastDrawn the least weight of a frame that the first view draws
 * @param frameCount length of the profile's frame table
 */
export function chooseFrames(layout: FlameLayout, leastDrawn: number, frameCount: number): ChosenFrames {
  const { tree, nodes, rows } = layout;
  const least = leastKept(layout, leastDrawn);
  const rowStart = new Int32Array(rows + 1);
  let kept = 0;
  for (let i = 0; i < nodes.length; i++) {
    if (tree.total[nodes[i]!]! < least) continue;
    rowStart[tree.depth[nodes[i]!]! + 2]!++;
    kept++;
  }
  rowStart[1] = 1;
  for (let row = 1; row < rows; row++) rowStart[row + 1]! += rowStart[row]!;

  const length = kept + 1;
  const start = new Float64Array(length);
  const weight = new Float64Array(length);
  const self = new Float64Array(length);
  const parent = new Int32Array(length).fill(-1);
  const frame = new Int32Array(length).fill(-1);
  const uses = new Int32Array(frameCount);
  const indexOf = new Int32Array(tree.length);
  const next = rowStart.slice();
  weight[0] = tree.weight;
  self[0] = layout.rootSelf;
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!;
    if (tree.total[node]! < least) continue;
    const above = tree.parent[node]!;
    const index = next[tree.depth[node]! + 1]!++;
    indexOf[node] = index;
    start[index] = tree.start[node]!;
    weight[index] = tree.total[node]!;
    self[index] = tree.self[node]!;
    parent[index] = above < 0 ? 0 : indexOf[above]!;
    frame[index] = tree.frame[node]!;
    uses[tree.frame[node]!]!++;
  }
  const scale = wholeUnits([start, weight, self]);
  const hidden = inWholeUnits(scale, start, weight, self, parent);

  const used: number[] = [];
  for (let row = 0; row < frameCount; row++) if (uses[row]! > 0) used.push(row);
  const frames = Int32Array.from(used).sort((a, b) => uses[b]! - uses[a]! || a - b);
  const frameRow = new Int32Array(frameCount).fill(-1);
  for (let i = 0; i < frames.length; i++) frameRow[frames[i]!] = i;
  for (let i = 1; i < length; i++) frame[i] = frameRow[frame[i]!]!;

  let lost = 0;
  for (let i = 0; i < length; i++) lost += hidden[i]!;
  const lostFrames = layout.narrow.frames + nodes.length - kept;
  return {
    rows: { rowStart, start, weight, frame, parent, hidden },
    frames,
    scale,
    narrow: { frames: lostFrames, weight: lostFrames === 0 ? 0 : (lost * scale[0]) / scale[1] },
  };
}

/**
 * Makes columns of weights count in a unit of their own, edge by edge, so that frames stay within each other.
 * @returns of each frame the weight of what lies on it and is left out
 */
function inWholeUnits(
  [numerator, denominator]: readonly [number, number],
  start: Float64Array,
  weight: Float64Array,
  self: Float64Array,
  parent: Int32Array,
): Float64Array {
  const hidden = new Float64Array(weight.length);
  const whole = (value: number): number => Math.round((value * denominator) / numerator);
  for (let i = 0; i < weight.length; i++) {
    const left = whole(start[i]!);
    weight[i] = whole(start[i]! + weight[i]!) - left;
    start[i] = left;
    hidden[i] = weight[i]! - whole(self[i]!);
  }
  for (let i = 1; i < weight.length; i++) hidden[parent[i]!]! -= weight[i]!;
  // Edges of fractions are rounded each for itself
  for (let i = 0; i < weight.length; i++) if (hidden[i]! < 0) hidden[i] = 0;
  return hidden;
}

/** How light a frame may be. Callers are never lighter than what they call, so the frames that are kept hang together. */
function leastKept({ tree, nodes }: FlameLayout, leastDrawn: number): number {
  const finer = [leastDrawn, leastDrawn / 2, leastDrawn / 4, 0];
  const counts = finer.map(() => 0);
  for (let i = 0; i < nodes.length; i++) {
    const total = tree.total[nodes[i]!]!;
    for (let step = 0; step < finer.length; step++) if (total >= finer[step]!) counts[step]!++;
  }
  const most = Math.max(DETAIL * counts[0]!, DETAIL_AT_LEAST);
  const step = counts.findLastIndex((count) => count <= most);
  return finer[Math.max(0, step)]!;
}
