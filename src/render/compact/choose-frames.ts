import type { FlameLayout } from '../flame-layout.ts';
import type { FlameRows } from './flame-rows.ts';
import { wholeUnits } from './whole-units.ts';

/** The frames that a picture holds, and what it does not. */
export interface ChosenFrames {
  readonly rows: FlameRows;
  /** Of each row of the profile's frame table: its row of the picture's, -1 = not there. */
  readonly frameRow: Int32Array;
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
  let rootSelf = tree.weight;
  for (let node = 0; node < tree.length; node++) if (tree.parent[node]! < 0) rootSelf -= tree.total[node]!;
  const [numerator, denominator] = wholeUnits(tree.self, rootSelf);
  const factor = denominator / numerator;

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
  const parent = new Int32Array(length).fill(-1);
  const hidden = new Float64Array(length);
  const frame = new Int32Array(length).fill(-1);
  const uses = new Int32Array(frameCount);
  const indexOf = new Int32Array(tree.length);
  const next = rowStart.slice();
  const whole = (value: number): number => Math.round(value * factor);
  weight[0] = whole(tree.weight);
  // What remains of a frame when its own weight and all that is drawn on it is taken away
  hidden[0] = weight[0]! - whole(rootSelf);
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!;
    if (tree.total[node]! < least) continue;
    const above = tree.parent[node]!;
    const index = next[tree.depth[node]! + 1]!++;
    const below = above < 0 ? 0 : indexOf[above]!;
    indexOf[node] = index;
    start[index] = whole(tree.start[node]!);
    weight[index] = whole(tree.start[node]! + tree.total[node]!) - start[index]!;
    parent[index] = below;
    frame[index] = tree.frame[node]!;
    uses[tree.frame[node]!]!++;
    hidden[index]! += weight[index]! - whole(tree.self[node]!);
    hidden[below]! -= weight[index]!;
  }

  const used: number[] = [];
  for (let row = 0; row < frameCount; row++) if (uses[row]! > 0) used.push(row);
  const frames = Int32Array.from(used).sort((a, b) => uses[b]! - uses[a]! || a - b);
  const frameRow = new Int32Array(frameCount).fill(-1);
  for (let i = 0; i < frames.length; i++) frameRow[frames[i]!] = i;
  for (let i = 1; i < length; i++) frame[i] = frameRow[frame[i]!]!;

  let lost = 0;
  for (let i = 0; i < length; i++) {
    // Edges of fractions are rounded each for itself
    if (hidden[i]! < 0) hidden[i] = 0;
    lost += hidden[i]!;
  }
  const lostFrames = layout.narrow.frames + nodes.length - kept;
  return {
    rows: { rowStart, start, weight, frame, parent, hidden },
    frameRow,
    frames,
    scale: [numerator, denominator],
    narrow: { frames: lostFrames, weight: lostFrames === 0 ? 0 : lost / factor },
  };
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
