import { type CallTree, treeColumns } from '../../profile/call-tree.ts';
import type { DrawnTree } from '../../profile/drawn-tree.ts';
import type { Kernel } from './open-kernel.ts';

/**
 * The nodes that `drawLines` kept, as they are drawn.
 * @param weight of all samples
 * @param frameRow of a frame of the kernel its row in the profile's frames
 * @returns also the nodes that were not kept, and the weight that ends in none of those kept
 */
export function drawnNodes(
  kernel: Kernel,
  weight: number,
  frameRow: (frame: number) => number,
): Pick<DrawnTree, 'tree' | 'narrow'> {
  const length = kernel.drawnRows();
  const memory = kernel.memory();
  const ints = new Int32Array(memory);
  const floats = new Float64Array(memory);
  const at = Int32Array.from({ length }, (_, row) => kernel.drawnRow(row));
  const depthOf = (row: number): number => ints[(at[row]! >> 2) + 2]!;
  const start = new Float64Array(length);
  for (let row = 0; row < length; row++) {
    const above = ints[(at[row]! >> 2) + 1]!;
    start[row] = floats[(at[row]! >> 3) + 2]! + (above < 0 ? 0 : start[above]!);
  }
  const order = Int32Array.from(at.keys());
  if (kernel.isMixed()) order.sort((a, b) => start[a]! - start[b]! || depthOf(a) - depthOf(b));
  const place = new Int32Array(length);
  const tree = treeColumns(length);
  let maxDepth = -1;
  let rest = weight;
  for (let i = 0; i < length; i++) {
    const row = order[i]!;
    const above = ints[(at[row]! >> 2) + 1]!;
    const depth = depthOf(row);
    place[row] = i;
    tree.frame[i] = frameRow(ints[at[row]! >> 2]!);
    tree.parent[i] = above < 0 ? -1 : place[above]!;
    tree.depth[i] = depth;
    tree.start[i] = start[row]!;
    tree.total[i] = floats[(at[row]! >> 3) + 3]!;
    tree.self[i] = floats[(at[row]! >> 3) + 4]!;
    rest -= tree.self[i]!;
    if (depth > maxDepth) maxDepth = depth;
  }
  const all: CallTree = { length, ...tree, maxDepth, weight };
  return { tree: all, narrow: { frames: kernel.allNodes() - length, weight: rest } };
}
