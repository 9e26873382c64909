/** The lines of folded text: weights summed by root and stack, stacks written out as sequences of labels. */

import { sortLines } from './line-printer.ts';
import { alloc, f64At, i32At, setF64, setI32, setU8, toF64, u8At } from './memory.ts';
import { sortSequences } from './sequences.ts';
import { sumCount, sumRow } from './sums.ts';
import { expand, stackDepths } from './tree.ts';

/** Sequences may hold so many labels in all. */
const LONGEST: i32 = 0x0fffffff;

/**
 * Sums, sorts: everything but printing.
 * @param tree columns of the tree, `nodes` long: the node above (-1 for a root), then the label
 * @param samples columns, `count` long: node (-1 for none), then root (0 for none)
 * @param rootLabel of each root its label; that of root 0 is for samples without a node and a root
 * @param values `width` columns of f64, `count` long
 * @returns how many lines there are at most; -1 where they are too long or there is no memory left
 */
export function sumLines(
  tree: i32,
  nodes: i32,
  samples: i32,
  count: i32,
  rootLabel: i32,
  roots: i32,
  values: i32,
  width: i32,
): i32 {
  const byRoot = samplesByRoot(samples + count * 4, count, roots);
  const sums = alloc((nodes + 1) * 8 * width);
  const touched = alloc(nodes + 1);
  const depths = alloc(nodes * 4 + 4);
  if (byRoot === 0 || depths === 0) return -1;
  for (let node = 0; node < nodes; node++) {
    const above = i32At(tree + node * 4);
    setI32(depths + node * 4, above < 0 ? 1 : i32At(depths + above * 4) + 1);
  }
  const rows = countRows(samples, count, byRoot, touched);
  const rowNode = alloc(rows * 4 + 4);
  const rowRoot = alloc(rows * 4 + 4);
  const start = alloc(rows * 4 + 4);
  const counts = alloc(rows * 8 * width + 8);
  if (counts === 0) return -1;
  let lines = 0;
  for (let from = 0; from < count; ) {
    const root = i32At(samples + (count + i32At(byRoot + from * 4)) * 4);
    let to = from;
    const first = lines;
    for (; to < count; to++) {
      const sample = i32At(byRoot + to * 4);
      if (i32At(samples + (count + sample) * 4) !== root) break;
      const node = i32At(samples + sample * 4);
      if (u8At(touched + node + 1) === 0) {
        setU8(touched + node + 1, 1);
        setI32(rowNode + lines * 4, node);
        setI32(rowRoot + lines * 4, root);
        lines++;
      }
      for (let i = 0; i < width; i++) {
        const sum = sums + ((node + 1) * width + i) * 8;
        setF64(sum, f64At(sum) + f64At(values + (i * count + sample) * 8));
      }
    }
    for (let row = first; row < lines; row++) {
      const node = i32At(rowNode + row * 4);
      setU8(touched + node + 1, 0);
      for (let i = 0; i < width; i++) {
        const sum = sums + ((node + 1) * width + i) * 8;
        setF64(counts + (row * width + i) * 8, f64At(sum));
        setF64(sum, 0);
      }
      const size = (node < 0 ? 0 : i32At(depths + node * 4)) + (root > 0 || node < 0 ? 1 : 0);
      const end = i32At(start + row * 4) + size;
      if (end > LONGEST) return -1;
      setI32(start + row * 4 + 4, end);
    }
    from = to;
  }
  const sequences = alloc(i32At(start + lines * 4) * 4 + 4);
  if (sequences === 0) return -1;
  for (let row = 0; row < lines; row++) {
    const root = i32At(rowRoot + row * 4);
    let node = i32At(rowNode + row * 4);
    if (root > 0 || node < 0) setI32(sequences + i32At(start + row * 4) * 4, i32At(rootLabel + root * 4));
    for (let at = i32At(start + row * 4 + 4) - 1; node >= 0; at--) {
      setI32(sequences + at * 4, i32At(tree + (nodes + node) * 4));
      node = i32At(tree + node * 4);
    }
  }
  return sortLines(sequences, start, lines, counts, width);
}

/** The samples, those of one root together (a counting sort); 0 where there is no memory left. */
function samplesByRoot(root: i32, count: i32, roots: i32): i32 {
  const end = alloc(roots * 4 + 8);
  const sorted = alloc(count * 4 + 4);
  if (sorted === 0) return 0;
  for (let i = 0; i < count; i++) {
    const at = end + i32At(root + i * 4) * 4 + 4;
    setI32(at, i32At(at) + 1);
  }
  for (let i = 1; i <= roots; i++) setI32(end + i * 4, i32At(end + i * 4) + i32At(end + i * 4 - 4));
  for (let i = 0; i < count; i++) {
    const at = end + i32At(root + i * 4) * 4;
    setI32(sorted + i32At(at) * 4, i);
    setI32(at, i32At(at) + 1);
  }
  return sorted;
}

