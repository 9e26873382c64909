import { codeOf, type HeapGraph } from './graph.ts';
import { follower } from './object-words.ts';

/** What the edge from a function's code to its script is called, of V8 8 to 14. */
const SCRIPT_EDGES = ['script_or_debug_info', 'script'];

/**
 * Names of scripts by their ids. Locations tell ids only; functions refer to their script, whose name is its address or
 * path, so scripts that no living function stands in are missing.
 */
export function scriptNames(graph: HeapGraph): ReadonlyMap<number, string> {
  const { nodeType, nodeTypes, nodeName, strings, locations } = graph;
  const closure = codeOf(nodeTypes, 'closure');
  const sharedOf = follower(graph, 'internal', 'shared');
  const scriptOf = SCRIPT_EDGES.map((edge) => follower(graph, 'internal', edge));
  const names = new Map<number, string>();
  for (let row = 0; row < locations.node.length; row++) {
    const node = locations.node[row]!;
    const id = locations.scriptId[row]!;
    if (nodeType[node] !== closure || names.has(id)) continue;
    const shared = sharedOf(node);
    const script = shared < 0 ? -1 : Math.max(...scriptOf.map((of) => of(shared)));
    if (script >= 0) names.set(id, strings.text(nodeName[script]!));
  }
  return names;
}
