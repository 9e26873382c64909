import type { DrawnTree } from '../../profile/drawn-tree.ts';

/** The nodes of a call tree that is told in order, those too narrow to be drawn left out as soon as that shows. */
export class DrawnRows {
  private readonly minFraction: number;
  private capacity = 1024;
  private parent = new Int32Array(this.capacity);
  private depth = new Int32Array(this.capacity);
  private frame = new Int32Array(this.capacity);
  /** The last of a row's children that was kept, -1 = none. */
  private lastChild = new Int32Array(this.capacity);
  /** 1 = kept however narrow, as more of it may come. */
  private retained = new Uint8Array(this.capacity);
  private total = new Float64Array(this.capacity);
  private self = new Float64Array(this.capacity);
  /** What is not kept and lies between a row and its next sibling; before a row's first child. */
  private gap = new Float64Array(this.capacity);
  private lead = new Float64Array(this.capacity);
  private length = 0;
  /** The open nodes from the root on, and the whole weight when each was opened. */
  private path = new Int32Array(64);
  private openedAt = new Float64Array(64);
  private openNodes = 0;
  /** By depth: closed nodes, of which more may come under the open node below, by name. */
  private readonly again: (Map<string, number> | undefined)[] = [];
  private weight = 0;
  /** What the whole weight will be at least, as far as that can be guessed; and the heaviest node left out by it. */
  private expected = 0;
  private heaviestLeftOut = -1;
  private nodes = 0;
  /** The node that was closed last. */
  private closed = -1;
  private rootLastChild = -1;
  private rootLead = 0;
  /** Rows do not stand as they are drawn: a closed node was opened again. */
  private isMixed = false;

  constructor(minFraction: number) {
    this.minFraction = minFraction;
  }

  /** The weight so far. */
  get whole(): number {
    return this.weight;
  }

  /** A guess of the whole weight. It may be wrong: then there is no tree in the end. */
  expect(whole: number): void {
    this.expected = whole;
  }

  /** Whether a node of this depth may be one that was closed before: `open` then has to know its name. */
  hasComeBefore(depth: number): boolean {
    return depth < this.again.length && this.again[depth] !== undefined;
  }

  /** The open node of this depth, about to be closed, may be opened again. */
  mayComeAgain(depth: number, name: string): void {
    const row = this.path[depth]!;
    this.retained[row] = 1;
    while (this.again.length <= depth) this.again.push(undefined);
    let known = this.again[depth];
    if (known === undefined) {
      known = new Map();
      this.again[depth] = known;
    }
    known.set(name, row);
  }

  open(depth: number, name: string | undefined): void {
    if (this.openNodes === this.path.length) this.deepen();
    this.openedAt[this.openNodes] = this.weight;
    const before = name === undefined ? undefined : this.again[depth]?.get(name);
    if (before !== undefined) {
      this.isMixed = true;
      this.path[this.openNodes++] = before;
      return;
    }
    if (this.length === this.capacity) this.grow();
    const row = this.length++;
    this.parent[row] = this.openNodes === 0 ? -1 : this.path[this.openNodes - 1]!;
    this.depth[row] = depth;
    this.frame[row] = -1;
    this.lastChild[row] = -1;
    this.retained[row] = 0;
    this.total[row] = 0;
    this.self[row] = 0;
    this.gap[row] = 0;
    this.lead[row] = 0;
    this.path[this.openNodes++] = row;
    this.nodes++;
  }

  /** Weight that ends in the innermost open node. */
  add(weight: number): void {
    this.self[this.path[this.openNodes - 1]!]! += weight;
    this.weight += weight;
  }

  /** Whether nothing of this weight will be drawn, were it to be added now. */
  isNarrow(weight: number): boolean {
    return weight < this.minFraction * Math.max(this.expected, this.weight + weight);
  }

  /** A chain of nodes of one weight on the innermost open one, all of them too narrow. */
  addNarrow(nodes: number, weight: number): void {
    this.nodes += nodes;
    this.weight += weight;
    this.leaveRoom(weight);
  }

