import type { AllocationPoints, Metric } from '../../profile/allocation-points.ts';

/** A leaf is one program point; a branch is what its children have in common; a rest is many that say too little. */
export type NodeKind = 'leaf' | 'branch' | 'rest';

/** The metrics that nodes add up. `mb` and `mbk` are told of leaves alone: largest sizes at different times are no sum. */
const ADDED = ['tb', 'tbk', 'tl', 'mb', 'mbk', 'gb', 'gbk', 'eb', 'ebk', 'rb', 'wb'] as const satisfies Metric[];
const COLUMN = new Map<Metric, number>(ADDED.map((metric, i) => [metric, i]));

/** A node of the tree that dh_view shows: program points by the frames that they share, the innermost first. */
export class PointNode {
  kind: NodeKind;
  /** Indexes into the frames of the points, as they follow those of the node above. */
  frames: readonly number[];
  readonly children: PointNode[] = [];
  /** Accesses by byte of a block, where all points below have blocks of one size; empty where not. */
  accesses: Float64Array | undefined;
  /** How many nodes a rest stands for. */
  merged = 0;
  private readonly sums = new Float64Array(ADDED.length);

  constructor(kind: NodeKind, frames: readonly number[]) {
    this.kind = kind;
    this.frames = frames;
  }

  /** NaN where the file has no such metric. */
  value(metric: Metric): number {
    return this.sums[COLUMN.get(metric)!]!;
  }

  addPoint({ values, accesses }: AllocationPoints, point: number): void {
    for (let i = 0; i < ADDED.length; i++) this.sums[i]! += values.get(ADDED[i]!)?.[point] ?? Number.NaN;
    this.addAccesses(accesses.get(point));
  }

  addNode(other: PointNode): void {
    for (let i = 0; i < ADDED.length; i++) this.sums[i]! += other.sums[i]!;
    if (this.kind === 'rest') this.merged++;
    else this.addAccesses(other.accesses);
  }

  private addAccesses(added: Float64Array | undefined): void {
    const { accesses } = this;
    if (accesses === undefined && added !== undefined) this.accesses = added.slice();
    else if (accesses !== undefined && added !== undefined && accesses.length === added.length) {
      for (let i = 0; i < added.length; i++) accesses[i]! += added[i]!;
    } else this.accesses = new Float64Array(0);
  }
}

/** Index of the frame `[root]`. */
const ROOT_FRAME = 0;
/** Key of the child without frames. */
const ENDS_HERE = -1;

/**
 * The tree of dh_view, in the order in which its children came to be: points with the same innermost frames share a node,
 * which is split where a point leaves them. A point that ends where others go on is a child without frames.
 */
export function pointTree(points: AllocationPoints): PointNode {
  const builder = new TreeBuilder(points);
  for (let point = 0; point < points.length; point++) builder.insert(point);
  return builder.root;
}

class TreeBuilder {
  readonly root = new PointNode('leaf', [ROOT_FRAME]);
  private readonly points: AllocationPoints;
  /** Children by their first frame: trees may be wide. */
  private readonly children = new Map<PointNode, Map<number, PointNode>>();

  constructor(points: AllocationPoints) {
    this.points = points;
  }

  insert(point: number): void {
    const { root, points } = this;
    const frames = Array.from(points.stack.subarray(points.stackStart[point], points.stackStart[point + 1]));
    if (point === 0) {
      root.frames = [ROOT_FRAME, ...frames];
      root.addPoint(points, point);
      return;
    }
    const { node, at, taken } = this.descend(point, frames);
    const rest = frames.slice(taken);
    if (at + 1 < node.frames.length || (node.kind === 'leaf' && rest.length > 0)) this.split(node, at, point, rest);
    else {
      node.addPoint(points, point);
      // A leaf is a point that comes again
      if (node.kind === 'leaf') return;
      const ended = rest.length === 0 ? this.children.get(node)?.get(ENDS_HERE) : undefined;
      if (ended === undefined) this.adopt(node, this.leafOf(point, rest));
      else ended.addPoint(points, point);
    }
  }

  /** Goes down as far as frames agree, and adds the point to the nodes that it leaves behind. */
  private descend(point: number, frames: readonly number[]): { node: PointNode; at: number; taken: number } {
    let node = this.root;
    /** Place of the last frame of the node that agrees. */
    let at = 0;
    let taken = 0;
    for (; taken < frames.length; taken++) {
      if (at + 1 < node.frames.length) {
        if (node.frames[at + 1] !== frames[taken]) break;
        at++;
        continue;
      }
      const next = this.children.get(node)?.get(frames[taken]!);
      if (next === undefined) break;
      node.addPoint(this.points, point);
      node = next;
      at = 0;
    }
    return { node, at, taken };
  }

  /** What follows frame `at` of a node goes into a child, beside the point that has other frames. */
  private split(node: PointNode, at: number, point: number, rest: readonly number[]): void {
    const lower = new PointNode(node.kind, node.frames.slice(at + 1));
    for (const child of node.children.splice(0)) lower.children.push(child);
    const known = this.children.get(node);
    if (known !== undefined) this.children.set(lower, known);
    this.children.delete(node);
    lower.addNode(node);
    node.frames = node.frames.slice(0, at + 1);
    node.kind = 'branch';
    this.adopt(node, lower);
    this.adopt(node, this.leafOf(point, rest));
    node.addPoint(this.points, point);
  }

  private adopt(node: PointNode, child: PointNode): void {
    const known = this.children.get(node) ?? new Map<number, PointNode>();
    this.children.set(node, known.set(child.frames[0] ?? ENDS_HERE, child));
    node.children.push(child);
  }

  private leafOf(point: number, frames: readonly number[]): PointNode {
    const leaf = new PointNode('leaf', frames);
    leaf.addPoint(this.points, point);
    return leaf;
  }
}
