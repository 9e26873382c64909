import type { DiffRows, RowWeights } from '../../embedded/diff-weights.ts';
import type { Comparison } from '../../profile/diff/comparison.ts';
import { wholeUnits } from '../compact/whole-units.ts';
import { MAX_ROWS } from '../flame-layout.ts';
import { INTERVAL_STEPS } from './diff-rows.ts';
import type { DiffTree, Weights } from './diff-tree.ts';

/** The frames that a picture holds, and what it does not. */
export interface ChosenPaths {
  readonly rows: DiffRows;
  /** Rows of the profile's frame table, those drawn most often first. */
  readonly frames: Int32Array;
  readonly scale: readonly [number, number];
  /** Frames that are left out as too narrow on both sides, and how many as too deep. */
  readonly narrow: number;
  readonly tooDeep: number;
}

/** Finer detail than a first view shows is kept for zooming in while it costs no more than this. */
const DETAIL = 2;
const DETAIL_AT_LEAST = 4000;

/**
 * Chooses paths and puts them into rows.
 * @param shareDrawn the part of a side's whole that a frame has at least which the first view draws
 * @param shareHeld the part that a frame has at least which is in the picture's data at all
 */
export function choosePaths(
  comparison: Comparison,
  tree: DiffTree,
  shareDrawn: number,
  shareHeld: number,
): ChosenPaths {
  const shares = sharesOf(tree);
  const least = leastKept(shares, tree, shareDrawn, shareHeld);
  const isKept = (node: number): boolean => shares[node]! >= least && tree.depth[node]! + 1 < MAX_ROWS;
  let rowsUsed = 1;
  let tooDeep = 0;
  let length = 1;
  for (let node = 0; node < tree.length; node++) {
    if (shares[node]! < least) continue;
    if (!isKept(node)) tooDeep++;
    else {
      length++;
      rowsUsed = Math.max(rowsUsed, tree.depth[node]! + 2);
    }
  }
  const rowStart = new Int32Array(rowsUsed + 1);
  rowStart[1] = 1;
  for (let node = 0; node < tree.length; node++) if (isKept(node)) rowStart[tree.depth[node]! + 2]!++;
  for (let row = 1; row < rowsUsed; row++) rowStart[row + 1]! += rowStart[row]!;

  const next = rowStart.slice();
  // Of each node its frame, or the frame on which it is left out
  const indexOf = new Int32Array(tree.length);
  const nodeOf = new Int32Array(length).fill(-1);
  const parent = new Int32Array(length).fill(-1);
  for (let node = 0; node < tree.length; node++) {
    const on = tree.parent[node]! < 0 ? 0 : indexOf[tree.parent[node]!]!;
    if (!isKept(node)) {
      indexOf[node] = on;
      continue;
    }
    const index = next[tree.depth[node]! + 1]!++;
    indexOf[node] = index;
    nodeOf[index] = node;
    parent[index] = on;
  }
  const sides = { tree, indexOf, nodeOf, parent };
  const scale = wholeUnits([tree.before.self, tree.after.self, Float64Array.of(tree.before.whole, tree.after.whole)]);
  const { frame, frames } = functionsOf(comparison, tree, nodeOf);
  return {
    rows: {
      rowStart,
      frame,
      parent,
      before: inWholeUnits(tree.before, sides, scale),
      after: inWholeUnits(tree.after, sides, scale),
      ...changesOf(comparison, tree, nodeOf),
    },
    frames,
    scale,
    narrow: tree.length + 1 - length - tooDeep,
    tooDeep,
  };
}

/** Of each node the part that it is of the whole, on the side where that is more; a caller's is never less than a callee's. */
function sharesOf({ before, after, length }: DiffTree): Float64Array {
  const shares = new Float64Array(length);
  for (let node = 0; node < length; node++) {
    const was = before.whole > 0 ? before.total[node]! / before.whole : 0;
    const is = after.whole > 0 ? after.total[node]! / after.whole : 0;
    shares[node] = Math.max(was, is);
  }
  return shares;
}

function leastKept(shares: Float64Array, tree: DiffTree, shareDrawn: number, shareHeld: number): number {
  const finer = [shareDrawn, shareDrawn / 2, shareDrawn / 4, shareHeld].filter((share) => share >= shareHeld);
  const counts = finer.map(() => 0);
  for (let node = 0; node < tree.length; node++) {
    for (let step = 0; step < finer.length; step++) if (shares[node]! >= finer[step]!) counts[step]!++;
  }
  const most = Math.max(DETAIL * (counts[0] ?? 0), DETAIL_AT_LEAST);
  const step = counts.findLastIndex((count) => count <= most);
  return finer[Math.max(0, step)] ?? shareHeld;
}

interface Places {
  readonly tree: DiffTree;
  readonly indexOf: Int32Array;
  readonly nodeOf: Int32Array;
  readonly parent: Int32Array;
}

/** Own weights are rounded each for itself and then summed up, so that frames stay within each other. */
function inWholeUnits(
  { self, whole, total }: Weights,
  { tree, indexOf, nodeOf, parent }: Places,
  [numerator, denominator]: readonly [number, number],
): RowWeights {
  const weight = new Float64Array(nodeOf.length);
  const hidden = new Float64Array(nodeOf.length);
  const rounded = (value: number): number => Math.round((value * denominator) / numerator);
  let stackless = whole;
  for (let node = 0; node < tree.length; node++) {
    if (tree.parent[node]! < 0) stackless -= total[node]!;
    const index = indexOf[node]!;
    const own = rounded(self[node]!);
    weight[index]! += own;
    if (nodeOf[index] !== node) hidden[index]! += own;
  }
  weight[0]! += Math.max(0, rounded(stackless));
  for (let i = weight.length - 1; i > 0; i--) weight[parent[i]!]! += weight[i]!;
  return { weight, hidden };
}

function functionsOf({ profile }: Comparison, tree: DiffTree, nodeOf: Int32Array) {
  const uses = new Int32Array(profile.frames.length);
  for (let i = 1; i < nodeOf.length; i++) uses[tree.frame[nodeOf[i]!]!]!++;
  const used: number[] = [];
  for (let row = 0; row < uses.length; row++) if (uses[row]! > 0) used.push(row);
  const frames = Int32Array.from(used).sort((a, b) => uses[b]! - uses[a]! || a - b);
  const place = new Int32Array(uses.length);
  frames.forEach((row, i) => {
    place[row] = i;
  });
  return { frames, frame: nodeOf.map((node) => (node < 0 ? -1 : place[tree.frame[node]!]!)) };
}

function changesOf({ paths }: Comparison, tree: DiffTree, nodeOf: Int32Array) {
  const whole = tree.after.whole || tree.before.whole * tree.scale;
  const steps = (column: Float64Array): Float64Array =>
    Float64Array.from(nodeOf, (node) =>
      node < 0 || whole <= 0 ? Number.NaN : Math.round((column[tree.path[node]!]! / whole) * INTERVAL_STEPS),
    );
  return {
    verdict: Uint8Array.from(nodeOf, (node) => (node < 0 ? 0 : paths.verdict[tree.path[node]!]!)),
    low: steps(paths.low),
    high: steps(paths.high),
  };
}
