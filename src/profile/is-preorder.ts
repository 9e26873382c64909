import { labelRanks } from './label-ranks.ts';
import type { Profile } from './profile.ts';

/**
 * Whether the stacks stand as they are drawn, as our fastest readers leave them: every stack follows its caller's subtrees
 * so far, and siblings have ascending labels, none twice.
 */
export function isPreorder(profile: Profile): boolean {
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
