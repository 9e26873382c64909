import { jsKind } from '../profile/kind.ts';
import type { HeapClasses } from './classes.ts';
import { partCounter } from './collection-parts.ts';
import type { HeapAnalysis } from './dominators.ts';
import { duplicateStrings } from './duplicate-strings.ts';
import { codeOf, edgeLabel, type HeapGraph } from './graph.ts';
import { follower, objectWords } from './object-words.ts';
import { retainedByAll, retainedByLists } from './retained-sums.ts';

/** What stands out in one snapshot, by a rule; the rules are in docs/heap-snapshots.md. */
export interface HeapFinding {
  readonly kind:
    | 'detached-dom'
    | 'duplicate-strings'
    | 'listeners'
    | 'timers'
    | 'closures'
    | 'collections'
    | 'scopes'
    | 'buffers';
  /** Objects (of duplicates: strings). */
  readonly count: number;
  /** What would be free without them; of duplicate strings what would be free if each were there once. */
  readonly bytes: number;
  /** Of all bytes of the heap, 0 to 1. */
  readonly share: number;
  /** The largest first. */
  readonly examples: readonly FoundObject[];
}

export interface FoundObject {
  readonly node: number;
  /** How many such objects it stands for, or how many parts it has. */
  readonly count: number;
  readonly bytes: number;
  /** What is said of it beside its name: the event, the variable. Raw. */
  readonly detail?: string;
}

/** Less than this share of the heap is no news. */
const LEAST_SHARE = 0.005;
/** Node itself warns of more listeners for one event. */
const MOST_LISTENERS = 10;
const MANY_TIMERS = 100;
const MANY_CLOSURES = 100;
const MANY_PARTS = 1000;
const MOST_EXAMPLES = 5;

/** @returns the largest finding first; of those of one size the most telling */
export function heapFindings(graph: HeapGraph, analysis: HeapAnalysis, classes: HeapClasses): HeapFinding[] {
  const heap: Heap = { graph, analysis, classes, total: analysis.retainedSize[graph.root]! };
  const found = [
    detachedDom(heap),
    listeners(heap),
    timers(heap),
    closures(heap),
    duplicates(heap),
    buffers(heap),
    collections(heap),
    scopes(heap),
  ];
  return found.filter((finding) => finding !== undefined).sort((a, b) => b.bytes - a.bytes);
}

interface Heap {
  readonly graph: HeapGraph;
  readonly analysis: HeapAnalysis;
  readonly classes: HeapClasses;
  /** Bytes of all objects. */
  readonly total: number;
}

/** @param always tell it however small it is */
function finding(
  { total }: Heap,
  kind: HeapFinding['kind'],
  objects: readonly FoundObject[],
  sum: { readonly count: number; readonly bytes: number },
  always = false,
): HeapFinding | undefined {
  const share = total === 0 ? 0 : sum.bytes / total;
  if (sum.count === 0 || (share < LEAST_SHARE && !always)) return undefined;
  const examples = [...objects].sort((a, b) => b.bytes - a.bytes || a.node - b.node).slice(0, MOST_EXAMPLES);
  return { kind, ...sum, share, examples };
}

function summed(heap: Heap, kind: HeapFinding['kind'], objects: readonly FoundObject[], always = false) {
  const nodes = objects.map(({ node }) => node);
  const bytes = retainedByAll(heap.graph, heap.analysis, nodes);
  return finding(heap, kind, objects, { count: objects.length, bytes }, always);
}

