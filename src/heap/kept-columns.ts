import type { HeapClasses } from './classes.ts';
import type { HeapAnalysis } from './dominators.ts';
import type { HeapGraph } from './graph.ts';
import { rowsById } from './id-order.ts';
import { isInternalNode } from './retaining-path.ts';

/** What comparisons need of a snapshot; the rest, references and texts above all, can be forgotten. Columns by node. */
export interface KeptColumns {
  /** How messages and tables call it. */
  readonly name: string;
  readonly id: Uint32Array | Float64Array;
  readonly dominator: Uint32Array;
  readonly root: number;
  /** Bytes, after what V8 keeps for an object went to its owner. */
  readonly shallowSize: Uint32Array | Float64Array;
  readonly retainedSize: Float64Array;
  /** Row of `classNames` and `classKeys`. */
  readonly classOf: Uint32Array;
  /** What tells classes of one name apart (their place); the same in all snapshots of a process. */
  readonly classKeys: readonly string[];
  readonly classNames: readonly string[];
  /** 1 where it is an arrangement of V8's own, as the table of a Map. */
  readonly internal: Uint8Array;
  /** Nodes in the order of their ids. */
  readonly byId: Uint32Array;
  /** Bytes of all objects. */
  readonly totalSize: number;
}

/** @param name how messages and tables call the snapshot */
export function keptColumns(
  name: string,
  graph: HeapGraph,
  analysis: HeapAnalysis,
  { classOf, keys: classKeys, names: classNames }: HeapClasses,
): KeptColumns {
  const isInternal = isInternalNode(graph);
  const internal = new Uint8Array(graph.nodeCount);
  let totalSize = 0;
  for (let node = 0; node < graph.nodeCount; node++) {
    if (isInternal(node)) internal[node] = 1;
    totalSize += analysis.shallowSize[node]!;
  }
  const { dominator, shallowSize, retainedSize } = analysis;
  const { nodeId: id, root } = graph;
  return {
    ...{ name, id, dominator, root, shallowSize, retainedSize, classOf, classKeys, classNames, internal, totalSize },
    byId: rowsById(id),
  };
}
