import { type CallTree, callTree } from '../profile/call-tree.ts';
import type { DrawnTree } from '../profile/drawn-tree.ts';
import type { Profile } from '../profile/profile.ts';
import { timeTree } from '../profile/time-tree.ts';

/** Rows of frames that are drawn at most, the root `all` included: browsers stop painting pictures taller than this. */
export const MAX_ROWS = 2000;

/** Which nodes of a call tree are drawn, and what is not. */
export interface FlameLayout {
  readonly tree: CallTree;
  /** Rows of the tree that are drawn, in preorder. Their row in the picture is `depth + 1`: row 0 is `all`. */
  readonly nodes: Int32Array;
  /** Weight of samples without a stack. */
  readonly rootSelf: number;
  /** Rows of the picture, the root included. */
  readonly rows: number;
  /** Frames narrower than the least width, everything above them included, and the weight they stand for. */
  readonly narrow: { readonly frames: number; readonly weight: number };
  /** Frames beyond {@link MAX_ROWS}. */
  readonly tooDeep: number;
}

export interface FlameLayoutOptions {
  readonly valueIndex?: number;
  /** Frames of a smaller part of the whole weight are left out with all that is above them. */
  readonly minFraction: number;
  /**
   * From left to right: `line` = as flamegraph.pl draws sorted folded text (default); `appearance` = by the first sample;
   * `time` = a flame chart, in which equal stacks that are apart stay apart.
   */
  readonly order?: FlameOrder;
}

export type FlameOrder = 'line' | 'appearance' | 'time';

/** Decides what is drawn. Positions are the tree's own (`start`, `total`), so they stay exact in weight units. */
export function flameLayout(profile: Profile, options: FlameLayoutOptions): FlameLayout {
  const { valueIndex, order = 'line' } = options;
  const tree =
    order === 'time'
      ? timeTree(profile, valueIndex)
      : callTree(profile, { siblings: order, ...(valueIndex === undefined ? {} : { valueIndex }) });
  return layoutOf(tree, options.minFraction);
}

/** The layout of what was read for nothing but a picture. */
export function drawnLayout({ tree, narrow, rootSelf }: DrawnTree): FlameLayout {
  const layout = layoutOf(tree, 0);
  return { ...layout, narrow, rootSelf };
}

/** What of a tree is drawn. Rows of no weight are not, and nothing is said of them. */
export function layoutOf(tree: CallTree, minFraction: number): FlameLayout {
  const least = minFraction * tree.weight;
  const nodes = new Int32Array(tree.length);
  const narrow = { frames: 0, weight: 0 };
  let drawn = 0;
  let rows = 1;
  let tooDeep = 0;
  // Everything deeper than this follows a frame that was left out (preorder: a subtree is one run of rows).
  let cutDepth = Number.POSITIVE_INFINITY;
  for (let node = 0; node < tree.length; node++) {
    const depth = tree.depth[node]!;
    if (depth > cutDepth) {
      if (tree.total[node]! > 0) narrow.frames++;
      continue;
    }
    cutDepth = Number.POSITIVE_INFINITY;
    if (tree.total[node] === 0) cutDepth = depth;
    else if (tree.total[node]! < least) {
      narrow.frames++;
      narrow.weight += tree.total[node]!;
      cutDepth = depth;
    } else if (depth + 1 >= MAX_ROWS) {
      tooDeep++;
    } else {
      nodes[drawn++] = node;
      if (depth + 2 > rows) rows = depth + 2;
    }
  }
  let rootSelf = tree.weight;
  for (let node = 0; node < tree.length; node++) if (tree.parent[node]! < 0) rootSelf -= tree.total[node]!;
  return { tree, nodes: nodes.slice(0, drawn), rootSelf, rows, narrow, tooDeep };
}

/** Self weight of each group of the drawn profile, heaviest order left to the caller. Absent = no weight. */
export function groupWeights(tree: CallTree, groupOf: (frame: number) => string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (let node = 0; node < tree.length; node++) {
    const group = groupOf(tree.frame[node]!);
    weights.set(group, (weights.get(group) ?? 0) + tree.self[node]!);
  }
  return weights;
}

/** As {@link groupWeights}, of the self weights of all frames. */
export function groupsOfFrames(selfOf: Float64Array, groupOf: (frame: number) => string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (let frame = 0; frame < selfOf.length; frame++) {
    const group = groupOf(frame);
    weights.set(group, (weights.get(group) ?? 0) + selfOf[frame]!);
  }
  return weights;
}
