// The tree of all stacks: in ascending order each shares its callers with the one before it, and no node is looked up.
import { equalUpTo, freeKeys, freeRows, rowAt, usedKeys } from './keys';
import { alloc, scratchStart } from './memory';
import { count, longest, placeOf } from './samples';
import { expectFrames, sortRun } from './sort-run';
import { readStack, stackEnd } from './stacks';
import { mostInlined } from './tables';

/** Nodes at a time. */
export const MOST_NODES: i32 = 1 << 14;
/** Deeper stacks are for others to read. */
const MOST_DEPTH: i64 = 1 << 22;
/** So many samples' bytes are asked for at once: they lie all over memory, which fetches them at one time then. */
const AHEAD: i32 = 32;

/** Two columns of MOST_NODES: the caller, the frame. */
let nodes: usize = 0;
/** The profile's frame of each number. */
let frameOf: usize = 0;
/** Of each sample its node. */
let leaf: usize = 0;
/** The nodes from the root to the last leaf, and their frames' numbers. */
let path: usize = 0;
let last: usize = 0;
let depth: i32 = 0;
let nodeCount: i32 = 0;

/** Samples that have the same key: the first, behind the last, and of them the one whose stack is next. */
let runStart: i32 = 0;
let runEnd: i32 = 0;
let inRun: i32 = 0;
let begun: bool = false;
let touched: i32 = 0;
let sum: u32 = 0;

/** Takes memory for the tree. @returns where the frames of numbers go; 0 = there is none, or stacks are too deep */
export function expectTree(frameCount: i32): i32 {
  const deepest = <i64>longest * mostInlined;
  if (deepest > MOST_DEPTH) return 0;
  nodes = alloc(MOST_NODES * 8);
  frameOf = alloc(<u64>frameCount * 4 + 4);
  leaf = alloc(<u64>count * 4);
  path = alloc(<u64>deepest * 4 + 4);
  last = alloc(<u64>deepest * 4 + 4);
  expectFrames(frameCount);
  return !nodes || !leaf || !path || !last ? 0 : <i32>frameOf;
}

export function nodesAt(): i32 {
  return <i32>nodes;
}

export function leafAt(): i32 {
  return <i32>leaf;
}

/** Makes the next nodes. @returns how many, MOST_NODES where more may follow; -1 = some location does not exist */
export function tree(): i32 {
  let out = 0;
  while (inRun < runEnd - runStart || runEnd < count) {
    if (inRun === runEnd - runStart && !nextRun()) return -1;
    const several = runEnd - runStart > 1;
    while (inRun < runEnd - runStart) {
      const chosen = several ? load<i32>(freeRows(runStart + inRun)) : 0;
      const place = usedKeys(runStart + chosen);
      const from = <usize>load<u32>(place);
      const size = <i32>((load<u32>(place, 4) - <u32>from) >> 2);
      if (!begun) {
        depth = shared(from, min(depth, size));
        begun = true;
      }
      while (depth < size) {
        if (out === MOST_NODES) return out;
        const number = load<i32>(from + (<usize>depth << 2));
        const node = nodes + (out++ << 2);
        store<i32>(node, depth === 0 ? -1 : load<i32>(path + (<usize>(depth - 1) << 2)));
        store<i32>(node + MOST_NODES * 4, load<i32>(frameOf + (<usize>number << 2)));
        store<i32>(last + (<usize>depth << 2), number);
        store<i32>(path + (<usize>depth << 2), nodeCount++);
        depth++;
      }
      const row = rowAt(runStart + chosen);
      store<i32>(leaf + (<usize>row << 2), size === 0 ? -1 : load<i32>(path + (<usize>(size - 1) << 2)));
      begun = false;
      inRun++;
    }
  }
  return out;
}

/** How many frames a stack has in common with the last one. */
// @ts-ignore: decorator
@inline function shared(from: usize, most: i32): i32 {
  let same = 0;
  while (same < most && load<i32>(last + (<usize>same << 2)) === load<i32>(from + (<usize>same << 2))) same++;
  return same;
}

/** Reads the stacks of the samples whose keys come next, and sorts them. */
function nextRun(): bool {
  runStart = runEnd;
  runEnd = equalUpTo(runStart);
  inRun = 0;
  let stack = scratchStart();
  for (let i = runStart; i < runEnd; i++) {
    if (i === touched) touch();
    const place = placeOf(rowAt(i));
    if (!readStack(load<u32>(place), load<u32>(place, 4), stack, i32.MAX_VALUE >> 2)) return false;
    const used = usedKeys(i);
    store<u32>(used, <u32>stack);
    store<u32>(used, <u32>stackEnd, 4);
    stack = stackEnd;
  }
  const size = runEnd - runStart;
  if (size > 1) sortRun(size, usedKeys(runStart), freeKeys(runStart), freeRows(runStart));
  return true;
}

function touch(): void {
  const end = min(count, touched + AHEAD);
  for (let i = touched; i < end; i++) sum += load<u32>(placeOf(rowAt(i)), 4);
  for (let i = touched; i < end; i++) {
    const place = placeOf(rowAt(i));
    if (load<u32>(place) < load<u32>(place, 4)) sum += load<u8>(load<u32>(place, 4) - 1);
  }
  touched = end;
}

/** Of no meaning: so that what is asked for ahead is asked for. */
export function asked(): i32 {
  return <i32>sum;
}
