import { framesByLabel } from './label-ranks.ts';
import type { Profile, StackTable } from './profile.ts';
import { sortStacks } from './sort-stacks.ts';

const AHEAD = 32;

/**
 * Lays whole stacks over each other. They are sorted first: then each shares its callers with the one before it, no
 * node has to be looked up, and the tree comes out in preorder, which later passes walk several times faster than a
 * tree in the order of its samples.
 * @param frames the stacks one behind the other, root first
 * @param start where each starts in `frames`, and at last the end: one more than there are stacks
 * @returns the tree, and the node of each stack's leaf (-1 for an empty one)
 */
function stackTree(frames: Int32Array, start: Int32Array): { stacks: StackTable; leaf: Int32Array } {
  const tree = new GrowingTree(frames, start);
  if (isAscending(frames, start)) tree.add(undefined, 0, start.length - 1);
  else sortStacks(frames, start, (order, from, to) => tree.add(order, from, to));
  return tree.done();
}

/** Takes stacks in ascending order. */
class GrowingTree {
  private readonly frames: Int32Array;
  private readonly start: Int32Array;
  private readonly parent: Int32Array;
  private readonly frame: Int32Array;
  private readonly leaf: Int32Array;
  /** The nodes from the root to the last leaf, and their frames. */
  private path = new Int32Array(64);
  private last = new Int32Array(64);
  private depth = 0;
  private length = 0;
  private readonly froms = new Int32Array(AHEAD);
  private readonly firsts = new Int32Array(AHEAD);

  constructor(frames: Int32Array, start: Int32Array) {
    this.frames = frames;
    this.start = start;
    // Room for a node each frame; what is not touched costs nothing
    this.parent = new Int32Array(frames.length);
    this.frame = new Int32Array(frames.length);
    this.leaf = new Int32Array(start.length - 1);
  }

  /** Adds some stacks in ascending order, none below those before. @param order their numbers; default: as they stand */
  add(order: Int32Array | undefined, first: number, to: number): void {
    const { frames, start, parent, frame, leaf, froms, firsts } = this;
    let { path, last, depth, length: next } = this;
    for (let i = first; i < to; i++) {
      // Sorted stacks lie all over memory. Asked for some at a time, it fetches them at once, not one after the other
      if (order !== undefined && (i - first) % AHEAD === 0) {
        const end = Math.min(AHEAD, to - i);
        for (let j = 0; j < end; j++) froms[j] = start[order[i + j]!]!;
        for (let j = 0; j < end; j++) firsts[j] = frames[froms[j]!]! + leaf[order[i + j]!]!;
      }
      const stack = order === undefined ? i : order[i]!;
      const from = start[stack]!;
      const size = start[stack + 1]! - from;
      const most = Math.min(depth, size);
      let same = 0;
      while (same < most && last[same] === frames[from + same]) same++;
      if (size > path.length) {
        path = longer(path, size * 2);
        last = longer(last, size * 2);
      }
      for (depth = same; depth < size; depth++) {
        parent[next] = depth === 0 ? -1 : path[depth - 1]!;
        frame[next] = last[depth] = frames[from + depth]!;
        path[depth] = next++;
      }
      leaf[stack] = size === 0 ? -1 : path[size - 1]!;
    }
    this.path = path;
    this.last = last;
    this.depth = depth;
    this.length = next;
  }

  done(): { stacks: StackTable; leaf: Int32Array } {
    const { length, parent, frame, leaf } = this;
    return { stacks: { length, parent: parent.subarray(0, length), frame: frame.subarray(0, length) }, leaf };
  }
}

/**
 * {@link stackTree} in the order of labels: so are stacks drawn and written, and then nobody has to sort them again.
 * @param frames as there, rows of the profile's frames; overwritten
 */
export function stacksByLabel(
  profile: Pick<Profile, 'frames' | 'strings'>,
  frames: Int32Array,
  start: Int32Array,
): { stacks: StackTable; leaf: Int32Array } {
  const order = framesByLabel(profile);
  const place = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) place[order[i]!] = i;
  for (let i = 0; i < frames.length; i++) frames[i] = place[frames[i]!]!;
  const tree = stackTree(frames, start);
  const { frame } = tree.stacks;
  for (let i = 0; i < frame.length; i++) frame[i] = order[frame[i]!]!;
  return tree;
}

function longer(column: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(size);
  copy.set(column);
  return copy;
}

/** Whether no stack comes before one that stands ahead of it: so it is in most files of collapsers. */
function isAscending(frames: Int32Array, start: Int32Array): boolean {
  for (let stack = 1; stack + 1 < start.length; stack++) {
    const middle = start[stack]!;
    const end = start[stack + 1]!;
    let a = start[stack - 1]!;
    let b = middle;
    while (a < middle && b < end && frames[a] === frames[b]) {
      a++;
      b++;
    }
    if (a < middle && (b === end || frames[a]! > frames[b]!)) return false;
  }
  return true;
}
