import { PairInterner } from '../../profile/columns.ts';
import type { StackTable } from '../../profile/profile.ts';

/** A table of nodes that name their callees, callers before callees. */
export interface NodeTable {
  /** The caller's row; -1 for none. */
  readonly caller: Int32Array;
  /** -1 for a row without a caller that is no function: its callees have none either. */
  readonly frame: Int32Array;
  /** Rows of callees, node by node, and where each node's end. */
  readonly callees: Int32Array;
  readonly calleeEnd: Int32Array;
}

/**
 * The stacks of nodes: as `prefixStacks` makes them, but only those are looked up whose caller has two callees with one
 * frame. The others cannot be there already. `caller` and `frame` are used up, where there is a result.
 * @returns undefined where callers stand behind callees
 */
export function siblingStacks(
  nodes: NodeTable,
): { readonly stacks: StackTable; readonly stack: Int32Array } | undefined {
  const { caller, frame } = nodes;
  const looked = lookedUp(nodes);
  if (looked === undefined) return undefined;
  const stack = new Int32Array(caller.length);
  // No stack has a larger number than its first row
  const parents = caller;
  const frames = frame;
  const known = new PairInterner();
  const stackOf: number[] = [];
  let count = 0;
  for (let row = 0; row < stack.length; row++) {
    const of = caller[row]!;
    const parent = of < 0 ? -1 : stack[of]!;
    const own = frame[row]!;
    if (own < 0) {
      stack[row] = -1;
      continue;
    }
    if (looked[row] === 1) {
      const pair = known.intern(parent, own);
      if (pair < stackOf.length) {
        stack[row] = stackOf[pair]!;
        continue;
      }
      stackOf.push(count);
    }
    parents[count] = parent;
    frames[count] = own;
    stack[row] = count++;
  }
  return { stacks: { length: count, parent: parents.subarray(0, count), frame: frames.subarray(0, count) }, stack };
}

/** 1 for the rows whose stack another row may have; undefined where a caller stands behind its callee. */
function lookedUp({ caller, frame, callees, calleeEnd }: NodeTable): Uint8Array | undefined {
  const looked = new Uint8Array(caller.length);
  let frames = 0;
  let roots = 0;
  let root = 0;
  for (let row = 0; row < caller.length; row++) {
    if (frame[row]! >= frames) frames = frame[row]! + 1;
    if (caller[row]! >= row) return undefined;
    if (caller[row]! >= 0) continue;
    // Those of several roots are siblings, and with them the callees of one that is no function
    if (roots++ > 0) looked[row] = looked[root] = 1;
    root = row;
  }
  /** The last node that has called a frame, and its callee. */
  const calledBy = new Int32Array(frames).fill(-1);
  const callee = new Int32Array(frames);
  for (let row = 0, at = 0; row < caller.length; row++) {
    const all = looked[row] === 1;
    for (; at < calleeEnd[row]!; at++) {
      const called = callees[at]!;
      if (called < 0) continue;
      const own = frame[called]!;
      if (all) looked[called] = 1;
      else if (calledBy[own] === row && callee[own] !== called) looked[called] = looked[callee[own]!] = 1;
      calledBy[own] = row;
      callee[own] = called;
    }
  }
  return looked;
}
