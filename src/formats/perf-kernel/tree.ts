/** Lays the stacks that samples have over each other: rows of the stack table become nodes of a prefix tree. */
import { alloc, i32At, setI32, setU8, u8At } from './memory.ts';
import { CHUNK_ROWS, sampleChunk, sampleCount } from './samples.ts';
import { commonLength, sortSequences } from './sequences.ts';
import { GRAIN, stackCount, stackRow } from './stack-table.ts';

let length: i32 = 0;
let parents: i32 = 0;
let frames: i32 = 0;

/** The tree's nodes: of each the one above it (-1 for a root) and its frame, in preorder. */
export function treeParents(): i32 {
  return parents;
}

export function treeFrames(): i32 {
  return frames;
}

/**
 * Makes the tree of all samples' stacks, in the order of `places`, and puts each sample's leaf for its stack.
 * @param symbolStart where the frames of each symbol start in `places`, and at last the end
 * @param places of each symbol's frames, root first: where in the order of siblings they stand
 * @param frameAt the frame at each place
 * @returns the number of nodes; -1 where there is no memory left
 */
export function layOut(symbolStart: i32, places: i32, frameAt: i32): i32 {
  const stacks = stackCount();
  const used = alloc(stacks + 1);
  const leafOf = alloc(stacks * 4 + 4);
  const depth = stackDepths(symbolStart);
  if (depth === 0 || leafOf === 0) return -1;
  const leaves = markUsed(used);
  const start = alloc(leaves * 4 + 4);
  const leafStack = alloc(leaves * 4 + 4);
  if (leafStack === 0) return -1;
  let next = 0;
  for (let stack = 0; stack < stacks; stack++) {
    if (u8At(used + stack) === 0) continue;
    setI32(leafStack + next * 4, stack);
    const end = i32At(start + next * 4) + i32At(depth + stack * 4);
    if (end < 0 || end > 0x1fffffff) return -1;
    next++;
    setI32(start + next * 4, end);
  }
  const total = i32At(start + leaves * 4);
  const sequences = alloc(total * 4 + 4);
  if (sequences === 0) return -1;
  for (let i = 0; i < leaves; i++) {
    expand(i32At(leafStack + i * 4), sequences + i32At(start + i * 4 + 4) * 4, symbolStart, places);
  }
  const order = sortSequences(sequences, start, leaves);
  if (order === 0 || !makeNodes(sequences, start, leaves, order, leafStack, leafOf)) return -1;
  for (let node = 0; node < length; node++) setI32(frames + node * 4, i32At(frameAt + i32At(frames + node * 4) * 4));
  placeSamples(leafOf);
  return length;
}

/** @returns how many stacks samples have */
function markUsed(used: i32): i32 {
  let leaves = 0;
  for (let first = 0; first < sampleCount(); first += CHUNK_ROWS) {
    const column = sampleChunk((first / CHUNK_ROWS) | 0);
    const rows = sampleCount() - first < CHUNK_ROWS ? sampleCount() - first : CHUNK_ROWS;
    for (let i = 0; i < rows; i++) {
      const stack = i32At(column + i * 4);
      if (stack < 0 || u8At(used + stack) !== 0) continue;
      setU8(used + stack, 1);
      leaves++;
    }
  }
  return leaves;
}

/** How many frames each stack of the stack table has (i32 each); 0 where there is no memory left. */
export function stackDepths(symbolStart: i32): i32 {
  const stacks = stackCount();
  const depth = alloc(stacks * 4 + 4);
  if (depth === 0) return 0;
  for (let stack = 0; stack < stacks; stack++) {
    const row = stackRow(stack);
    const below = i32At(row);
    let size = below < 0 ? 0 : i32At(depth + below * 4);
    for (let i = 1; i <= GRAIN; i++) {
      const symbol = i32At(row + i * 4);
      if (symbol < 0) break;
      size += i32At(symbolStart + symbol * 4 + 4) - i32At(symbolStart + symbol * 4);
    }
    setI32(depth + stack * 4, size);
  }
  return depth;
}

/** Writes what `places` says of a stack's frames in front of `end`. */
export function expand(leaf: i32, end: i32, symbolStart: i32, places: i32): void {
  let to = end;
  for (let stack = leaf; stack >= 0; ) {
    const row = stackRow(stack);
    for (let i = GRAIN; i >= 1; i--) {
      const symbol = i32At(row + i * 4);
      if (symbol < 0) continue;
      const first = i32At(symbolStart + symbol * 4);
      for (let at = i32At(symbolStart + symbol * 4 + 4) - 1; at >= first; at--) {
        to -= 4;
        setI32(to, i32At(places + at * 4));
      }
    }
    stack = i32At(row);
  }
}

function makeNodes(sequences: i32, start: i32, leaves: i32, order: i32, leafStack: i32, leafOf: i32): bool {
  length = 0;
  let longest = 0;
  const shared = alloc(leaves * 4 + 4);
  if (shared === 0) return false;
  for (let i = 0; i < leaves; i++) {
    const leaf = i32At(order + i * 4);
    const size = i32At(start + leaf * 4 + 4) - i32At(start + leaf * 4);
    if (size > longest) longest = size;
    const same = i === 0 ? 0 : commonLength(sequences, start, i32At(order + i * 4 - 4), leaf);
    setI32(shared + i * 4, same);
    length += size - same;
  }
  parents = alloc(length * 4 + 4);
  frames = alloc(length * 4 + 4);
  const path = alloc(longest * 4 + 8);
  if (path === 0) return false;
  // The node above a root stands in front of the path
  setI32(path, -1);
  let node = 0;
  for (let i = 0; i < leaves; i++) {
    const leaf = i32At(order + i * 4);
    const from = i32At(start + leaf * 4);
    const size = i32At(start + leaf * 4 + 4) - from;
    for (let depth = i32At(shared + i * 4); depth < size; depth++) {
      setI32(parents + node * 4, i32At(path + depth * 4));
      setI32(frames + node * 4, i32At(sequences + (from + depth) * 4));
      setI32(path + depth * 4 + 4, node);
      node++;
    }
    setI32(leafOf + i32At(leafStack + leaf * 4) * 4, i32At(path + size * 4));
  }
  return true;
}

function placeSamples(leafOf: i32): void {
  for (let first = 0; first < sampleCount(); first += CHUNK_ROWS) {
    const column = sampleChunk((first / CHUNK_ROWS) | 0);
    const rows = sampleCount() - first < CHUNK_ROWS ? sampleCount() - first : CHUNK_ROWS;
    for (let i = 0; i < rows; i++) {
      const stack = i32At(column + i * 4);
      if (stack >= 0) setI32(column + i * 4, i32At(leafOf + stack * 4));
    }
  }
}
