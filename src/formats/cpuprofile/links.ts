import { FormatError, type Input, type Notes } from '../format.ts';
import type { NumberList } from '../json-stream/list.ts';
import type { NodeIds } from './node-ids.ts';

/** What nodes say of their callers and callees, by ids. Row i of every column is the file's node i. */
interface CpuLinks {
  readonly id: Int32Array | Float64Array;
  /** Ids of callees, node by node, and where each node's end. */
  readonly children: Int32Array | Float64Array;
  readonly childEnd: Int32Array;
  /** Ids of callers; null where the node does not say, nothing behind the last node that does. */
  readonly parent: NumberList;
}

/**
 * Looks up what nodes refer to. `children` are used up.
 * @returns the row of each node's caller, -1 for none; the rows of callees (as `children`; -1 = there is none) where no
 *   node says who its caller is
 * @throws {FormatError} two callers for one node
 */
export function linkNodes(
  input: Input,
  ids: NodeIds,
  { id, children, childEnd, parent }: CpuLinks,
  notes: Notes,
): { caller: Int32Array; callees: Int32Array | undefined } {
  const caller = new Int32Array(id.length).fill(-1);
  const callees = children instanceof Int32Array ? children : new Int32Array(children.length);
  let missing = 0;
  let firstMissing = '';
  const miss = (path: string, of: number): void => {
    if (missing++ === 0) firstMissing = `${path} = ${of}`;
  };
  const link = (path: () => string, callee: number, of: number): void => {
    if (caller[callee]! >= 0 && caller[callee] !== of) {
      throw new FormatError(input, path(), `node ${id[callee]} has two callers`);
    }
    caller[callee] = of;
  };
  for (let row = 0, at = 0; row < caller.length; row++) {
    const first = at;
    for (; at < childEnd[row]!; at++) {
      const child = children[at]!;
      const callee = ids.row(child);
      callees[at] = callee;
      if (callee < 0) miss(`$.nodes[${row}].children[${at - first}]`, child);
      else if (caller[callee] === -1) caller[callee] = row;
      else {
        const k = at - first;
        link(() => `$.nodes[${row}].children[${k}]`, callee, row);
      }
    }
    if (row >= parent.length) continue;
    const of = parent.at(row) ?? null;
    if (of === null) continue;
    const found = ids.row(of);
    if (found < 0) miss(`$.nodes[${row}].parent`, of);
    else link(() => `$.nodes[${row}].parent`, row, found);
  }
  if (missing > 0) notes.add(`references to nodes that do not exist, left out: ${missing}, first ${firstMissing}`);
  return { caller, callees: parent.length === 0 ? callees : undefined };
}
