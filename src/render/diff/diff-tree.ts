import type { Comparison } from '../../profile/diff/comparison.ts';
import { rowsByRank } from '../../profile/label-ranks.ts';
import { lineKeys } from '../../profile/sibling-order.ts';
import { totalWeight } from '../../profile/total.ts';
import { selfWeights, subtreeWeights } from '../../profile/weights.ts';
import type { Widths } from './widths.ts';

/**
 * Both sides of a comparison laid over each other, in preorder; siblings as sorted lines of folded text have them, those of
 * three columns too: a line counts where either side is more than 0. Weights are as they were measured.
 */
export interface DiffTree {
  readonly length: number;
  /** The row of the comparison's paths, which is a stack of its profile. */
  readonly path: Int32Array;
  readonly frame: Int32Array;
  /** The caller's row, -1 for a root. Always smaller than the row's own index. */
  readonly parent: Int32Array;
  readonly depth: Int32Array;
  readonly before: Weights;
  readonly after: Weights;
  /** By how much weights before are multiplied to be compared. */
  readonly scale: number;
}

export interface Weights {
  /** Of a node and all below it. */
  readonly total: Float64Array;
  /** Of what ends in the node itself. */
  readonly self: Float64Array;
  /** Of all samples, those without a stack too. */
  readonly whole: number;
}

/** Paths that weigh nothing on either side are left out. */
export function diffTree({ profile, scale }: Pick<Comparison, 'profile' | 'scale'>): DiffTree {
  const { parent, frame, length: nodes } = profile.stacks;
  const self = [selfWeights(profile, 0), selfWeights(profile, 1)] as const;
  const either = Float64Array.from(self[0], (before, node) => Math.abs(before) + Math.abs(self[1][node]!));
  const kept = Int32Array.from(subtreeWeights(parent, either), (total) => (total > 0 ? 1 : 0));

  // Of each node the rows of its subtree, then those of its earlier siblings, then its own row
  const rows = kept.slice();
  for (let node = nodes - 1; node >= 0; node--) if (parent[node]! >= 0) rows[parent[node]!]! += rows[node]!;
  const used = new Int32Array(nodes + 1);
  const rowOf = new Int32Array(nodes);
  for (const node of rowsByRank(lineKeys(profile).of(frame, either))) {
    const above = parent[node]! < 0 ? nodes : parent[node]!;
    rowOf[node] = used[above]!;
    used[above]! += rows[node]!;
  }
  const length = used[nodes]!;
  const tree = {
    path: new Int32Array(length),
    frame: new Int32Array(length),
    parent: new Int32Array(length).fill(-1),
    depth: new Int32Array(length),
  };
  for (let node = 0; node < nodes; node++) {
    if (kept[node] === 0) continue;
    const above = parent[node]!;
    if (above >= 0) rowOf[node]! += rowOf[above]! + 1;
    const row = rowOf[node]!;
    tree.path[row] = node;
    tree.frame[row] = frame[node]!;
    if (above < 0) continue;
    tree.parent[row] = rowOf[above]!;
    tree.depth[row] = tree.depth[rowOf[above]!]! + 1;
  }
  const weights = (side: 0 | 1): Weights => {
    const own = Float64Array.from(tree.path, (node) => self[side][node]!);
    return { self: own, total: subtreeWeights(tree.parent, own), whole: totalWeight(profile, side) };
  };
  return { length, ...tree, before: weights(0), after: weights(1), scale };
}

/** The weights by which frames are as wide as they are in a view. */
export function weightsOf({ before, after, scale, parent }: DiffTree, widths: Widths): Weights {
  if (widths !== 'max') return widths === 'before' ? before : after;
  const self = Float64Array.from(after.self, (weight, row) => Math.max(weight, before.self[row]! * scale));
  const total = subtreeWeights(parent, self);
  let onRoot = 0;
  for (let row = 0; row < parent.length; row++) if (parent[row]! < 0) onRoot += total[row]!;
  return { self, total, whole: onRoot + Math.max(stackless(after, parent), stackless(before, parent) * scale) };
}

/** What the whole has that is on no root. */
function stackless({ total, whole }: Weights, parent: Int32Array): number {
  let rest = whole;
  for (let row = 0; row < parent.length; row++) if (parent[row]! < 0) rest -= total[row]!;
  return Math.max(0, rest);
}

/** The left edge of each row, in weight: behind its caller's own weight and its siblings. */
export function edgesOf({ parent }: Pick<DiffTree, 'parent'>, { self, total, whole }: Weights): Float64Array {
  const start = new Float64Array(parent.length);
  const next = new Float64Array(parent.length);
  let root = whole;
  for (let row = 0; row < parent.length; row++) if (parent[row]! < 0) root -= total[row]!;
  root = Math.max(0, root);
  for (let row = 0; row < parent.length; row++) {
    const above = parent[row]!;
    if (above < 0) {
      start[row] = root;
      root += total[row]!;
    } else {
      start[row] = next[above]!;
      next[above]! += total[row]!;
    }
    next[row] = start[row]! + self[row]!;
  }
  return start;
}
