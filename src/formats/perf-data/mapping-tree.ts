import type { PerfMapping } from './recording.ts';

/**
 * Mappings that do not overlap, by start, as a tree that is never changed: a later state shares what stayed the same, so
 * a fork is one pointer and any number of states can be kept. Undefined = no mapping. Random priorities keep it about
 * log n deep (a treap), whatever the file holds.
 */
export interface MappingTree {
  readonly mapping: PerfMapping;
  readonly priority: number;
  readonly left: MappingTree | undefined;
  readonly right: MappingTree | undefined;
}

type Tree = MappingTree | undefined;

/** Part of a mapping, with its place in the file. */
type Cut = (mapping: PerfMapping, start: number, end: number) => PerfMapping;

/** The mapping that holds an address. */
export function findMapping(tree: Tree, address: number): PerfMapping | undefined {
  let node = tree;
  while (node !== undefined) {
    const { mapping } = node;
    if (address < mapping.start) node = node.left;
    else if (address < mapping.end) return mapping;
    else node = node.right;
  }
  return undefined;
}

/** Puts a mapping over all that lie there; of those at its edges the rest stays. */
export function withMapping(tree: Tree, mapping: PerfMapping, cut: Cut): MappingTree {
  const [before, after] = around(tree, mapping.start, mapping.end, cut);
  return joined(joined(before, leaf(mapping)), after)!;
}

/** Takes away what lies between two addresses. */
export function withoutRange(tree: Tree, start: number, end: number, cut: Cut): Tree {
  return joined(...around(tree, start, end, cut));
}

/** All mappings by start. */
export function mappingsOf(tree: Tree): PerfMapping[] {
  const list: PerfMapping[] = [];
  const open: MappingTree[] = [];
  let node = tree;
  while (node !== undefined || open.length > 0) {
    while (node !== undefined) {
      open.push(node);
      node = node.left;
    }
    const next = open.pop()!;
    list.push(next.mapping);
    node = next.right;
  }
  return list;
}

/** What lies before and after a range. */
function around(tree: Tree, start: number, end: number, cut: Cut): [Tree, Tree] {
  const [startsBefore, rest] = split(tree, start);
  const [inside, after] = split(rest, end);
  // Only the last that starts before a place can reach over it
  const first = last(startsBefore);
  const final = last(inside) ?? first;
  let before = startsBefore;
  if (first !== undefined && first.end > start) {
    before = joined(split(before, first.start)[0], leaf(cut(first, first.start, start)));
  }
  if (final === undefined || final.end <= end) return [before, after];
  return [before, joined(leaf(cut(final, end, final.end)), after)];
}

function leaf(mapping: PerfMapping): MappingTree {
  return { mapping, priority: Math.random(), left: undefined, right: undefined };
}

/** A node with other children. */
function changed({ mapping, priority }: MappingTree, left: Tree, right: Tree): MappingTree {
  return { mapping, priority, left, right };
}

/** Those that start below an address, and the others. */
function split(tree: Tree, address: number): [Tree, Tree] {
  if (tree === undefined) return [undefined, undefined];
  if (tree.mapping.start < address) {
    const [low, high] = split(tree.right, address);
    return [changed(tree, tree.left, low), high];
  }
  const [low, high] = split(tree.left, address);
  return [low, changed(tree, high, tree.right)];
}

/** Two trees, all of the one before all of the other. */
function joined(low: Tree, high: Tree): Tree {
  if (low === undefined) return high;
  if (high === undefined) return low;
  if (low.priority > high.priority) return changed(low, low.left, joined(low.right, high));
  return changed(high, joined(low, high.left), high.right);
}

function last(tree: Tree): PerfMapping | undefined {
  let node = tree;
  while (node?.right !== undefined) node = node.right;
  return node?.mapping;
}
