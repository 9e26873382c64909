import type { EssentialEdges } from './essential-edges.ts';
import type { HeapGraph } from './graph.ts';

/** Who dominates whom, and how much hangs on it. By the ordinal of a node. */
export interface DominatorTree {
  /** The root's is itself. */
  readonly dominator: Uint32Array;
  /** Bytes. */
  readonly retainedSize: Float64Array;
}

/**
 * Immediate dominators and retained sizes.
 *
 * Algorithm: semi-NCA (L. Georgiadis: Linear-Time Algorithms for Dominators and Related Problems, 2005, section 2.5), which
 * finds semidominators as Lengauer and Tarjan do, and then walks up from each parent. Dominators are unique, so they
 * equal DevTools'. What no essential edge leads to hangs on the root; so does, each for itself, what is reached from
 * nothing but itself, as rings of it are.
 *
 * @param sizes bytes of each node itself
 */
export function dominatorTree(
  graph: HeapGraph,
  essential: EssentialEdges,
  sizes: Uint32Array | Float64Array,
): DominatorTree {
  const { nodeCount, root } = graph;
  const order = depthFirst(graph, essential);
  const { vertex, reached } = order;
  const dominatorNumber = semiNca(order, predecessors(graph, essential, order));
  const dominator = new Uint32Array(nodeCount).fill(root);
  for (let number = 1; number < reached; number++) dominator[vertex[number]!] = vertex[dominatorNumber[number]!]!;
  const retainedSize = Float64Array.from(sizes);
  for (let number = reached - 1; number > 0; number--) {
    const node = vertex[number]!;
    retainedSize[dominator[node]!]! += retainedSize[node]!;
  }
  if (reached < nodeCount) {
    const { number } = order;
    for (let node = 0; node < nodeCount; node++) if (number[node] === UNREACHED) retainedSize[root]! += sizes[node]!;
  }
  return { dominator, retainedSize };
}

const UNREACHED = 0xffffffff;

/** Nodes in the order in which a depth-first search meets them. */
interface DepthFirst {
  /** How many were met. */
  readonly reached: number;
  /** Node by number. */
  readonly vertex: Uint32Array;
  /** Number by node; {@link UNREACHED}. */
  readonly number: Uint32Array;
  /** Number of the node before, by number. */
  readonly parent: Uint32Array;
}

function depthFirst({ nodeCount, root, firstEdge, edgeTo }: HeapGraph, { bits, inDegree }: EssentialEdges): DepthFirst {
  const vertex = new Uint32Array(nodeCount);
  const number = new Uint32Array(nodeCount).fill(UNREACHED);
  const parent = new Uint32Array(nodeCount);
  /** The next edge of each open node, by number: the way back is `parent`. */
  const next = new Uint32Array(nodeCount);
  let reached = 0;
  const search = (start: number): void => {
    let current = reached;
    vertex[reached] = start;
    number[start] = reached;
    parent[reached] = 0;
    next[reached++] = firstEdge[start]!;
    for (;;) {
      const node = vertex[current]!;
      const end = firstEdge[node + 1]!;
      let edge = next[current]!;
      let found = -1;
      for (; edge < end; edge++) {
        const to = edgeTo[edge]!;
        if (number[to] !== UNREACHED || ((bits[edge >>> 5]! >>> (edge & 31)) & 1) === 0) continue;
        found = to;
        break;
      }
      if (found < 0) {
        if (node === start) return;
        current = parent[current]!;
        continue;
      }
      next[current] = edge + 1;
      vertex[reached] = found;
      number[found] = reached;
      parent[reached] = current;
      next[reached] = firstEdge[found]!;
      current = reached++;
    }
  };
  search(root);
  for (let node = 0; node < nodeCount && reached < nodeCount; node++) {
    if (number[node] === UNREACHED && inDegree[node] === 0) search(node);
  }
  return { reached, vertex, number, parent };
}

/** Whom essential edges come from: numbers, by the node that they lead to. */
interface Predecessors {
  readonly first: Uint32Array;
  readonly end: Uint32Array;
  readonly number: Uint32Array;
}

function predecessors(
  { nodeCount, firstEdge, edgeTo }: HeapGraph,
  { bits, inDegree, count }: EssentialEdges,
  { reached, vertex }: DepthFirst,
): Predecessors {
  const first = new Uint32Array(nodeCount);
  for (let node = 0, sum = 0; node < nodeCount; node++) {
    first[node] = sum;
    sum += inDegree[node]!;
  }
  const end = first.slice();
  const number = new Uint32Array(count);
  for (let from = 0; from < reached; from++) {
    const node = vertex[from]!;
    const last = firstEdge[node + 1]!;
    for (let edge = firstEdge[node]!; edge < last; edge++) {
      if (((bits[edge >>> 5]! >>> (edge & 31)) & 1) === 1) number[end[edgeTo[edge]!]!++] = from;
    }
  }
  return { first, end, number };
}

/** @returns the number of the immediate dominator, by number */
function semiNca({ reached, vertex, parent }: DepthFirst, { first, end, number }: Predecessors): Uint32Array {
  const semi = new Uint32Array(reached);
  /** The least semidominator on the way up to, without, the ancestor; by number. */
  const label = new Uint32Array(reached);
  const ancestor = parent.slice(0, reached);
  const path = new Uint32Array(reached);
  for (let w = reached - 1; w > 0; w--) {
    let least = parent[w]!;
    const node = vertex[w]!;
    for (let i = first[node]!; i < end[node]!; i++) {
      const from = number[i]!;
      if (from <= w) {
        if (from < least) least = from;
        continue;
      }
      // Behind w all ways up are linked: they are shortened to end at the first node that is not
      let height = 0;
      let at = from;
      while (ancestor[at]! > w) {
        path[height++] = at;
        at = ancestor[at]!;
      }
      let lowest = label[at]!;
      const top = ancestor[at]!;
      while (height > 0) {
        const below = path[--height]!;
        if (label[below]! > lowest) label[below] = lowest;
        else lowest = label[below]!;
        ancestor[below] = top;
      }
      if (lowest < least) least = lowest;
    }
    semi[w] = least;
    label[w] = least;
  }
  const dominator = parent.slice(0, reached);
  for (let w = 1; w < reached; w++) {
    const most = semi[w]!;
    let at = dominator[w]!;
    while (at > most) at = dominator[at]!;
    dominator[w] = at;
  }
  return dominator;
}
