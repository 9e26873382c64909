/**
 * The nodes of a call tree that is walked through in the order of labels. A node too narrow to be drawn is forgotten, with
 * all that stands on it, when it is closed: memory grows with what is drawn. Siblings are drawn in the order of lines
 * (line-keys.ts), in which "f;" may stand behind "f(int);": such a node waits until it is known what stands before it.
 */
import { alloc, f64At, i32At, setF64, setI32 } from './memory.ts';

/** Bytes of a row: frame, the row above (-1 for a root), depth; then where it starts behind the start of that, total, self (f64). */
const ROW_BYTES: i32 = 40;
const ROWS_A_CHUNK: i32 = 4096;
const CHUNKS: i32 = 4096;
/** Bytes of an open node: row, label, waiting siblings below its own children's; weight when it was opened, self, edge (f64). */
const NODE_BYTES: i32 = 40;
/** Bytes of a node that waits: row (-1: not drawn), where "label;" stands, weight (f64). */
const WAITING_BYTES: i32 = 16;

let chunks: i32 = 0;
let chunkCount: i32 = 0;
let rows: i32 = 0;
/** Open nodes; the first stands for what roots stand on. */
let open: i32 = 0;
let depth: i32 = 0;
let keys: i32 = 0;
let waiting: i32 = 0;
let waitingRoom: i32 = 0;
let waitingCount: i32 = 0;
let least: f64 = 0;
let weight: f64 = 0;
let mixed: bool = false;

/**
 * @param deepest how many nodes may be open
 * @param lineKeys see line-keys.ts
 * @param leastWeight lighter nodes are not kept
 * @returns false where there is no memory left
 */
export function startNodes(deepest: i32, lineKeys: i32, leastWeight: f64): bool {
  keys = lineKeys;
  least = leastWeight;
  chunks = alloc(CHUNKS * 4);
  chunkCount = 0;
  rows = 0;
  depth = 0;
  weight = 0;
  waitingRoom = 1024;
  waiting = alloc(waitingRoom * WAITING_BYTES);
  waitingCount = 0;
  mixed = false;
  open = alloc((deepest + 1) * NODE_BYTES);
  return open !== 0;
}

/** Rows that are kept, callers before callees; when all nodes are closed. */
export function drawnRows(): i32 {
  return rows;
}

export function drawnRow(row: i32): i32 {
  return i32At(chunks + ((row / ROWS_A_CHUNK) | 0) * 4) + (row % ROWS_A_CHUNK) * ROW_BYTES;
}

/** Whether rows do not stand as they are drawn. */
export function isMixed(): bool {
  return mixed;
}

export function openDepth(): i32 {
  return depth;
}

export function openLabel(): i32 {
  return i32At(open + depth * NODE_BYTES + 4);
}

export function openSelf(): f64 {
  return f64At(open + depth * NODE_BYTES + 24);
}

/** Whether a node of this weight is drawn. */
export function isWide(total: f64): bool {
  return total >= least;
}

/** @returns false where there is no memory left */
export function openNode(label: i32): bool {
  const above = depth === 0 ? -1 : i32At(open + depth * NODE_BYTES);
  depth++;
  const node = open + depth * NODE_BYTES;
  setI32(node, rows);
  setI32(node + 4, label);
  setI32(node + 8, waitingCount);
  setF64(node + 16, weight);
  setF64(node + 24, 0);
  setF64(node + 32, 0);
  if (rows === chunkCount * ROWS_A_CHUNK) {
    const chunk = chunkCount === CHUNKS ? 0 : alloc(ROWS_A_CHUNK * ROW_BYTES);
    if (chunk === 0) return false;
    setI32(chunks + chunkCount * 4, chunk);
    chunkCount++;
  }
  setI32(drawnRow(rows) + 4, above);
  setI32(drawnRow(rows) + 8, depth - 1);
  rows++;
  return true;
}

/** Weight that ends in the innermost open node; before any child of that. */
export function addSelf(more: f64): void {
  const node = open + depth * NODE_BYTES;
  setF64(node + 24, f64At(node + 24) + more);
  setF64(node + 32, f64At(node + 32) + more);
  weight += more;
}

/**
 * A child of the innermost open node that is not drawn.
 * @param ends whether weight ends in it
 * @returns false where there is no memory left
 */
export function passNarrow(label: i32, ends: bool, total: f64): bool {
  weight += total;
  return putChild(-1, label, ends, total);
}

/** Closes the innermost open node. @param frame which it is drawn as @returns false where there is no memory left */
export function closeNode(frame: i32): bool {
  const node = open + depth * NODE_BYTES;
  const row = i32At(node);
  const total = weight - f64At(node + 16);
  const self = f64At(node + 24);
  if (isWide(total)) {
    release(0x7fffffff);
    const at = drawnRow(row);
    setI32(at, frame);
    setF64(at + 24, total);
    setF64(at + 32, self);
    depth--;
    return putChild(row, i32At(node + 4), self > 0, total);
  }
  // Its descendants are all that stands behind it
  rows = row;
  waitingCount = i32At(node + 8);
  depth--;
  return putChild(-1, i32At(node + 4), self > 0, total);
}

/** All is closed. */
export function endNodes(): void {
  release(0x7fffffff);
}

/** Gives a child of the innermost open node its place. */
function putChild(row: i32, label: i32, ends: bool, total: f64): bool {
  const ended = i32At(keys + label * 8);
  const going = i32At(keys + label * 8 + 4);
  release(ended);
  if (ends || going === ended + 1) {
    place(row, total);
    return true;
  }
  if (waitingCount === waitingRoom && !growWaiting()) return false;
  const at = waiting + waitingCount * WAITING_BYTES;
  setI32(at, row);
  setI32(at + 4, going);
  setF64(at + 8, total);
  waitingCount++;
  return true;
}

function growWaiting(): bool {
  const grown = alloc(waitingRoom * 2 * WAITING_BYTES);
  if (grown === 0) return false;
  for (let i = 0; i < waitingRoom * WAITING_BYTES; i += 8) setF64(grown + i, f64At(waiting + i));
  waiting = grown;
  waitingRoom *= 2;
  return true;
}

/** Places the children of the innermost open node that wait and stand before a beginning of a line. */
function release(before: i32): void {
  const base = depth === 0 ? 0 : i32At(open + depth * NODE_BYTES + 8);
  while (waitingCount > base) {
    const at = waiting + (waitingCount - 1) * WAITING_BYTES;
    if (i32At(at + 4) > before) return;
    waitingCount--;
    place(i32At(at), f64At(at + 8));
    mixed = true;
  }
}

function place(row: i32, total: f64): void {
  const node = open + depth * NODE_BYTES;
  const edge = f64At(node + 32);
  if (row >= 0) setF64(drawnRow(row) + 16, edge);
  setF64(node + 32, edge + total);
}
