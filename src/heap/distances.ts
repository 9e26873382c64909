import { isUserRoot } from './essential-edges.ts';
import { codeOf, type HeapGraph, namesAreNumbers } from './graph.ts';
import type { Scratch } from './scratch.ts';
import type { EphemeronName } from './weak-maps.ts';

/** Distance of what nothing leads to. */
const NO_DISTANCE = -5;
/** What is reached from the root alone, and from no global object, is that much farther away. */
export const SYSTEM_DISTANCE = 100_000_000;

/** There is room for so many more than there are nodes in what is handed on. V8's root has some thirty. */
export const EXPECTED_ROOT_EDGES = 1024;

/**
 * How many references each node is away from the global objects, as DevTools counts (`JSHeapSnapshot.calculateDistances`):
 * first from what the root refers to and V8 has not made up, then from the root itself.
 */
export function distances(
  graph: HeapGraph,
  ephemerons: ReadonlyMap<number, EphemeronName>,
  scratch: Scratch,
): Int32Array {
  const { nodeCount, root, firstEdge, edgeTo, edgeType } = graph;
  const distance = new Int32Array(nodeCount).fill(NO_DISTANCE);
  const weak = codeOf(graph.edgeTypes, 'weak');
  const leadsOn = filter(graph, ephemerons);
  // The root may name a node more than once, and which of a WeakMap's edges comes first depends on it
  const rootEdges = firstEdge[root + 1]! - firstEdge[root]!;
  const queue = rootEdges > EXPECTED_ROOT_EDGES ? new Uint32Array(nodeCount + rootEdges) : scratch.take();
  let tail = 0;
  const walk = (): void => {
    for (let head = 0; head < tail; head++) {
      const node = queue[head]!;
      const farther = distance[node]! + 1;
      const picky = leadsOn.picky[node] === 1;
      const end = firstEdge[node + 1]!;
      for (let edge = firstEdge[node]!; edge < end; edge++) {
        const to = edgeTo[edge]!;
        if (distance[to] !== NO_DISTANCE || edgeType[edge] === weak) continue;
        if ((picky || leadsOn.ephemeral) && !leadsOn.edge(node, edge)) continue;
        distance[to] = farther;
        queue[tail++] = to;
      }
    }
  };
  for (let edge = firstEdge[root]!; edge < firstEdge[root + 1]!; edge++) {
    const node = edgeTo[edge]!;
    if (!isUserRoot(graph, node)) continue;
    distance[node] = 1;
    queue[tail++] = node;
  }
  const users = tail > 0;
  walk();
  distance[root] = users ? SYSTEM_DISTANCE : 0;
  queue[0] = root;
  tail = 1;
  walk();
  if (rootEdges <= EXPECTED_ROOT_EDGES) scratch.give(queue);
  return distance;
}

/** Which edges lead on. */
interface EdgeFilter {
  /** 1 for nodes of which not every edge does, whatever its name. */
  readonly picky: Uint8Array;
  /** Whether there are edges of WeakMaps. */
  readonly ephemeral: boolean;
  edge(node: number, edge: number): boolean;
}

/**
 * Leaves out the same edges as DevTools: the map that shows the way from a context to everything; descriptors, which maps
 * share; and of the two edges to a WeakMap's value the first, as it is reached when both key and table are.
 */
function filter(graph: HeapGraph, ephemerons: ReadonlyMap<number, EphemeronName>): EdgeFilter {
  const { nodeCount, nodeType, nodeName, edgeType, edgeName, strings } = graph;
  const hidden = codeOf(graph.nodeTypes, 'hidden');
  const array = codeOf(graph.nodeTypes, 'array');
  const internal = codeOf(graph.edgeTypes, 'internal');
  const nativeContext = strings.find('system / NativeContext');
  const descriptors = strings.find('(map descriptors)');
  const sloppyMap = strings.find('sloppy_function_map');
  const numeric = graph.edgeTypes.map(namesAreNumbers);
  const picky = new Uint8Array(nodeCount);
  for (let node = 0; node < nodeCount; node++) {
    const name = nodeName[node]!;
    if (name === nativeContext && nodeType[node] === hidden) picky[node] = 1;
    else if (name === descriptors && nodeType[node] === array) picky[node] = 1;
  }
  const pending = new Set<string>();
  const edge = (node: number, at: number): boolean => {
    const type = edgeType[at]!;
    const name = edgeName[at]!;
    if (picky[node] === 1) {
      if (nodeType[node] === hidden && name === sloppyMap && !numeric[type]) return false;
      if (nodeType[node] === array) {
        const index = numeric[type] ? name : Number.parseInt(strings.text(name), 10);
        return index < 2 || index % 3 !== 1;
      }
    }
    const ephemeron = type === internal ? ephemerons.get(name) : undefined;
    if (ephemeron === undefined || pending.delete(ephemeron.pair)) return true;
    pending.add(ephemeron.pair);
    return false;
  };
  return { picky, ephemeral: ephemerons.size > 0, edge };
}
