import type { HeapAnalysis } from './dominators.ts';
import { codeOf, edgeLabel, type HeapGraph } from './graph.ts';
import { isInternalNode } from './retaining-path.ts';

/** An object without which much of the heap would be free. */
export interface LargeObject {
  readonly node: number;
  readonly shallow: number;
  readonly retained: number;
  /** Name of the property or variable by which the object nearest to a root refers to it; '' where there is none. Raw. */
  readonly heldAs: string;
}

/** What one object below holds as good as alone is told of that one. */
const NEARLY_ALL = 0.9;
/** ... but of a list, of which each entry holds nearly all of what the one before it holds, the first one is told. */
const LITTLE = 0.5;

/** The objects that hold most, the largest first; without what V8 keeps for itself, and what only leads to another. */
export function largestObjects(graph: HeapGraph, analysis: HeapAnalysis, limit: number): LargeObject[] {
  const { nodeCount, nodeType, nodeTypes, nodeName } = graph;
  const { retainedSize, shallowSize, dominated, dominator } = analysis;
  const synthetic = codeOf(nodeTypes, 'synthetic');
  const isInternal = isInternalNode(graph);
  const isObject = (node: number): boolean => nodeType[node] !== synthetic && !isInternal(node);
  /** From one promise of a chain to the next leads what V8 keeps of it. */
  const hidden = codeOf(nodeTypes, 'hidden');
  const isNearlyAllOf = (below: number, node: number): boolean =>
    retainedSize[below]! > retainedSize[node]! * NEARLY_ALL;
  const found: number[] = [];
  let least = 0;
  for (let node = 0; node < nodeCount; node++) {
    if (retainedSize[node]! <= least || !isObject(node)) continue;
    const told = toldOf(node);
    if (told < 0) continue;
    found.push(told);
    if (found.length < 4 * limit) continue;
    keepLargest();
    least = retainedSize[found.at(-1)!]!;
  }
  keepLargest();
  const names = namesOf(graph, analysis, found);
  return found.map((node, i) => ({
    node,
    shallow: shallowSize[node]!,
    retained: retainedSize[node]!,
    heldAs: names[i]!,
  }));

  function keepLargest(): void {
    found.sort((a, b) => retainedSize[b]! - retainedSize[a]! || a - b);
    found.length = Math.min(found.length, limit);
  }

  /** The object itself, the first entry of a list that it leads to, or -1 where it only leads to another. */
  function toldOf(node: number): number {
    const next = mainPart(node);
    if (next < 0) return node;
    let above = dominator[node]!;
    while (nodeType[above] === hidden && above !== graph.root) above = dominator[above]!;
    // Each chain is gone through once, from its first object
    if (node !== graph.root && isObject(above) && isNearlyAllOf(node, above)) return -1;
    const chain = [node];
    for (let at = next; at >= 0; at = mainPart(at)) chain.push(at);
    return retainedSize[chain.at(-1)!]! < retainedSize[node]! * LITTLE ? firstOfMost(chain) : -1;
  }

  /** What of an object's parts holds nearly all; -1 where none does. */
  function mainPart(node: number): number {
    for (let at = node; ; ) {
      let below = -1;
      for (let row = dominated.first[at]!; row < dominated.first[at + 1]! && below < 0; row++) {
        if (isNearlyAllOf(dominated.node[row]!, node)) below = dominated.node[row]!;
      }
      if (below < 0 || !isInternal(below)) return below;
      if (nodeType[below] !== hidden) return -1;
      at = below;
    }
  }

  /** The first object of the kind that a list has most of: its entries. */
  function firstOfMost(chain: readonly number[]): number {
    const counts = new Map<number, { readonly first: number; count: number }>();
    for (const node of chain) {
      const same = counts.get(nodeName[node]!);
      if (same === undefined) counts.set(nodeName[node]!, { first: node, count: 1 });
      else same.count++;
    }
    return [...counts.values()].reduce((most, one) => (one.count > most.count ? one : most)).first;
  }
}

/** Goes through all references once: who refers to what is not worked out for a few objects. */
function namesOf(graph: HeapGraph, { distance }: HeapAnalysis, nodes: readonly number[]): string[] {
  const { nodeCount, firstEdge, edgeTo, edgeType, edgeTypes } = graph;
  const property = codeOf(edgeTypes, 'property');
  const context = codeOf(edgeTypes, 'context');
  const wanted = new Uint8Array(nodeCount);
  for (const node of nodes) wanted[node] = 1;
  const best = new Map<number, { readonly edge: number; readonly distance: number }>();
  for (let from = 0; from < nodeCount; from++) {
    const end = firstEdge[from + 1]!;
    for (let edge = firstEdge[from]!; edge < end; edge++) {
      const to = edgeTo[edge]!;
      if (wanted[to] === 0 || (edgeType[edge] !== property && edgeType[edge] !== context)) continue;
      if (distance[from]! >= 0 && distance[from]! < (best.get(to)?.distance ?? Number.POSITIVE_INFINITY)) {
        best.set(to, { edge, distance: distance[from]! });
      }
    }
  }
  return nodes.map((node) => (best.has(node) ? edgeLabel(graph, best.get(node)!.edge) : ''));
}

/** Bytes and objects by what V8 makes them of. */
export interface TypeTotals {
  /** `object`, `string`, `closure`...: strings of all kinds are one. */
  readonly type: string;
  readonly count: number;
  readonly shallow: number;
}

/** The most bytes first. Bytes are those of the objects as the file has them: what arrays and Maps consist of is `array`. */
export function typeTotals({ nodeCount, nodeType, nodeTypes, selfSize }: HeapGraph): TypeTotals[] {
  const types = [...new Set(nodeTypes.map(typeName))];
  const row = nodeTypes.map((type) => types.indexOf(typeName(type)));
  const sums = types.map((type) => ({ type, count: 0, shallow: 0 }));
  for (let node = 0; node < nodeCount; node++) {
    const sum = sums[row[nodeType[node]!]!]!;
    sum.count++;
    sum.shallow += selfSize[node]!;
  }
  return sums.filter(({ count }) => count > 0).sort((a, b) => b.shallow - a.shallow);
}

function typeName(type: string): string {
  return type.endsWith(' string') ? 'string' : type;
}
