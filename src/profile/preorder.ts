import { callTree } from './call-tree.ts';
import { labelRanks } from './label-ranks.ts';
import { defaultValueIndex, type Profile } from './profile.ts';
import { stackTree } from './stack-tree.ts';
import { selfWeights } from './weights.ts';

/** Stacks laid over each other by label, in preorder; siblings in the order of their labels by code units. */
export interface Preorder {
  readonly length: number;
  /** The caller's row, -1 for a root. */
  readonly parent: Int32Array;
  /** A row of the profile's frames. */
  readonly frame: Int32Array;
  /** Weight that ends in the node itself. */
  readonly self: Float64Array;
}

/** Writing all stacks out one by one pays while they hold no more frames than this for each node of their tree. */
const FRAMES_A_NODE = 16;

/**
 * What {@link callTree} gives, without its sums: the profile's own stacks where they stand in that order already, as our
 * fastest readers leave them. Nodes without any weight may be among them.
 */
export function preorder(profile: Profile): Preorder {
  const { stacks } = profile;
  const self = selfWeights(profile, defaultValueIndex(profile));
  if (isPreorder(profile)) return { ...stacks, self };
  return sorted(profile, self) ?? callTree(profile);
}

/** Whether every stack follows its caller's subtrees so far, and siblings have ascending labels, none twice. */
function isPreorder(profile: Profile): boolean {
  const { parent, frame, length } = profile.stacks;
  const rank = labelRanks(profile);
  // The nodes from the root to the row before, and the label of each one's last child
  let path = new Int32Array(64);
  let lastChild = new Int32Array(65).fill(-1);
  let depth = 0;
  for (let node = 0; node < length; node++) {
    while (depth > 0 && path[depth - 1] !== parent[node]) depth--;
    if (depth === 0 && parent[node] !== -1) return false;
    const label = rank[frame[node]!]!;
    if (label <= lastChild[depth]!) return false;
    lastChild[depth] = label;
    if (depth === path.length) {
      path = longer(path);
      lastChild = longer(lastChild);
    }
    path[depth++] = node;
    lastChild[depth] = -1;
  }
  return true;
}

/** The stacks with weight, sorted as sequences of labels; undefined where those would be too long. */
function sorted({ stacks, frames, strings }: Profile, selfOf: Float64Array): Preorder | undefined {
  const { parent, frame, length } = stacks;
  const rank = labelRanks({ frames, strings });
  const depth = new Int32Array(length);
  let leaves = 0;
  let size = 0;
  for (let node = 0; node < length; node++) {
    depth[node] = parent[node]! < 0 ? 1 : depth[parent[node]!]! + 1;
    if (selfOf[node] === 0) continue;
    leaves++;
    size += depth[node]!;
  }
  if (size > length * FRAMES_A_NODE) return undefined;
  const labels = new Int32Array(size);
  const start = new Int32Array(leaves + 1);
  const weight = new Float64Array(leaves);
  for (let node = 0, leaf = 0; node < length; node++) {
    if (selfOf[node] === 0) continue;
    weight[leaf] = selfOf[node]!;
    let at = start[leaf]! + depth[node]!;
    start[++leaf] = at;
    for (let caller = node; caller >= 0; caller = parent[caller]!) labels[--at] = rank[frame[caller]!]!;
  }
  const tree = stackTree(labels, start);
  const self = new Float64Array(tree.stacks.length);
  for (let leaf = 0; leaf < leaves; leaf++) self[tree.leaf[leaf]!]! += weight[leaf]!;
  const frameOf = new Int32Array(frames.length);
  for (let i = frames.length - 1; i >= 0; i--) frameOf[rank[i]!] = i;
  return { ...tree.stacks, frame: tree.stacks.frame.map((label) => frameOf[label]!), self };
}

function longer(column: Int32Array): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(column.length * 2);
  copy.set(column);
  return copy;
}
