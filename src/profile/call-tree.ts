import { PairInterner } from './columns.ts';
import { isPreorder } from './is-preorder.ts';
import { labelRanks, rowsByRank } from './label-ranks.ts';
import { defaultValueIndex, type Profile } from './profile.ts';
import { restack } from './restack.ts';
import { appearanceKeys, areInOrder, lineKeys, type SiblingOrder } from './sibling-order.ts';
import { totalWeight } from './total.ts';
import { selfWeights, subtreeWeights } from './weights.ts';

export interface CallTreeOptions {
  /** Default: the profile's default value type. */
  readonly valueIndex?: number;
  /** Leave out subtrees lighter than this part of the whole weight (0 to 1). Default 0: only weightless ones. */
  readonly minFraction?: number;
  /** Default `label`. */
  readonly siblings?: SiblingOrder;
}

/**
 * What renderers draw: all stacks laid over each other, in preorder. Siblings stand in the order of their labels (by
 * code units) unless another one is asked for, so equal profiles give equal trees whatever the order of their samples.
 *
 *     main;b 2         node   0 main   1 a   2 b          start 0     1     2     3
 *     main;a 1         depth  0        1     1                  |main             |
 *                      total  3        1     2                  |a    |b          |
 *
 * Row i of every column is node i.
 */
export interface CallTree {
  readonly length: number;
  /** A row of the profile's frames: where several rows have the node's label, the heaviest one. */
  readonly frame: Int32Array;
  /** The caller's node, -1 for a root. Always smaller than the row's own index. */
  readonly parent: Int32Array;
  /** 0 for a root. */
  readonly depth: Int32Array;
  /**
   * Left edge in weight units: the parent's start + the totals of earlier siblings, and before them, unless siblings
   * stand by label, the parent's self weight. A subtree left out by `minFraction` keeps its room, so no node moves.
   */
  readonly start: Float64Array;
  /** Weight of the node and all below it. */
  readonly total: Float64Array;
  /** Weight that ends in the node itself: `total` less the children's, those left out by `minFraction` included. */
  readonly self: Float64Array;
  /** The largest depth; -1 for a tree without nodes. */
  readonly maxDepth: number;
  /** Weight of all samples. Those without a stack are the implicit root's self weight: the roots' totals may sum to less. */
  readonly weight: number;
}

/** Merges the stacks of a profile by label into one tree. Linear but for the sort of the distinct labels. */
export function callTree(profile: Profile, options: CallTreeOptions = {}): CallTree {
  const valueIndex = options.valueIndex ?? defaultValueIndex(profile);
  const weight = totalWeight(profile, valueIndex);
  const least = (options.minFraction ?? 0) * weight;
  const siblings = options.siblings ?? 'label';
  if (siblings !== 'appearance' && isPreorder(profile)) {
    const self = selfWeights(profile, valueIndex);
    const { parent, frame } = profile.stacks;
    const keys = siblings === 'line' ? lineKeys(profile).of(frame, self) : undefined;
    if (keys === undefined || areInOrder(parent, keys))
      return { ...treeInOrder(profile, self, least, siblings), weight };
    const total = subtreeWeights(parent, self);
    const nodes = { parent, self, total, frame, keep: kept(total, least) };
    return { ...layOut(nodes, rowsByRank(keys), siblings), weight };
  }

  const rank = labelRanks(profile);
  const merged = new PairInterner(profile.stacks.length);
  const nodeOf = restack(profile.stacks, rank, merged);
  const parent = merged.first.toArray();

  const stackSelf = selfWeights(profile, valueIndex);
  const self = new Float64Array(parent.length);
  for (let stack = 0; stack < stackSelf.length; stack++) self[nodeOf[stack]!]! += stackSelf[stack]!;
  const total = subtreeWeights(parent, self);
  const frame = heaviestFrames(profile, nodeOf, stackSelf, parent.length);

  // The children of every node come in the order they are drawn
  const bySibling = rowsByRank(
    siblings === 'line'
      ? lineKeys(profile).of(frame, self)
      : siblings === 'appearance'
        ? appearanceKeys(profile.samples, nodeOf, parent)
        : merged.second.toArray(),
  );
  return { ...layOut({ parent, self, total, frame, keep: kept(total, least) }, bySibling, siblings), weight };
}

function kept(total: Float64Array, least: number): Uint8Array {
  const keep = new Uint8Array(total.length);
  for (let node = 0; node < keep.length; node++) keep[node] = isKept(total[node]!, least) ? 1 : 0;
  return keep;
}

