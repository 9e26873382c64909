import type { EssentialEdges } from './essential-edges.ts';
import type { HeapGraph } from './graph.ts';
import type { Scratch } from './scratch.ts';

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
  scratch: Scratch,
): DominatorTree {
  const { nodeCount, root } = graph;
  const order = depthFirst(graph, essential, scratch);
  const { vertex, reached } = order;
  const predecessors = predecessorsOf(graph, essential, order);
  const dominatorNumber = semiNca(order, predecessors, scratch);
  const dominator = scratch.take().subarray(0, nodeCount).fill(root);
  for (let number = 1; number < reached; number++) dominator[vertex[number]!] = vertex[dominatorNumber[number]!]!;
  const retainedSize = new Float64Array(sizes);
  for (let number = reached - 1; number > 0; number--) {
    const node = vertex[number]!;
    retainedSize[dominator[node]!]! += retainedSize[node]!;
  }
  if (reached < nodeCount) {
    const met = new Uint8Array(nodeCount);
    for (let number = 0; number < reached; number++) met[vertex[number]!] = 1;
    for (let node = 0; node < nodeCount; node++) if (met[node] === 0) retainedSize[root]! += sizes[node]!;
  }
  scratch.give(vertex, dominatorNumber, predecessors.first);
  return { dominator, retainedSize };
}

const UNREACHED = 0xffffffff;

/** Nodes in the order in which a depth-first search meets them. All columns are of the scratch. */
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

function depthFirst(
  { nodeCount, root, firstEdge, edgeTo }: HeapGraph,
  { bits, inDegree }: EssentialEdges,
  scratch: Scratch,
): DepthFirst {
  const vertex = scratch.take();
  const number = scratch.take().fill(UNREACHED);
  const parent = scratch.take();
  /** The next edge of each open node, by number: the way back is `parent`. */
  const next = scratch.take();
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
  scratch.give(next);
  return { reached, vertex, number, parent };
}

/** Numbers of those whom essential edges to a node come from: rows first[node] up to, without, first[node + 1]. */
interface Predecessors {
  readonly first: Uint32Array;
  readonly number: Uint32Array;
}

/** Makes `first` of the counts of edges, in place. */
function predecessorsOf(
  { nodeCount, firstEdge, edgeTo }: HeapGraph,
  { bits, inDegree: first }: EssentialEdges,
  { number: numberOf }: DepthFirst,
): Predecessors {
  const number = new Uint32Array(first[nodeCount]!);
  for (let node = 0, sum = 0; node < nodeCount; node++) {
    sum += first[node]!;
    first[node] = sum;
  }
  for (let node = 0, edge = 0; node < nodeCount; node++) {
    const own = numberOf[node]!;
    for (const end = firstEdge[node + 1]!; edge < end; edge++) {
      if (((bits[edge >>> 5]! >>> (edge & 31)) & 1) === 0) continue;
      const to = edgeTo[edge]!;
      // What was not met says nothing: as little as an edge of the node to itself
      number[--first[to]!] = own === UNREACHED ? numberOf[to]! : own;
    }
  }
  return { first, number };
}

/**
 * Uses up `parent` and `number`.
 * @returns the number of the immediate dominator, by number: a column of the scratch
 */
function semiNca(order: DepthFirst, { first, number }: Predecessors, scratch: Scratch): Uint32Array {
  const { reached, vertex, parent, number: semi } = order;
  /** The least semidominator on the way up to, without, the ancestor; by number. */
  const label = scratch.take();
  const ancestor = scratch.take();
  ancestor.set(parent);
  const path: number[] = [];
  for (let w = reached - 1; w > 0; w--) {
    let least = parent[w]!;
    const node = vertex[w]!;
    const end = first[node + 1]!;
    for (let i = first[node]!; i < end; i++) {
      const from = number[i]!;
      if (from <= w) {
        if (from < least) least = from;
        continue;
      }
      // Behind w all ways up are linked: they are shortened to end at the first node that is not
      let at = from;
      while (ancestor[at]! > w) {
        path.push(at);
        at = ancestor[at]!;
      }
      let lowest = label[at]!;
      const top = ancestor[at]!;
      while (path.length > 0) {
        const below = path.pop()!;
        if (label[below]! > lowest) label[below] = lowest;
        else lowest = label[below]!;
        ancestor[below] = top;
      }
      if (lowest < least) least = lowest;
    }
    semi[w] = least;
    label[w] = least;
  }
  for (let w = 1; w < reached; w++) {
    const most = semi[w]!;
    let at = parent[w]!;
    while (at > most) at = parent[at]!;
    parent[w] = at;
  }
  scratch.give(semi, label, ancestor);
  return parent;
}
