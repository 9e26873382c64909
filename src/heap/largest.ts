import type { HeapAnalysis } from './dominators.ts';
import { codeOf, edgeLabel, type HeapGraph } from './graph.ts';

/** An object without which much of the heap would be free. */
export interface LargeObject {
  readonly node: number;
  readonly shallow: number;
  readonly retained: number;
  /** Name of the property or variable by which the object above refers to it; '' where there is none. Raw. */
  readonly heldAs: string;
}

/** What one object below holds as good as alone is told of that one. */
const NEARLY_ALL = 0.9;

/** The objects that hold most, the largest first; without V8's own roots, and without those that only lead to another. */
export function largestObjects(graph: HeapGraph, analysis: HeapAnalysis, limit: number): LargeObject[] {
  const { nodeCount, nodeType, nodeTypes } = graph;
  const { retainedSize, shallowSize, dominated } = analysis;
  const synthetic = codeOf(nodeTypes, 'synthetic');
  const found: number[] = [];
  let least = 0;
  for (let node = 0; node < nodeCount; node++) {
    const retained = retainedSize[node]!;
    if (retained <= least || nodeType[node] === synthetic || leadsOn(node)) continue;
    found.push(node);
    if (found.length < 4 * limit) continue;
    keepLargest();
    least = retainedSize[found.at(-1)!]!;
  }
  keepLargest();
  return found.map((node) => ({
    node,
    shallow: shallowSize[node]!,
    retained: retainedSize[node]!,
    heldAs: nameIn(graph, analysis.dominator[node]!, node),
  }));

  function keepLargest(): void {
    found.sort((a, b) => retainedSize[b]! - retainedSize[a]! || a - b);
    found.length = Math.min(found.length, limit);
  }

  function leadsOn(node: number): boolean {
    for (let row = dominated.first[node]!; row < dominated.first[node + 1]!; row++) {
      if (retainedSize[dominated.node[row]!]! > retainedSize[node]! * NEARLY_ALL) return true;
    }
    return false;
  }
}

function nameIn(graph: HeapGraph, from: number, to: number): string {
  for (let edge = graph.firstEdge[from]!; edge < graph.firstEdge[from + 1]!; edge++) {
    if (graph.edgeTo[edge] !== to) continue;
    const type = graph.edgeTypes[graph.edgeType[edge]!];
    if (type === 'property' || type === 'context') return edgeLabel(graph, edge);
  }
  return '';
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
