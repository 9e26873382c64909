import { distances, EXPECTED_ROOT_EDGES } from './distances.ts';
import { dominatorTree } from './dominator-tree.ts';
import { essentialEdges } from './essential-edges.ts';
import type { HeapGraph } from './graph.ts';
import { type Dominated, dominatedNodes, type Retainers, retainersOf } from './retainers.ts';
import { Scratch } from './scratch.ts';
import { shallowSizes } from './shallow-sizes.ts';
import { ephemeronNames } from './weak-maps.ts';

/** What follows from a graph, with the numbers of DevTools. Columns by the ordinal of a node. */
export interface HeapAnalysis {
  /** The node without which this one would be garbage: its immediate dominator. The root's is itself. */
  readonly dominator: Uint32Array;
  /** Bytes that would be free if the node were: its own and of all that it dominates. */
  readonly retainedSize: Float64Array;
  /** References from the global objects; from {@link SYSTEM_DISTANCE} on: from the root alone; -5: nothing leads to it. */
  readonly distance: Int32Array;
  /** Bytes of the object with what is its alone: what DevTools calls shallow size. */
  readonly shallowSize: Uint32Array | Float64Array;
  /** Who refers to a node. Worked out when it is first asked for. */
  readonly retainers: Retainers;
  /** Which nodes a node dominates immediately. Worked out when it is first asked for. */
  readonly dominated: Dominated;
}

/** Dominators, retained sizes and distances of a heap, equal to those of DevTools. */
export function analyseHeap(graph: HeapGraph): HeapAnalysis {
  const ephemerons = ephemeronNames(graph);
  const scratch = new Scratch(graph.nodeCount + EXPECTED_ROOT_EDGES);
  const shallowSize = shallowSizes(graph, scratch);
  const distance = distances(graph, ephemerons, scratch);
  const essential = essentialEdges(graph, ephemerons, scratch);
  const { dominator, retainedSize } = dominatorTree(graph, essential, shallowSize, scratch);
  let retainers: Retainers | undefined;
  let dominated: Dominated | undefined;
  return {
    dominator,
    retainedSize,
    distance,
    shallowSize,
    get retainers() {
      retainers ??= retainersOf(graph);
      return retainers;
    },
    get dominated() {
      dominated ??= dominatedNodes(dominator, graph.root);
      return dominated;
    },
  };
}
