import { UserError } from '../../errors.ts';
import { framesByLabel } from '../../profile/label-ranks.ts';
import type { Profile, StackTable } from '../../profile/profile.ts';
import { stackTree } from '../../profile/stack-tree.ts';
import type { StackStore } from '../event-samples.ts';

import type { Kernel } from './open-kernel.ts';
import { GRAIN } from './stack-table.ts';

/** How many symbols `internStack` takes at once; a multiple of GRAIN. */
const BATCH = 65_536;

/** Keeps stacks in the kernel's stack table, as symbols; says what each symbol stands for. */
export class KernelStacks implements StackStore {
  private readonly kernel: Kernel;
  /** Of each symbol its frames, leaf first. */
  private readonly frames: (readonly number[])[] = [];
  private readonly symbolOfFrame = new Map<number, number>();

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  /**
   * @param frames leaf first; one, or several where inlined functions share a line
   * @returns the number of the new symbol
   */
  symbol(frames: readonly number[]): number {
    return this.frames.push(frames) - 1;
  }

  stack(frames: readonly number[]): number {
    const { kernel } = this;
    let stack = -1;
    for (let done = 0; done < frames.length; done += BATCH) {
      const count = Math.min(BATCH, frames.length - done);
      const symbols = new Int32Array(kernel.memory(), kernel.symbolsStart(), count);
      for (let i = 0; i < count; i++) symbols[i] = this.symbolOf(frames[frames.length - 1 - done - i]!);
      stack = kernel.internStack(stack, count);
      if (stack < -1) throw noMemory();
    }
    return stack;
  }

  private symbolOf(frame: number): number {
    let symbol = this.symbolOfFrame.get(frame);
    if (symbol === undefined) {
      symbol = this.symbol([frame]);
      this.symbolOfFrame.set(frame, symbol);
    }
    return symbol;
  }

  finish(stacks: Int32Array, profile: Profile): StackTable {
    // Laid out in the order of labels: so are they drawn and written, and then nobody has to sort them again
    const order = framesByLabel(profile);
    const place = new Int32Array(order.length);
    for (let i = 0; i < order.length; i++) place[order[i]!] = i;
    const { leaves, frames, start } = this.sequences(stacks, place);
    const tree = stackTree(frames, start);
    const { frame } = tree.stacks;
    for (let i = 0; i < frame.length; i++) frame[i] = order[frame[i]!]!;
    const rowOf = new Int32Array(this.kernel.stackCount());
    for (let i = 0; i < leaves.length; i++) rowOf[leaves[i]!] = tree.leaf[i]!;
    for (let i = 0; i < stacks.length; i++) if (stacks[i]! >= 0) stacks[i] = rowOf[stacks[i]!]!;
    this.kernel.close();
    return tree.stacks;
  }

  /** The distinct stacks as the places of their frames, root first, one behind the other. */
  private sequences(
    stacks: Int32Array,
    place: Int32Array,
  ): { leaves: Int32Array; frames: Int32Array; start: Int32Array } {
    const { kernel } = this;
    const memory = new Int32Array(kernel.memory());
    const used = new Uint8Array(kernel.stackCount());
    let count = 0;
    for (let i = 0; i < stacks.length; i++) {
      const stack = stacks[i]!;
      if (stack < 0 || used[stack] === 1) continue;
      used[stack] = 1;
      count++;
    }
    const rowAt = this.rows();
    // Depth in frames of each row's last symbol; rows come behind those they stand on
    const depth = new Int32Array(used.length);
    const sizes = Int32Array.from(this.frames, (list) => list.length);
    const leaves = new Int32Array(count);
    const start = new Int32Array(count + 1);
    for (let stack = 0, next = 0; stack < used.length; stack++) {
      const row = rowAt[stack]!;
      const below = memory[row]!;
      let size = below < 0 ? 0 : depth[below]!;
      for (let i = 1; i <= GRAIN; i++) {
        const symbol = memory[row + i]!;
        if (symbol < 0) break;
        size += sizes[symbol]!;
      }
      depth[stack] = size;
      if (used[stack] === 0) continue;
      leaves[next] = stack;
      start[next + 1] = start[next]! + size;
      next++;
    }
    const frames = new Int32Array(start[count]!);
    const single = Int32Array.from(this.frames, (list) => (list.length === 1 ? place[list[0]!]! : -1));
    for (let i = 0; i < count; i++) {
      let at = start[i + 1]!;
      for (let stack = leaves[i]!; stack >= 0; ) {
        const row = rowAt[stack]!;
        for (let j = GRAIN; j >= 1; j--) {
          const symbol = memory[row + j]!;
          if (symbol < 0) continue;
          const frame = single[symbol]!;
          if (frame >= 0) frames[--at] = frame;
          else for (const inner of this.frames[symbol]!) frames[--at] = place[inner]!;
        }
        stack = memory[row]!;
      }
    }
    return { leaves, frames, start };
  }

  /** Where each row of the stack table starts, in words of the kernel's memory. */
  private rows(): Int32Array {
    const rows = new Int32Array(this.kernel.stackCount());
    for (let stack = 0; stack < rows.length; stack++) rows[stack] = this.kernel.stackRow(stack) >> 2;
    return rows;
  }
}

export function noMemory(): UserError {
  return new UserError('not enough memory for so many different stacks', {
    hint: 'read the recording in parts, or collapse it with fewer frames a stack',
  });
}
