import type { StackTable } from './profile.ts';

/**
 * Weight of all stacks that hold each group of frames (a function, a module, ...): that of every subtree whose root is
 * the group's outermost frame. One walk in preorder knows how often each group stands on the path, so a recursive
 * function is counted once.
 * @param groupOf the group of each frame
 * @param stackTotal weight of each stack and all below it
 * @param length number of groups
 */
export function groupTotals(
  stacks: StackTable,
  groupOf: Int32Array,
  stackTotal: Float64Array,
  length: number,
): Float64Array {
  const roots = stacks.length;
  const firstChild = new Int32Array(stacks.length + 1).fill(-1);
  const nextSibling = new Int32Array(stacks.length);
  for (let stack = stacks.length - 1; stack >= 0; stack--) {
    const parent = stacks.parent[stack]! < 0 ? roots : stacks.parent[stack]!;
    nextSibling[stack] = firstChild[parent]!;
    firstChild[parent] = stack;
  }

  const total = new Float64Array(length);
  const onPath = new Int32Array(length);
  let at = firstChild[roots]!;
  while (at >= 0) {
    const entered = groupOf[stacks.frame[at]!]!;
    if (onPath[entered]!++ === 0) total[entered]! += stackTotal[at]!;
    if (firstChild[at]! >= 0) {
      at = firstChild[at]!;
      continue;
    }
    onPath[entered]!--;
    while (nextSibling[at]! < 0 && stacks.parent[at]! >= 0) {
      at = stacks.parent[at]!;
      onPath[groupOf[stacks.frame[at]!]!]!--;
    }
    at = nextSibling[at]!;
  }
  return total;
}
