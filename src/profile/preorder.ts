import { callTree } from './call-tree.ts';
import { labelRanks } from './label-ranks.ts';
import { defaultValueIndex, type Profile } from './profile.ts';
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

/**
 * What {@link callTree} gives, without its sums: the profile's own stacks where they stand in that order already, as our
 * fastest readers leave them. Nodes without any weight may be among them.
 */
export function preorder(profile: Profile): Preorder {
  const { stacks } = profile;
  if (!isPreorder(profile)) return callTree(profile);
  return { ...stacks, self: selfWeights(profile, defaultValueIndex(profile)) };
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

function longer(column: Int32Array): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(column.length * 2);
  copy.set(column);
  return copy;
}
