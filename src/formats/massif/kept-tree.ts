import { Float64Column, Int32Column } from '../../profile/columns.ts';
import type { SnapshotChoice } from '../../profile/heap-history.ts';
import { eventOf, type MassifLabels } from './labels.ts';
import type { MassifNode, MassifSnapshot, MassifVisitor } from './scan.ts';

/** The heap tree of one snapshot: columns, callees first. */
export class HeapTree {
  readonly snapshot: MassifSnapshot;
  /** What is counted, in a report of `--xtree-memory`. */
  event: { readonly type: string; readonly unit: string } | undefined;
  /** Row of the function that this one called; -1 for the allocation functions at the top. */
  readonly callee = new Int32Column();
  /** Number of the label; -1 for the top. */
  readonly label = new Int32Column();
  /** Bytes that no caller listed below took: of callers that the recording left out. */
  readonly self = new Float64Column();

  constructor(snapshot: MassifSnapshot) {
    this.snapshot = snapshot;
  }
}

/** Keeps the tree of the chosen snapshot; which one that is may be known only at the end. */
export class TreeKeeper implements MassifVisitor {
  /** The tree to draw; of the largest snapshot where none is marked as the peak. */
  kept: HeapTree | undefined;
  private readonly labels: MassifLabels;
  private readonly choice: SnapshotChoice;
  private growing: HeapTree | undefined;
  private readonly path: number[] = [];

  constructor(labels: MassifLabels, choice: SnapshotChoice) {
    this.labels = labels;
    this.choice = choice;
  }

  snapshot(snapshot: MassifSnapshot): void {
    this.growing = snapshot.tree !== 'empty' && this.isBetter(snapshot) ? new HeapTree(snapshot) : undefined;
  }

  node(node: MassifNode): void {
    const tree = this.growing;
    if (tree === undefined) return;
    const { depth, size } = node;
    const row = tree.self.length;
    const callee = depth === 0 ? -1 : this.path[depth - 1]!;
    if (depth === 0) tree.event = eventOf(node.text.toString('utf8', node.from, node.to).trim());
    else tree.self.add(callee, -size);
    tree.callee.push(callee);
    tree.label.push(depth === 0 ? -1 : this.labels.number(node));
    tree.self.push(size);
    this.path[depth] = row;
  }

  treeEnd(): void {
    const { growing, kept } = this;
    this.growing = undefined;
    // Numbers of events that count blocks are no sizes: not to be compared
    if (growing === undefined || (kept !== undefined && this.choice === 'largest' && growing.event?.unit === 'count'))
      return;
    this.kept = growing;
  }

  private isBetter(snapshot: MassifSnapshot): boolean {
    if (typeof this.choice === 'number') return snapshot.number === this.choice;
    if (this.kept === undefined) return true;
    const before = this.kept.snapshot;
    const isPeak = snapshot.tree === 'peak';
    if (this.choice === 'peak' && (isPeak || before.tree === 'peak')) return isPeak;
    const more = totalOf(snapshot) - totalOf(before);
    return more > 0 || (more === 0 && isPeak);
  }
}

export function totalOf({ heap, extra, stacks }: MassifSnapshot): number {
  return heap + extra + stacks;
}