/** Nodes of a page that is not shown, held by JavaScript, by class. Of node.js the name of an own object may be alike. */
function detachedDom(heap: Heap): HeapFinding | undefined {
  const { graph, analysis, classes } = heap;
  const native = codeOf(graph.nodeTypes, 'native');
  const isElement = classes.names.map((name) => /^Detached (?!Node \/)/.test(name));
  const byClass = new Map<number, number[]>();
  for (let node = 0; node < graph.nodeCount; node++) {
    const name = classes.classOf[node]!;
    if (graph.nodeType[node] !== native || !isElement[name]) continue;
    const same = byClass.get(name);
    if (same === undefined) byClass.set(name, [node]);
    else same.push(node);
  }
  const largest = (nodes: readonly number[]): number =>
    nodes.reduce((best, node) => (analysis.retainedSize[node]! > analysis.retainedSize[best]! ? node : best));
  const objects = [...byClass.values()].map((nodes) => ({
    node: largest(nodes),
    count: nodes.length,
    bytes: nodes.reduce((sum, node) => sum + analysis.shallowSize[node]!, 0),
  }));
  const all = [...byClass.values()].flat();
  return finding(
    heap,
    'detached-dom',
    objects,
    { count: all.length, bytes: retainedByAll(graph, analysis, all) },
    true,
  );
}

function duplicates(heap: Heap): HeapFinding | undefined {
  const { texts, distinct, wasted } = duplicateStrings(heap.graph, heap.analysis, MOST_EXAMPLES);
  const objects = texts.map(({ node, count, wasted: bytes }) => ({ node, count, bytes }));
  return finding(heap, 'duplicate-strings', objects, { count: distinct, bytes: wasted });
}

/** Emitters with more listeners for an event than node thinks right. */
function listeners(heap: Heap): HeapFinding | undefined {
  const { graph, analysis } = heap;
  const eventsOf = follower(graph, 'property', '_events');
  const object = codeOf(graph.nodeTypes, 'object');
  const property = codeOf(graph.edgeTypes, 'property');
  const objects: FoundObject[] = [];
  for (let emitter = 0; emitter < graph.nodeCount; emitter++) {
    if (graph.nodeType[emitter] !== object) continue;
    const events = eventsOf(emitter);
    if (events < 0 || graph.nodeType[events] !== object) continue;
    for (let edge = graph.firstEdge[events]!; edge < graph.firstEdge[events + 1]!; edge++) {
      const list = graph.edgeTo[edge]!;
      if (graph.edgeType[edge] !== property || graph.nodeType[list] !== object) continue;
      const count = functionsIn(graph, list);
      if (count <= MOST_LISTENERS) continue;
      objects.push({ node: emitter, count, bytes: analysis.retainedSize[list]!, detail: edgeLabel(graph, edge) });
    }
  }
  const count = objects.reduce((sum, one) => sum + one.count, 0);
  const bytes = objects.reduce((sum, one) => sum + one.bytes, 0);
  return finding(heap, 'listeners', objects, { count, bytes }, true);
}

function functionsIn(graph: HeapGraph, list: number): number {
  const element = codeOf(graph.edgeTypes, 'element');
  const closure = codeOf(graph.nodeTypes, 'closure');
  let count = 0;
  for (let edge = graph.firstEdge[list]!; edge < graph.firstEdge[list + 1]!; edge++) {
    if (graph.edgeType[edge] === element && graph.nodeType[graph.edgeTo[edge]!] === closure) count++;
  }
  return count;
}

/** Timers of node, by the function that they call. */
function timers(heap: Heap): HeapFinding | undefined {
  const { graph, analysis, classes } = heap;
  const calledBy = follower(graph, 'property', '_onTimeout');
  const names = ['Timeout', 'Immediate'].flatMap((name) => rowsOf(classes.names, name));
  const byFunction = new Map<number, number[]>();
  for (let node = 0; node < graph.nodeCount; node++) {
    if (!names.includes(classes.classOf[node]!)) continue;
    const called = calledBy(node);
    const key = called < 0 ? -1 : graph.nodeName[called]!;
    const same = byFunction.get(key);
    if (same === undefined) byFunction.set(key, [node]);
    else same.push(node);
  }
  const lists = [...byFunction.values()];
  const all = lists.flat();
  if (all.length < MANY_TIMERS) return undefined;
  const retained = retainedByLists(graph, analysis, lists);
  const objects = lists.map((nodes, i) => {
    const called = calledBy(nodes[0]!);
    return { node: called < 0 ? nodes[0]! : called, count: nodes.length, bytes: retained[i]! };
  });
  return finding(heap, 'timers', objects, { count: all.length, bytes: retainedByAll(graph, analysis, all) }, true);
}

