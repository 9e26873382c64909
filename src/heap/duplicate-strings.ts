import type { HeapAnalysis } from './dominators.ts';
import { codeOf, type HeapGraph } from './graph.ts';

/** A text that the heap has several times. */
export interface DuplicateString {
  /** Its beginning: V8 tells up to 1,024 characters. Raw. */
  readonly text: string;
  readonly count: number;
  /** Bytes of one. */
  readonly size: number;
  /** Bytes that would be free if there were one of them. */
  readonly wasted: number;
  /** One of them: the nearest to a root. */
  readonly node: number;
}

/**
 * Texts that are there more than once, the most wasted bytes first. Two strings are the same where both text and size
 * are, as V8 tells no more than the beginning of long ones. What is put together or cut out of others (ropes, slices) has
 * no text in a snapshot.
 * @param limit how many texts at most
 */
export function duplicateStrings(
  graph: HeapGraph,
  { distance }: HeapAnalysis,
  limit: number,
): { readonly texts: readonly DuplicateString[]; readonly distinct: number; readonly wasted: number } {
  const { nodeType, nodeTypes, nodeName, selfSize, strings, nodeCount } = graph;
  const string = codeOf(nodeTypes, 'string');
  /** The last node of each text so far, and before each node the one with its text before it; -1 = none. */
  const lastOf = new Int32Array(strings.count).fill(-1);
  const before = new Int32Array(nodeCount).fill(-1);
  for (let node = 0; node < nodeCount; node++) {
    if (nodeType[node] !== string) continue;
    before[node] = lastOf[nodeName[node]!]!;
    lastOf[nodeName[node]!] = node;
  }
  let wasted = 0;
  const found: Omit<DuplicateString, 'text'>[] = [];
  for (let text = 0; text < lastOf.length; text++) {
    const first = lastOf[text]!;
    if (first < 0 || before[first]! < 0) continue;
    const bySize = new Map<number, { count: number; node: number }>();
    for (let node = first; node >= 0; node = before[node]!) {
      const size = selfSize[node]!;
      const same = bySize.get(size);
      if (same === undefined) bySize.set(size, { count: 1, node });
      else {
        same.count++;
        if (distance[node]! <= distance[same.node]!) same.node = node;
      }
    }
    for (const [size, { count, node }] of bySize) {
      if (count === 1 || size === 0) continue;
      wasted += size * (count - 1);
      found.push({ count, size, wasted: size * (count - 1), node });
    }
  }
  found.sort((a, b) => b.wasted - a.wasted || a.node - b.node);
  const texts = found.slice(0, limit).map((one) => ({ ...one, text: strings.text(nodeName[one.node]!) }));
  return { texts, distinct: found.length, wasted };
}
