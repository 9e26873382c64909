import type { StackTable } from './profile.ts';

/**
 * Stacks of one tree put below several root frames. Each root gets a copy of the part of the tree that its samples use,
 * in the order in which the tree has it: where that was preorder, the result is. No stack is looked up anywhere.
 */
export class RootedStacks {
  private readonly from: StackTable;
  private parent: Int32Array;
  private frame: Int32Array;
  private length = 0;
  /** The new stack of each old one, valid for the group whose stamp it bears. */
  private readonly copy: Int32Array;
  private readonly stamp: Int32Array;
  private group = 0;

  constructor(from: StackTable) {
    this.from = from;
    this.parent = new Int32Array(from.length + 64);
    this.frame = new Int32Array(from.length + 64);
    this.copy = new Int32Array(from.length);
    this.stamp = new Int32Array(from.length);
  }

  /**
   * Puts samples below a root frame.
   * @param root -1 for none
   * @param samples rows of `stack`
   * @param stack the leaf of each sample; gets the new one
   */
  add(root: number, samples: Int32Array, stack: Int32Array): void {
    const { copy, stamp, from } = this;
    const group = ++this.group;
    const used = new Int32Array(samples.length);
    for (let i = 0; i < samples.length; i++) used[i] = stack[samples[i]!]!;
    used.sort();
    const rootStack = root < 0 ? -1 : this.push(-1, root);
    let path = new Int32Array(64);
    for (let i = 0; i < used.length; i++) {
      const leaf = used[i]!;
      if (leaf < 0 || stamp[leaf] === group) continue;
      let depth = 0;
      let at = leaf;
      for (; at >= 0 && stamp[at] !== group; at = from.parent[at]!) {
        if (depth === path.length) path = longer(path, depth * 2);
        path[depth++] = at;
      }
      let above = at < 0 ? rootStack : copy[at]!;
      while (depth > 0) {
        const old = path[--depth]!;
        above = this.push(above, from.frame[old]!);
        copy[old] = above;
        stamp[old] = group;
      }
    }
    for (let i = 0; i < samples.length; i++) {
      const old = stack[samples[i]!]!;
      stack[samples[i]!] = old < 0 ? rootStack : copy[old]!;
    }
  }

  table(): StackTable {
    const { length } = this;
    return { length, parent: this.parent.slice(0, length), frame: this.frame.slice(0, length) };
  }

  private push(parent: number, frame: number): number {
    if (this.length === this.parent.length) {
      this.parent = longer(this.parent, this.length * 2);
      this.frame = longer(this.frame, this.length * 2);
    }
    this.parent[this.length] = parent;
    this.frame[this.length] = frame;
    return this.length++;
  }
}

function longer(column: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(length);
  copy.set(column);
  return copy;
}