function rowsOf(names: readonly string[], wanted: string): number[] {
  return names.flatMap((name, row) => (name === wanted ? [row] : []));
}

/** Functions that were made many times from one place, and are all still there; not those of node itself. */
function closures(heap: Heap): HeapFinding | undefined {
  const { graph, analysis } = heap;
  const closure = codeOf(graph.nodeTypes, 'closure');
  const sharedOf = follower(graph, 'internal', 'shared');
  const byCode = new Map<number, number[]>();
  for (let node = 0; node < graph.nodeCount; node++) {
    if (graph.nodeType[node] !== closure) continue;
    const shared = sharedOf(node);
    if (shared < 0) continue;
    const same = byCode.get(shared);
    if (same === undefined) byCode.set(shared, [node]);
    else same.push(node);
  }
  const words = objectWords(graph);
  const many = [...byCode.values()].filter(
    (nodes) => nodes.length >= MANY_CLOSURES && jsKind(words.place(nodes[0]!)) !== 'runtime',
  );
  if (many.length === 0) return undefined;
  const retained = retainedByLists(graph, analysis, many);
  const objects = many.map((nodes, i) => ({ node: nodes.at(-1)!, count: nodes.length, bytes: retained[i]! }));
  const all = many.flat();
  return finding(heap, 'closures', objects, { count: all.length, bytes: retainedByAll(graph, analysis, all) });
}

/** Arrays, Maps, Sets and objects used like them with many parts. */
function collections(heap: Heap): HeapFinding | undefined {
  const { graph, analysis, total } = heap;
  const object = codeOf(graph.nodeTypes, 'object');
  const partsOf = partCounter(graph);
  const objects: FoundObject[] = [];
  for (let node = 0; node < graph.nodeCount; node++) {
    const bytes = analysis.retainedSize[node]!;
    if (graph.nodeType[node] !== object || bytes < total * LEAST_SHARE) continue;
    const count = partsOf(node);
    if (count >= MANY_PARTS) objects.push({ node, count, bytes });
  }
  return summed(heap, 'collections', objects);
}

/** Scopes of functions that hold much through one variable, for as long as any function made in them lives. */
function scopes(heap: Heap): HeapFinding | undefined {
  const { graph, analysis, classes, total } = heap;
  const context = rowsOf(classes.names, 'system / Context');
  const variable = codeOf(graph.edgeTypes, 'context');
  const objects: FoundObject[] = [];
  for (let node = 0; node < graph.nodeCount; node++) {
    const bytes = analysis.retainedSize[node]!;
    if (bytes < total * LEAST_SHARE || !context.includes(classes.classOf[node]!)) continue;
    let largest = -1;
    for (let edge = graph.firstEdge[node]!; edge < graph.firstEdge[node + 1]!; edge++) {
      if (graph.edgeType[edge] !== variable || analysis.dominator[graph.edgeTo[edge]!] !== node) continue;
      if (largest < 0 || held(heap, edge) > held(heap, largest)) largest = edge;
    }
    if (largest < 0 || held(heap, largest) < total * LEAST_SHARE) continue;
    objects.push({ node, count: 1, bytes, detail: edgeLabel(graph, largest) });
  }
  return summed(heap, 'scopes', objects);
}

function held({ graph, analysis }: Heap, edge: number): number {
  return analysis.retainedSize[graph.edgeTo[edge]!]!;
}

/** Bytes of ArrayBuffers, which lie outside of V8's heap. */
function buffers(heap: Heap): HeapFinding | undefined {
  const { graph, analysis, classes } = heap;
  const rows = ['ArrayBuffer', 'SharedArrayBuffer'].flatMap((name) => rowsOf(classes.names, name));
  const objects: FoundObject[] = [];
  for (let node = 0; node < graph.nodeCount; node++) {
    if (rows.includes(classes.classOf[node]!)) objects.push({ node, count: 1, bytes: analysis.retainedSize[node]! });
  }
  return summed(heap, 'buffers', objects);
}