  /** @returns whether the innermost open node, which is closed now, is kept, and has no name yet */
  close(): boolean {
    const row = this.path[--this.openNodes]!;
    if (this.openNodes + 1 < this.again.length) this.again[this.openNodes + 1] = undefined;
    const total = this.total[row]! + this.weight - this.openedAt[this.openNodes]!;
    this.total[row] = total;
    if (this.retained[row] === 1 || total >= this.minFraction * Math.max(this.expected, this.weight)) {
      this.setLastChild(row);
      this.closed = row;
      return this.frame[row]! < 0;
    }
    // Its descendants are all that stands behind it
    this.length = row;
    this.leaveRoom(total);
    return false;
  }

  /** Of the node that was closed last. */
  name(frame: number): void {
    this.frame[this.closed] = frame;
  }

  private setLastChild(row: number): void {
    // One that came again stands where it was
    if (this.openNodes === 0) this.rootLastChild = Math.max(this.rootLastChild, row);
    else {
      const parent = this.path[this.openNodes - 1]!;
      if (row > this.lastChild[parent]!) this.lastChild[parent] = row;
    }
  }

  private leaveRoom(weight: number): void {
    if (weight > this.heaviestLeftOut) this.heaviestLeftOut = weight;
    const parent = this.openNodes === 0 ? -1 : this.path[this.openNodes - 1]!;
    const last = parent < 0 ? this.rootLastChild : this.lastChild[parent]!;
    if (last >= 0) this.gap[last]! += weight;
    else if (parent < 0) this.rootLead += weight;
    else this.lead[parent]! += weight;
  }

  private deepen(): void {
    this.path = copied(this.path, new Int32Array(this.path.length * 2));
    this.openedAt = copied(this.openedAt, new Float64Array(this.openedAt.length * 2));
  }

  private grow(): void {
    this.capacity *= 2;
    const int = (column: Int32Array<ArrayBuffer>) => copied(column, new Int32Array(this.capacity));
    const float = (column: Float64Array<ArrayBuffer>) => copied(column, new Float64Array(this.capacity));
    this.parent = int(this.parent);
    this.depth = int(this.depth);
    this.frame = int(this.frame);
    this.lastChild = int(this.lastChild);
    this.retained = copied(this.retained, new Uint8Array(this.capacity));
    this.total = float(this.total);
    this.self = float(this.self);
    this.gap = float(this.gap);
    this.lead = float(this.lead);
  }

  /** When all nodes are closed. @returns undefined where a guess has left out what should be there */
  tree(): Pick<DrawnTree, 'tree' | 'narrow'> | undefined {
    const { parent, depth, total, self, weight, length } = this;
    const least = this.minFraction * weight;
    if (this.heaviestLeftOut >= least) return undefined;
    const start = new Float64Array(length);
    // Of each row, from its own left edge: where its next child starts
    const edge = new Float64Array(length);
    let rootEdge = this.rootLead;
    let kept = new Int32Array(length);
    let drawn = 0;
    for (let row = 0; row < length; row++) {
      const above = parent[row]!;
      const room = total[row]! + this.gap[row]!;
      if (above < 0) {
        start[row] = rootEdge;
        rootEdge += room;
      } else {
        start[row] = start[above]! + edge[above]!;
        edge[above]! += room;
      }
      edge[row] = self[row]! + this.lead[row]!;
      if (total[row]! >= least) kept[drawn++] = row;
    }
    kept = kept.subarray(0, drawn);
    if (this.isMixed) kept.sort((a, b) => start[a]! - start[b]! || depth[a]! - depth[b]!);
    const place = new Int32Array(length);
    const tree = {
      frame: new Int32Array(drawn),
      parent: new Int32Array(drawn),
      depth: new Int32Array(drawn),
      start: new Float64Array(drawn),
      total: new Float64Array(drawn),
      self: new Float64Array(drawn),
    };
    let maxDepth = -1;
    let narrow = weight;
    for (let i = 0; i < drawn; i++) {
      const row = kept[i]!;
      place[row] = i;
      tree.frame[i] = this.frame[row]!;
      tree.parent[i] = parent[row]! < 0 ? -1 : place[parent[row]!]!;
      tree.depth[i] = depth[row]!;
      tree.start[i] = start[row]!;
      tree.total[i] = total[row]!;
      tree.self[i] = self[row]!;
      narrow -= self[row]!;
      if (depth[row]! > maxDepth) maxDepth = depth[row]!;
    }
    return {
      tree: { length: drawn, ...tree, maxDepth, weight },
      narrow: { frames: this.nodes - drawn, weight: narrow },
    };
  }
}

function copied<Column extends Int32Array | Float64Array | Uint8Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
