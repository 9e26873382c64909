import { codeOf, DETACHEDNESS, type HeapGraph } from './graph.ts';

const { unknown, attached, detached } = DETACHEDNESS;

/**
 * Spreads over native nodes whether they are in the document, in place: what hangs on an attached node is attached, what
 * hangs on a detached one and on no attached one is detached, and is named `Detached <...>`. As DevTools does it
 * (`HeapSnapshot.propagateDOMState`). JavaScript objects are not crossed: every way into the embedder has its own state.
 *
 * @param known whether the snapshot tells the state; older ones tell it by names alone
 */
export function propagateDetachedness(graph: HeapGraph, known: boolean): void {
  const { nodeCount, nodeType, nodeName, detachedness: state, firstEdge, edgeTo, edgeType, strings } = graph;
  const native = codeOf(graph.nodeTypes, 'native');
  if (!known) {
    const names = new Set(strings.containing('Detached ').filter((name) => strings.text(name).startsWith('Detached ')));
    if (names.size === 0) return;
    for (let node = 0; node < nodeCount; node++) {
      if (nodeType[node] === native && names.has(nodeName[node]!)) state[node] = detached;
    }
    return;
  }
  const crossed = Uint8Array.from(graph.edgeTypes, (type) => (type === 'hidden' || type === 'weak' ? 0 : 1));
  const visited = new Uint8Array(nodeCount);
  const inDocument: number[] = [];
  const outside: number[] = [];
  const detachedName = new Map<number, number>();
  const visit = (node: number, to: number): void => {
    if (visited[node] === 1) return;
    visited[node] = 1;
    if (nodeType[node] !== native) return;
    state[node] = to;
    if (to === attached) inDocument.push(node);
    if (to !== detached) return;
    const old = nodeName[node]!;
    let name = detachedName.get(old);
    if (name === undefined) {
      name = strings.add(`Detached ${strings.text(old)}`, old);
      detachedName.set(old, name);
    }
    nodeName[node] = name;
    outside.push(node);
  };
  const spread = (from: number, to: number): void => {
    const end = firstEdge[from + 1]!;
    for (let edge = firstEdge[from]!; edge < end; edge++) {
      if (crossed[edgeType[edge]!] === 1) visit(edgeTo[edge]!, to);
    }
  };
  for (let node = 0; node < nodeCount; node++) if (state[node] !== unknown) visit(node, state[node]! & 3);
  for (let node = inDocument.pop(); node !== undefined; node = inDocument.pop()) spread(node, attached);
  for (let node = outside.pop(); node !== undefined; node = outside.pop()) {
    if (state[node] !== attached) spread(node, detached);
  }
}
