import type { HeapAnalysis } from './dominators.ts';
import type { HeapGraph } from './graph.ts';

/** What {@link retainedByGroup} is told of nodes of no group. */
export const NO_GROUP = -1;

/**
 * Bytes that would be free without the objects of each group; those that hang on another of the same group count once
 * (`HeapSnapshot.calculateClassesRetainedSize` of DevTools). Goes down the dominator tree once, for all groups.
 * @param groupOf of a node a number below `groups`, or {@link NO_GROUP}
 */
export function retainedByGroup(
  { root, nodeCount }: HeapGraph,
  { retainedSize, dominated }: HeapAnalysis,
  groupOf: (node: number) => number,
  groups: number,
): Float64Array {
  const { first, node: children } = dominated;
  const retained = new Float64Array(groups);
  const isOpen = new Uint8Array(groups);
  const stack = new Uint32Array(nodeCount);
  let height = 0;
  stack[height++] = root;
  /** Groups that are open, and how high the stack stood below each. */
  const open: number[] = [];
  const below: number[] = [];
  while (height > 0) {
    const node = stack[--height]!;
    while (below.length > 0 && below.at(-1)! > height) {
      isOpen[open.pop()!] = 0;
      below.pop();
    }
    const group = groupOf(node);
    const from = first[node]!;
    const to = first[node + 1]!;
    if (group !== NO_GROUP && isOpen[group] === 0) {
      retained[group]! += retainedSize[node]!;
      if (from < to) {
        isOpen[group] = 1;
        open.push(group);
        below.push(height);
      }
    }
    for (let row = from; row < to; row++) stack[height++] = children[row]!;
  }
  return retained;
}

/** As {@link retainedByGroup}, of groups of which each node is in one at most. */
export function retainedByLists(
  graph: HeapGraph,
  analysis: HeapAnalysis,
  groups: readonly (readonly number[])[],
): Float64Array {
  const groupOf = new Int32Array(graph.nodeCount).fill(NO_GROUP);
  for (const [group, nodes] of groups.entries()) for (const node of nodes) groupOf[node] = group;
  return retainedByGroup(graph, analysis, (node) => groupOf[node]!, groups.length);
}

const HANGS = 1;
const STANDS_ALONE = 2;

/**
 * Bytes that would be free without some objects; what hangs on another of them counts once. Looks at no more than what
 * stands above them.
 */
export function retainedByAll(
  { root, nodeCount }: HeapGraph,
  { dominator, retainedSize }: HeapAnalysis,
  nodes: readonly number[],
): number {
  const member = new Uint8Array(nodeCount);
  for (const node of nodes) member[node] = 1;
  // Whether a member stands at a node or above it: a list is as deep as it is long, so no way is gone twice
  const known = new Uint8Array(nodeCount);
  const chain: number[] = [];
  let bytes = 0;
  for (const node of nodes) {
    let above = dominator[node]!;
    while (above !== root && member[above] === 0 && known[above] === 0) {
      chain.push(above);
      above = dominator[above]!;
    }
    const state = above === root ? STANDS_ALONE : member[above] === 1 ? HANGS : known[above]!;
    while (chain.length > 0) known[chain.pop()!] = state;
    if (state === STANDS_ALONE) bytes += retainedSize[node]!;
  }
  return bytes;
}
