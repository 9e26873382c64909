import { codeOf, type HeapGraph } from './graph.ts';
import type { Scratch } from './scratch.ts';
import type { EphemeronName } from './weak-maps.ts';

/** Which edges keep objects alive. */
export interface EssentialEdges {
  /** A bit for each edge, 32 in a number, the lowest first. */
  readonly bits: Uint32Array;
  /** How many such edges lead to each node, and behind that how many there are. A column of the scratch. */
  readonly inDegree: Uint32Array;
}

/**
 * The edges that count for dominators, by the rules of DevTools (`HeapSnapshot.computeIsEssentialEdge`): none that is weak
 * or leads to where it starts; shortcuts from the root alone; none into what the page owns from outside of it, as that
 * would be the debugger's; and a WeakMap's value hangs on its key, not on the table.
 */
export function essentialEdges(
  graph: HeapGraph,
  ephemerons: ReadonlyMap<number, EphemeronName>,
  scratch: Scratch,
): EssentialEdges {
  const { nodeCount, firstEdge, edgeType, edgeTo, edgeName, nodeId, root } = graph;
  const weak = codeOf(graph.edgeTypes, 'weak');
  const shortcut = codeOf(graph.edgeTypes, 'shortcut');
  const internal = ephemerons.size === 0 ? -1 : codeOf(graph.edgeTypes, 'internal');
  const owned = pageOwned(graph, scratch);
  const bits = new Uint32Array((graph.edgeCount + 31) >>> 5);
  const inDegree = scratch.take().fill(0);
  let count = 0;
  let edge = 0;
  for (let node = 0; node < nodeCount; node++) {
    const end = firstEdge[node + 1]!;
    const fromRoot = node === root;
    const isOwned = fromRoot ? 1 : owned[node]!;
    for (; edge < end; edge++) {
      const type = edgeType[edge]!;
      const to = edgeTo[edge]!;
      if (type === weak || to === node || owned[to]! > isOwned) continue;
      if (type === shortcut && !fromRoot) continue;
      if (type === internal && ephemerons.get(edgeName[edge]!)?.table === nodeId[node]) continue;
      bits[edge >>> 5]! |= 1 << (edge & 31);
      inDegree[to]!++;
      count++;
    }
  }
  inDegree[nodeCount] = count;
  return { bits, inDegree };
}

/**
 * 1 for each node that the page owns: what is reached from the global objects, to which shortcuts lead from the root,
 * and from the trees of the document (`JSHeapSnapshot.markPageOwnedNodes`).
 */
function pageOwned(graph: HeapGraph, scratch: Scratch): Uint8Array {
  const { nodeCount, firstEdge, edgeType, edgeTo, root } = graph;
  const weak = codeOf(graph.edgeTypes, 'weak');
  const shortcut = codeOf(graph.edgeTypes, 'shortcut');
  const element = codeOf(graph.edgeTypes, 'element');
  const owned = new Uint8Array(nodeCount);
  // Each node is put there when it is marked, so once at most
  const stack = scratch.take();
  let height = 0;
  for (let edge = firstEdge[root]!; edge < firstEdge[root + 1]!; edge++) {
    const type = edgeType[edge]!;
    const to = edgeTo[edge]!;
    const enters = type === shortcut || (type === element && isDocumentRoot(graph, to));
    if (!enters || owned[to] === 1) continue;
    owned[to] = 1;
    stack[height++] = to;
  }
  while (height > 0) {
    const node = stack[--height]!;
    const end = firstEdge[node + 1]!;
    for (let edge = firstEdge[node]!; edge < end; edge++) {
      const to = edgeTo[edge]!;
      if (owned[to] === 1 || edgeType[edge] === weak) continue;
      owned[to] = 1;
      stack[height++] = to;
    }
  }
  scratch.give(stack);
  return owned;
}

/** Whether a node is the one that the trees of a page's document hang on. */
function isDocumentRoot(graph: HeapGraph, node: number): boolean {
  return (
    graph.nodeType[node] === codeOf(graph.nodeTypes, 'synthetic') &&
    graph.strings.text(graph.nodeName[node]!) === '(Document DOM trees)'
  );
}

/** Whether DevTools measures distances from a node that the root refers to: not from what V8 has made up. */
export function isUserRoot(graph: HeapGraph, node: number): boolean {
  return graph.nodeType[node] !== codeOf(graph.nodeTypes, 'synthetic') || isDocumentRoot(graph, node);
}
