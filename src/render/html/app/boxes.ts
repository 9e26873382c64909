import type { CallTree } from '../../../profile/call-tree.ts';

/** Frames narrower than this (px) are put together with their neighbours. */
const LEAST_WIDTH = 0.6;

/** What of a call tree is seen through a window, in px. */
export interface Boxes {
  readonly length: number;
  /** The node of the tree; -1 = several that are too narrow. */
  readonly node: Int32Array;
  readonly x: Float64Array;
  readonly width: Float64Array;
  /** 0 for the tree's roots. */
  readonly row: Int32Array;
  /** One more than the largest row. */
  readonly rows: number;
}

/** A part of the whole weight, from its left edge on. */
export interface Window {
  readonly from: number;
  readonly weight: number;
}

/** Of each node the first one that is not below it: the tree stands in preorder. */
export function subtreeEnds({ length, parent }: Pick<CallTree, 'length' | 'parent'>): Int32Array {
  const end = new Int32Array(length);
  for (let node = length - 1; node >= 0; node--) {
    if (end[node] === 0) end[node] = node + 1;
    const above = parent[node]!;
    if (above >= 0 && end[above]! < end[node]!) end[above] = end[node]!;
  }
  return end;
}

/** Lays out what a window of some px shows. Takes time by what is seen, not by what there is. */
export function layOut(tree: CallTree, end: Int32Array, window: Window, pixels: number): Boxes {
  const scale = window.weight > 0 ? pixels / window.weight : 0;
  const until = window.from + window.weight;
  const node: number[] = [];
  const x: number[] = [];
  const width: number[] = [];
  const row: number[] = [];
  // The last box of each row that stands for narrow frames
  const narrow: number[] = [];
  let rows = 0;
  for (let at = 0; at < tree.length; ) {
    const start = tree.start[at]!;
    const stop = start + tree.total[at]!;
    // What weighs nothing here does so in another view of the tree
    if (stop <= window.from || start >= until || tree.total[at] === 0) {
      at = end[at]!;
      continue;
    }
    const left = Math.max(0, (start - window.from) * scale);
    const right = Math.min(pixels, (stop - window.from) * scale);
    const depth = tree.depth[at]!;
    if (depth >= rows) rows = depth + 1;
    if (right - left >= LEAST_WIDTH) {
      node.push(at);
      x.push(left);
      width.push(right - left);
      row.push(depth);
      at++;
      continue;
    }
    const last = narrow[depth];
    if (last !== undefined && left - (x[last]! + width[last]!) < LEAST_WIDTH) width[last] = right - x[last]!;
    else {
      narrow[depth] = node.length;
      node.push(-1);
      x.push(left);
      width.push(right - left);
      row.push(depth);
    }
    at = end[at]!;
  }
  return {
    length: node.length,
    node: Int32Array.from(node),
    x: Float64Array.from(x),
    width: Float64Array.from(width),
    row: Int32Array.from(row),
    rows,
  };
}
