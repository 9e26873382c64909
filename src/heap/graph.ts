import type { HeapStrings } from './strings.ts';

/**
 * A V8 heap snapshot as columns: objects are nodes with ordinals 0..nodeCount-1, references are edges, those of a node
 * stand one behind the other. Types are numbers whose names the file gives, as every version of V8 has others: ask
 * {@link codeOf} for the number of a name.
 */
export interface HeapGraph {
  readonly nodeCount: number;
  readonly edgeCount: number;
  /** Ordinal of the node that everything hangs on. */
  readonly root: number;
  /** What the numbers in `nodeType` mean: hidden array string object code closure regexp number native synthetic ... */
  readonly nodeTypes: readonly string[];
  /** What the numbers in `edgeType` mean: context element property internal hidden shortcut weak. */
  readonly edgeTypes: readonly string[];

  readonly nodeType: Uint8Array;
  /** Index of the name in `strings`. Names of detached DOM nodes begin with `Detached `, as DevTools shows them. */
  readonly nodeName: Uint32Array;
  /** What stays the same over the snapshots of one process; those of JavaScript objects are odd. */
  readonly nodeId: Uint32Array | Float64Array;
  /** Bytes of the object itself, as the file has them. */
  readonly selfSize: Uint32Array | Float64Array;
  /** Whether a DOM node is in the document: one of {@link DETACHEDNESS}. */
  readonly detachedness: Uint8Array;
  /** Id of the node of {@link HeapTraces} that allocated it; 0 = unknown. Undefined where none was tracked. */
  readonly traceNode: Uint32Array | undefined;

  /** nodeCount + 1 long: the edges of node n are firstEdge[n] up to, without, firstEdge[n + 1]. */
  readonly firstEdge: Uint32Array;
  readonly edgeType: Uint8Array;
  /** Index of the name in `strings`; of elements and hidden edges the number that is the name. See {@link edgeLabel}. */
  readonly edgeName: Uint32Array;
  /** Ordinal of the node that is referred to. */
  readonly edgeTo: Uint32Array;

  readonly strings: HeapStrings;
  readonly locations: HeapLocations;
  /** Who allocated what; undefined where the snapshot was taken without tracking of allocations. */
  readonly traces: HeapTraces | undefined;
  /** When which objects came; undefined where they were not tracked over time. */
  readonly samples: HeapSamples | undefined;
  /** Bytes outside of V8's heap that newer versions tell of, in no node; 0 where they do not. */
  readonly extraNativeBytes: number;
}

/** Values of `detachedness`; others are no DOM nodes. */
export const DETACHEDNESS = { unknown: 0, attached: 1, detached: 2 } as const;

/** Where functions, and constructors of objects, stand in their scripts. Rows in ascending order of `node`, each once. */
export interface HeapLocations {
  readonly node: Uint32Array;
  readonly scriptId: Uint32Array;
  /** From 0. */
  readonly line: Uint32Array;
  /** From 0. */
  readonly column: Uint32Array;
}

/** The calls that allocated, as a tree of callers: a row comes behind its caller's. */
export interface HeapTraces {
  readonly id: Uint32Array;
  /** Row of `functions`. */
  readonly functionInfo: Uint32Array;
  /** Row of the caller; -1 = none. */
  readonly parent: Int32Array;
  /** Objects that were allocated, whether they still live or not. */
  readonly count: Float64Array;
  /** Their bytes. */
  readonly size: Float64Array;
  readonly functions: TraceFunctions;
}

/** Functions of {@link HeapTraces}. */
interface TraceFunctions {
  /** Index in `strings`. */
  readonly name: Uint32Array;
  /** Index in `strings` of the script's address or path. */
  readonly scriptName: Uint32Array;
  readonly scriptId: Uint32Array;
  /** From 1; 0 = unknown. */
  readonly line: Uint32Array;
  /** From 1; 0 = unknown. */
  readonly column: Uint32Array;
}

/** Objects with an id up to `lastId`, and above that of the row before, came until then. */
export interface HeapSamples {
  /** Microseconds since tracking began. */
  readonly timestamp: Float64Array;
  readonly lastId: Float64Array;
}

/** The number that stands for a type; -1, which no column holds, where this snapshot has none of it. */
export function codeOf(types: readonly string[], name: string): number {
  return types.indexOf(name);
}

/** Whether the names of edges of a type are numbers. */
export function namesAreNumbers(edgeType: string): boolean {
  return edgeType === 'element' || edgeType === 'hidden';
}

/** The name of an edge: of a property or variable, or the index of an element. */
export function edgeLabel(graph: HeapGraph, edge: number): string {
  const name = graph.edgeName[edge]!;
  return namesAreNumbers(graph.edgeTypes[graph.edgeType[edge]!]!) ? String(name) : graph.strings.text(name);
}

/** Row of a node's location; -1 where it has none. */
export function locationRow(locations: HeapLocations, node: number): number {
  let low = 0;
  let high = locations.node.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (locations.node[middle]! < node) low = middle + 1;
    else high = middle;
  }
  return locations.node[low] === node ? low : -1;
}