/** The tree of a profile whose stacks stand in its order already: one straight loop, and columns of the profile itself. */
function treeInOrder(
  { stacks }: Profile,
  self: Float64Array,
  least: number,
  siblings: SiblingOrder,
): Omit<CallTree, 'weight'> {
  const nodes = stacks.length;
  const total = subtreeWeights(stacks.parent, self);
  let length = 0;
  for (let node = 0; node < nodes; node++) if (isKept(total[node]!, least)) length++;
  const all = length === nodes;
  const tree = {
    frame: all ? stacks.frame : new Int32Array(length),
    parent: all ? stacks.parent : new Int32Array(length),
    depth: new Int32Array(length),
    start: new Float64Array(length),
    total: all ? total : new Float64Array(length),
    self: all ? self : new Float64Array(length),
  };
  const rowOf = new Int32Array(nodes);
  // Of each row, from its own left edge: where its next child starts. The last one is for the roots
  const edge = new Float64Array(length + 1);
  let maxDepth = -1;
  for (let node = 0, next = 0; node < nodes; node++) {
    const above = stacks.parent[node]!;
    const parentRow = above < 0 ? length : rowOf[above]!;
    const weight = total[node]!;
    const row = parentRow >= 0 && isKept(weight, least) ? next++ : -1;
    rowOf[node] = row;
    if (parentRow < 0) continue;
    const offset = edge[parentRow]!;
    edge[parentRow] = offset + weight;
    if (row < 0) continue;
    if (siblings !== 'label') edge[row] = self[node]!;
    const depth = above < 0 ? 0 : tree.depth[parentRow]! + 1;
    tree.depth[row] = depth;
    tree.start[row] = (above < 0 ? 0 : tree.start[parentRow]!) + offset;
    if (depth > maxDepth) maxDepth = depth;
    if (all) continue;
    tree.frame[row] = stacks.frame[node]!;
    tree.parent[row] = above < 0 ? -1 : parentRow;
    tree.total[row] = weight;
    tree.self[row] = self[node]!;
  }
  return { length, ...tree, maxDepth };
}

function isKept(total: number, least: number): boolean {
  return total > 0 && total >= least;
}

/** Of the frames that share a node, the one with the most weight; then the first kind and tier, never the row order. */
function heaviestFrames(profile: Profile, nodeOf: Int32Array, stackSelf: Float64Array, nodes: number): Int32Array {
  // Where every stack is a node of its own there is nothing to choose.
  if (nodes === nodeOf.length) return profile.stacks.frame;
  const weights = subtreeWeights(profile.stacks.parent, stackSelf);
  const { kind, tier } = profile.frames;
  const best = new Int32Array(nodes).fill(-1);
  const bestWeight = new Float64Array(nodes);
  for (let stack = 0; stack < nodeOf.length; stack++) {
    const node = nodeOf[stack]!;
    const frame = profile.stacks.frame[stack]!;
    const held = best[node]!;
    const more = weights[stack]! - bestWeight[node]!;
    const better =
      held < 0 || more > 0 || (more === 0 && (kind[frame]! - kind[held]! || tier[frame]! - tier[held]!) < 0);
    if (!better) continue;
    best[node] = frame;
    bestWeight[node] = weights[stack]!;
  }
  return best;
}

interface Nodes {
  /** Parents come before children. */
  readonly parent: Int32Array;
  readonly self: Float64Array;
  readonly total: Float64Array;
  readonly frame: Int32Array;
  /** 1 = drawn. A node that is not has no descendant that is. */
  readonly keep: Uint8Array;
}

/**
 * Numbers the nodes in preorder and places them, without walking the tree: a node's row is its parent's row, plus one,
 * plus the rows of its earlier siblings' subtrees; its left edge likewise. Three straight loops: on a million nodes in
 * random order several times faster than following child links, each of which waits for memory.
 */
function layOut(
  { parent, self, total, frame, keep }: Nodes,
  bySibling: Int32Array,
  siblings: SiblingOrder,
): Omit<CallTree, 'weight'> {
  const nodes = parent.length;
  const rows = Int32Array.from(keep);
  for (let node = nodes - 1; node >= 0; node--) {
    const above = parent[node]!;
    if (above >= 0) rows[above]! += rows[node]!;
  }

  // Of each node: the rows and the weight of its earlier siblings. Of each parent: those of the children seen so far.
  const rowOffset = new Int32Array(nodes);
  const edgeOffset = new Float64Array(nodes);
  const rowsUsed = new Int32Array(nodes + 1);
  const edgeUsed = new Float64Array(nodes + 1);
  if (siblings !== 'label') edgeUsed.set(self);
  for (let i = 0; i < nodes; i++) {
    const node = bySibling[i]!;
    const above = parent[node]! < 0 ? nodes : parent[node]!;
    rowOffset[node] = rowsUsed[above]!;
    edgeOffset[node] = edgeUsed[above]!;
    rowsUsed[above]! += rows[node]!;
    edgeUsed[above]! += total[node]!;
  }

  const length = rowsUsed[nodes]!;
  const tree = treeColumns(length);
  let maxDepth = -1;
  const rowOf = rowOffset;
  for (let node = 0; node < nodes; node++) {
    if (keep[node] === 0) continue;
    const above = parent[node]!;
    const parentRow = above < 0 ? -1 : rowOf[above]!;
    const row = parentRow + 1 + rowOffset[node]!;
    const depth = parentRow < 0 ? 0 : tree.depth[parentRow]! + 1;
    rowOf[node] = row;
    tree.frame[row] = frame[node]!;
    tree.parent[row] = parentRow;
    tree.depth[row] = depth;
    tree.start[row] = (parentRow < 0 ? 0 : tree.start[parentRow]!) + edgeOffset[node]!;
    tree.total[row] = total[node]!;
    tree.self[row] = self[node]!;
    if (depth > maxDepth) maxDepth = depth;
  }
  return { length, ...tree, maxDepth };
}

/** Columns of a tree whose nodes are yet to be put in. */
export function treeColumns(length: number) {
  return {
    frame: new Int32Array(length),
    parent: new Int32Array(length),
    depth: new Int32Array(length),
    start: new Float64Array(length),
    total: new Float64Array(length),
    self: new Float64Array(length),
  };
}
