import type { HeapAnalysis } from './dominators.ts';
import { codeOf, type HeapGraph } from './graph.ts';

/** An object on the way from a root to another one, and the edge that leads on; -1 at the end. */
export interface PathStep {
  readonly node: number;
  readonly edge: number;
}

/** Of edges that lead equally near to a root, those that people know: properties before what V8 keeps for itself. */
const PREFERENCE = ['property', 'context', 'element', 'internal', 'shortcut', 'hidden'];

/**
 * The shortest way on which a program holds an object: from a root of it (`globalThis`, or of V8 itself) by edges that
 * keep alive, each one step nearer.
 * @returns steps from the root to the object; it alone where nothing holds it
 */
export function retainingPath(graph: HeapGraph, analysis: HeapAnalysis, node: number): PathStep[] {
  const ranks = rankTable(graph);
  const steps: PathStep[] = [{ node, edge: -1 }];
  for (let at = node; ; ) {
    const edge = nearestRetainer(graph, analysis, at, ranks);
    if (edge === undefined) break;
    steps.push({ node: edge.from, edge: edge.edge });
    at = edge.from;
  }
  return steps.reverse();
}

/** What refers to an object and keeps it alive, nearest to a root first. */
export function holdersOf(graph: HeapGraph, analysis: HeapAnalysis, node: number): PathStep[] {
  const ranks = rankTable(graph);
  const { first, edge, from } = analysis.retainers;
  const found: PathStep[] = [];
  for (let at = first[node]!; at < first[node + 1]!; at++) {
    if (ranks[graph.edgeType[edge[at]!]!]! < PREFERENCE.length && from[at] !== node) {
      found.push({ node: from[at]!, edge: edge[at]! });
    }
  }
  const distance = (step: PathStep): number => farAsIs(analysis.distance[step.node]!);
  const rank = (step: PathStep): number => ranks[graph.edgeType[step.edge]!]!;
  return found.sort((a, b) => distance(a) - distance(b) || rank(a) - rank(b) || a.edge - b.edge);
}

/** Of each edge type its place in {@link PREFERENCE}; weak edges, which hold nothing, stand behind. */
function rankTable({ edgeTypes }: HeapGraph): Uint8Array {
  return Uint8Array.from(edgeTypes, (type) => {
    const rank = PREFERENCE.indexOf(type);
    return rank < 0 ? PREFERENCE.length : rank;
  });
}

function nearestRetainer(
  graph: HeapGraph,
  { retainers, distance }: HeapAnalysis,
  node: number,
  ranks: Uint8Array,
): { readonly edge: number; readonly from: number } | undefined {
  const { first, edge, from } = retainers;
  let best = -1;
  let bestDistance = farAsIs(distance[node]!);
  let bestRank = PREFERENCE.length;
  for (let at = first[node]!; at < first[node + 1]!; at++) {
    const rank = ranks[graph.edgeType[edge[at]!]!]!;
    if (rank === PREFERENCE.length) continue;
    const near = farAsIs(distance[from[at]!]!);
    if (near > bestDistance || (near === bestDistance && (best < 0 || rank >= bestRank))) continue;
    [best, bestDistance, bestRank] = [at, near, rank];
  }
  return best < 0 ? undefined : { edge: edge[best]!, from: from[best]! };
}

/** What no root leads to has a distance below 0. */
function farAsIs(distance: number): number {
  return distance < 0 ? Number.POSITIVE_INFINITY : distance;
}

/** Whether a type is one of V8's own arrangements, which people look through: tables of a Map, elements of an array. */
export function isInternalNode(graph: HeapGraph): (node: number) => boolean {
  const array = codeOf(graph.nodeTypes, 'array');
  const hidden = codeOf(graph.nodeTypes, 'hidden');
  return (node) => graph.nodeType[node] === array || graph.nodeType[node] === hidden;
}
