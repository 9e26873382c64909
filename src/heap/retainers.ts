import type { HeapGraph } from './graph.ts';

/** The edges that lead to each node, weak ones too: those to node n are rows first[n] up to, without, first[n + 1]. */
export interface Retainers {
  /** nodeCount + 1 long. */
  readonly first: Uint32Array;
  /** The edge. */
  readonly edge: Uint32Array;
  /** The node that it comes from. */
  readonly from: Uint32Array;
}

/** The nodes that each node dominates immediately: those of n are rows first[n] up to, without, first[n + 1]. */
export interface Dominated {
  /** nodeCount + 1 long. */
  readonly first: Uint32Array;
  readonly node: Uint32Array;
}

export function retainersOf({ nodeCount, edgeCount, edgeTo, firstEdge }: HeapGraph): Retainers {
  const first = new Uint32Array(nodeCount + 1);
  for (let edge = 0; edge < edgeCount; edge++) first[edgeTo[edge]! + 1]!++;
  const next = sumUp(first);
  const rows = { edge: new Uint32Array(edgeCount), from: new Uint32Array(edgeCount) };
  for (let node = 0, edge = 0; node < nodeCount; node++) {
    for (const end = firstEdge[node + 1]!; edge < end; edge++) {
      const row = next[edgeTo[edge]!]!++;
      rows.edge[row] = edge;
      rows.from[row] = node;
    }
  }
  return { first, ...rows };
}

export function dominatedNodes(dominator: Uint32Array, root: number): Dominated {
  const nodeCount = dominator.length;
  const first = new Uint32Array(nodeCount + 1);
  for (let node = 0; node < nodeCount; node++) if (node !== root) first[dominator[node]! + 1]!++;
  const next = sumUp(first);
  const children = new Uint32Array(nodeCount - 1);
  for (let node = 0; node < nodeCount; node++) if (node !== root) children[next[dominator[node]!]!++] = node;
  return { first, node: children };
}

/** Makes counts of rows, each one place behind its own, the places where rows start. @returns those to be counted up */
function sumUp(first: Uint32Array): Uint32Array {
  for (let i = 1; i < first.length; i++) first[i]! += first[i - 1]!;
  return first.slice(0, -1);
}