/** How many different pairs of root and node the samples have. */
function countRows(samples: i32, count: i32, byRoot: i32, touched: i32): i32 {
  let rows = 0;
  for (let from = 0; from < count; ) {
    const root = i32At(samples + (count + i32At(byRoot + from * 4)) * 4);
    let to = from;
    for (; to < count; to++) {
      const sample = i32At(byRoot + to * 4);
      if (i32At(samples + (count + sample) * 4) !== root) break;
      const mark = touched + i32At(samples + sample * 4) + 1;
      if (u8At(mark) === 0) rows++;
      setU8(mark, 1);
    }
    for (let i = from; i < to; i++) setU8(touched + i32At(samples + i32At(byRoot + i * 4) * 4) + 1, 0);
    from = to;
  }
  return rows;
}

let sequences: i32 = 0;
let start: i32 = 0;
let counts: i32 = 0;
let lines: i32 = 0;
let rooted: i32 = 0;
let rowOf: i32 = 0;
let total: f64 = 0;
let bare: f64 = 0;

/** All weight of the lines. */
export function sumTotal(): f64 {
  return total;
}

/** What `layStacks` made: the labels of all lines, where those of each start, its weight (f64), whether it has a root (a byte). */
export function lineLabels(): i32 {
  return sequences;
}

export function lineStarts(): i32 {
  return start;
}

export function lineWeights(): i32 {
  return counts;
}

export function lineRooted(): i32 {
  return rooted;
}

/** Of each line the address of the sum that it is of, see `sumRow`. */
export function lineRows(): i32 {
  return rowOf;
}

/** The lines in the order of their labels; 0 where there is no memory left. */
export function sortedLines(): i32 {
  return sortSequences(sequences, start, lines);
}

/** Weight of samples without a thread and a stack, where those are no line. */
export function bareWeight(): f64 {
  return bare;
}

/**
 * The same for samples that were summed while they were read.
 * @returns as `sumLines`; parameters as {@link layStacks}
 */
export function sumStacks(symbolStart: i32, symbolLabels: i32, rootLabel: i32, event: i32): i32 {
  const count = layStacks(symbolStart, symbolLabels, rootLabel, event);
  return count < 0 ? -1 : sortLines(sequences, start, count, counts, 1);
}

/**
 * Lines of samples that were summed while they were read, not sorted, perhaps several with the same labels.
 * @param symbolStart where the labels of each symbol start in `symbolLabels`, and at last the end
 * @param symbolLabels of each symbol's frames, root first
 * @param rootLabel of each thread + 1 its label; the first is for samples without a thread and a stack, -1: they are no line.
 *   0 = lines have no roots, and no labels where there is no stack
 * @param event whose weights are wanted; -2 = the number of samples, of whatever event
 * @returns how many lines; -1 where they are too long or there is no memory left
 */
export function layStacks(symbolStart: i32, symbolLabels: i32, rootLabel: i32, event: i32): i32 {
  const depth = stackDepths(symbolStart);
  const rows = sumCount();
  rowOf = alloc(rows * 4 + 4);
  start = alloc(rows * 4 + 4);
  rooted = alloc(rows + 1);
  counts = alloc(rows * 8 + 8);
  if (depth === 0 || counts === 0) return -1;
  lines = 0;
  total = 0;
  bare = 0;
  for (let i = 0; i < rows; i++) {
    const row = sumRow(i);
    if (event !== -2 && i32At(row + 8) !== event) continue;
    const stack = i32At(row);
    const weight = event === -2 ? toF64(i32At(row + 12)) : f64At(row + 16);
    total += weight;
    if (rootLabel !== 0 && stack < 0 && i32At(row + 4) < 0 && i32At(rootLabel) < 0) {
      bare += weight;
      continue;
    }
    const root = rootLabel !== 0 && (i32At(row + 4) >= 0 || stack < 0) ? 1 : 0;
    const end = i32At(start + lines * 4) + (stack < 0 ? 0 : i32At(depth + stack * 4)) + root;
    if (end > LONGEST) return -1;
    setI32(rowOf + lines * 4, row);
    setU8(rooted + lines, root);
    setF64(counts + lines * 8, weight);
    lines++;
    setI32(start + lines * 4, end);
  }
  sequences = alloc(i32At(start + lines * 4) * 4 + 4);
  if (sequences === 0) return -1;
  for (let line = 0; line < lines; line++) {
    const row = i32At(rowOf + line * 4);
    expand(i32At(row), sequences + i32At(start + line * 4 + 4) * 4, symbolStart, symbolLabels);
    if (u8At(rooted + line) !== 0) {
      setI32(sequences + i32At(start + line * 4) * 4, i32At(rootLabel + i32At(row + 4) * 4 + 4));
    }
  }
  return lines;
}
