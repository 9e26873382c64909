import { isUserRoot } from './essential-edges.ts';
import { codeOf, type HeapGraph } from './graph.ts';
import type { Scratch } from './scratch.ts';

const UNVISITED = 0xffffffff;
const SEVERAL = 0xfffffffe;

/**
 * Sizes of objects with what is theirs alone: the table of a Map, the elements of an Array and other nodes that nobody
 * has made count for the one object that they belong to. As DevTools shows them (`JSHeapSnapshot.calculateShallowSizes`);
 * a snapshot without user roots, as taken with `exposeInternals`, keeps the sizes of the file.
 */
export function shallowSizes(graph: HeapGraph, scratch: Scratch): Uint32Array | Float64Array {
  const { nodeCount, selfSize, nodeType, root, firstEdge, edgeTo } = graph;
  if (!hasUserRoots(graph)) return selfSize;
  const owner = owners(graph, scratch);
  const synthetic = codeOf(graph.nodeTypes, 'synthetic');
  let sizes = selfSize.slice();
  for (let node = 0; node < nodeCount; node++) {
    const of = owner[node]!;
    if (of === node || of === UNVISITED || of === SEVERAL) continue;
    if (of === root || nodeType[of] === synthetic) continue;
    const sum = sizes[of]! + sizes[node]!;
    if (sum > 0xffffffff && sizes instanceof Uint32Array) sizes = new Float64Array(sizes);
    sizes[of] = sum;
    sizes[node] = 0;
  }
  scratch.give(owner);
  return sizes;

  function hasUserRoots({ edgeCount }: HeapGraph): boolean {
    const end = Math.min(edgeCount, firstEdge[root + 1]!);
    for (let edge = firstEdge[root]!; edge < end; edge++) if (isUserRoot(graph, edgeTo[edge]!)) return true;
    return false;
  }
}

/** Whom each node belongs to: itself, another, {@link SEVERAL}, or nobody yet ({@link UNVISITED}). */
function owners(graph: HeapGraph, scratch: Scratch): Uint32Array {
  const { nodeCount, nodeType, nodeName, firstEdge, edgeType, edgeTo, strings } = graph;
  const hidden = codeOf(graph.nodeTypes, 'hidden');
  const array = codeOf(graph.nodeTypes, 'array');
  const native = codeOf(graph.nodeTypes, 'native');
  const weak = codeOf(graph.edgeTypes, 'weak');
  const externalString = strings.find('system / ExternalStringData');
  const owner = scratch.take();
  for (let node = 0; node < nodeCount; node++) {
    const type = nodeType[node]!;
    const isPart = type === hidden || type === array || (type === native && nodeName[node] === externalString);
    owner[node] = isPart ? UNVISITED : node;
  }
  // An owner is settled for good or becomes SEVERAL: so nodes come here twice at most, and in any order
  const waiting: number[] = [];
  for (let start = 0; start < nodeCount; start++) {
    if (owner[start] !== start) continue;
    let node: number | undefined = start;
    do {
      const of = owner[node]!;
      const end = firstEdge[node + 1]!;
      for (let edge = firstEdge[node]!; edge < end; edge++) {
        const to = edgeTo[edge]!;
        const known = owner[to]!;
        if (known === to || known === of || known === SEVERAL || edgeType[edge] === weak) continue;
        owner[to] = known === UNVISITED ? of : SEVERAL;
        waiting.push(to);
      }
      node = waiting.pop();
    } while (node !== undefined);
  }
  return owner;
}
