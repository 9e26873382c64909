import { PairInterner } from '../profile/columns.ts';
import type { HeapClasses } from './classes.ts';
import type { HeapAnalysis } from './dominators.ts';
import { codeOf, type HeapGraph } from './graph.ts';
import { isInternalNode } from './retaining-path.ts';

/**
 * The dominator tree, with objects of one class that hang on one object put together, and what hangs on those too. A
 * group comes behind the one above it. All columns by group.
 */
export interface DominatorGroups {
  readonly length: number;
  /** -1 for the root. */
  readonly parent: Int32Array;
  /** Objects put together. */
  readonly count: Float64Array;
  /** Bytes of the objects themselves. */
  readonly shallow: Float64Array;
  /** Bytes of them and of all that hangs on them. */
  readonly retained: Float64Array;
  /** The object that holds most. */
  readonly node: Uint32Array;
  /** Property or variable by which a large object hangs on the one above: index in the snapshot's strings; -1 = none. */
  readonly edgeName: Int32Array;
}

/** Parts of the heap above this share stand alone under the name of their property. */
const SHARE_TO_NAME = 0.001;
/** Below this depth what hangs on a group is put together with it: a list of a million is as deep. */
const MOST_DEPTH = 200;

const BY_CLASS = 0;
const BY_FUNCTION = 1;
const BY_PROPERTY = 2;

/** Puts the objects of a snapshot together; objects that nothing holds hang on the root. */
export function dominatorGroups(graph: HeapGraph, analysis: HeapAnalysis, classes: HeapClasses): DominatorGroups {
  const { nodeCount, root, nodeType, nodeTypes, nodeName } = graph;
  const { dominator, retainedSize, shallowSize } = analysis;
  const { classOf } = classes;
  const closure = codeOf(nodeTypes, 'closure');
  const synthetic = codeOf(nodeTypes, 'synthetic');
  const isOwner = (node: number): boolean => nodeType[node] !== synthetic && (!isInternal(node) || isPart[node] === 1);
  const least = Math.max(1, retainedSize[root]! * SHARE_TO_NAME);
  const names = new PairInterner();
  const labels = new PairInterner();
  const groups = new PairInterner();
  const depth: number[] = [];
  const groupOf = new Int32Array(nodeCount).fill(-1);
  const isInternal = isInternalNode(graph);
  /** 1 where it is told as a part of its owner: the table of a Map, the elements of an array. */
  const isPart = new Uint8Array(nodeCount);
  for (const node of outermostFirst(analysis, root)) {
    const above = node === root ? -1 : groupOf[dominator[node]!]!;
    if (node !== root && isInternal(node) && isOwner(dominator[node]!)) {
      isPart[node] = 1;
      groupOf[node] = above;
      continue;
    }
    const name = node !== root && retainedSize[node]! >= least ? namedBy(graph, dominator[node]!, node) : -1;
    const [way, word] =
      name >= 0
        ? ([BY_PROPERTY, name] as const)
        : nodeType[node] === closure
          ? ([BY_FUNCTION, nodeName[node]!] as const)
          : ([BY_CLASS, classOf[node]!] as const);
    const label = names.intern(way, word);
    const full = labels.intern(label, classOf[node]!);
    // A list is one group, however long
    const recurs = above >= 0 && groups.second.at(above) === full;
    const group = recurs || (above >= 0 && depth[above]! >= MOST_DEPTH) ? above : groups.intern(above, full);
    if (group === depth.length) depth.push(above < 0 ? 0 : depth[above]! + 1);
    groupOf[node] = group;
  }
  const { length } = groups;
  const parent = groups.first.toArray();
  const count = new Float64Array(length);
  const shallow = new Float64Array(length);
  const retained = new Float64Array(length);
  const sample = new Uint32Array(length);
  const edgeName = new Int32Array(length).fill(-1);
  for (let node = 0; node < nodeCount; node++) {
    const group = groupOf[node]!;
    if (group < 0) continue;
    const isLarger = count[group] === 0 || retainedSize[node]! > retainedSize[sample[group]!]!;
    if (isLarger && isPart[node] === 0) sample[group] = node;
    shallow[group]! += shallowSize[node]!;
    if (isPart[node] === 0) count[group]!++;
  }
  for (let group = length - 1; group >= 0; group--) {
    retained[group]! += shallow[group]!;
    if (parent[group]! >= 0) retained[parent[group]!]! += retained[group]!;
    const name = labels.first.at(groups.second.at(group));
    if (names.first.at(name) === BY_PROPERTY) edgeName[group] = names.second.at(name);
  }
  return { length, parent, count, shallow, retained, node: sample, edgeName };
}

/** Nodes in an order in which each comes behind the one that dominates it. */
function outermostFirst({ dominator, dominated }: HeapAnalysis, root: number): Uint32Array {
  const order = new Uint32Array(dominator.length);
  order[0] = root;
  let length = 1;
  for (let at = 0; at < length; at++) {
    const node = order[at]!;
    for (let row = dominated.first[node]!; row < dominated.first[node + 1]!; row++)
      order[length++] = dominated.node[row]!;
  }
  return order;
}

/** Index of the name of the property or variable by which one object refers to another; -1 where it does not. */
function namedBy({ firstEdge, edgeTo, edgeType, edgeTypes, edgeName }: HeapGraph, from: number, to: number): number {
  const property = codeOf(edgeTypes, 'property');
  const context = codeOf(edgeTypes, 'context');
  for (let edge = firstEdge[from]!; edge < firstEdge[from + 1]!; edge++) {
    if (edgeTo[edge] === to && (edgeType[edge] === property || edgeType[edge] === context)) return edgeName[edge]!;
  }
  return -1;
}
