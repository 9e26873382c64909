import type { KeptColumns } from './kept-columns.ts';

/** A node that nothing is known of yet. */
const UNKNOWN = 0xffff_ffff;
/** Leaving out objects can show others to be none. */
const MOST_ROUNDS = 10;

/** Of each snapshot's nodes: 1 for objects that all snapshots have. */
export type Lasting = readonly Uint8Array[];

/**
 * Finds the objects that all snapshots have. An id alone does not tell: V8 gives an object that was made where another one
 * was freed since the last snapshot the id of that. So the class must be the same, and what moved to another place must have
 * taken something along. What is left out wrongly is counted in every snapshot, which harms nobody.
 */
export function lastingObjects(snapshots: readonly KeptColumns[]): Lasting {
  const nodes = nodesOfAll(snapshots);
  const lasting = snapshots.map(({ id }) => new Uint8Array(id.length));
  // Of each snapshot's nodes the object that it is, a place in the columns of `nodes`
  const objectOf = snapshots.map(({ id }) => new Int32Array(id.length).fill(-1));
  for (const [i, column] of nodes.entries()) {
    for (let object = 0; object < column.length; object++) {
      lasting[i]![column[object]!] = 1;
      objectOf[i]![column[object]!] = object;
    }
  }
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const strangers = movedAlone(snapshots, nodes, objectOf, lasting);
    if (strangers.length === 0) break;
    for (const [i, column] of nodes.entries()) {
      for (const object of strangers) lasting[i]![column[object]!] = 0;
    }
  }
  return lasting;
}

/**
 * Objects that hang on another one than before, and that nothing of what hung on them before has stayed with: as of a timer
 * that is just running, what it holds stays with it.
 */
function movedAlone(
  snapshots: readonly KeptColumns[],
  nodes: readonly Uint32Array[],
  objectOf: readonly Int32Array[],
  lasting: Lasting,
): number[] {
  const holders = snapshots.map((snapshot, i) => holdersOfNodes(snapshot, lasting[i]!));
  const { length } = nodes[0]!;
  const hasKept = new Uint8Array(length);
  const moved: number[] = [];
  for (let object = 0; object < length; object++) {
    if (lasting[0]![nodes[0]![object]!] === 0) continue;
    const above = (i: number): number => {
      const { dominator, root } = snapshots[i]!;
      const node = nodes[i]![object]!;
      return node === root ? -1 : objectOf[i]![holders[i]![dominator[node]!]!]!;
    };
    const first = above(0);
    if (!snapshots.every((_, i) => above(i) === first)) moved.push(object);
    else if (first >= 0) hasKept[first] = 1;
  }
  return moved.filter((object) => hasKept[object] === 0);
}

/**
 * Of each node the nearest lasting one that dominates it, or itself where it is one; the root is taken for lasting. Walks
 * up each chain once.
 */
export function holdersOfNodes({ dominator, root }: KeptColumns, lasting: Uint8Array): Uint32Array {
  const holder = new Uint32Array(dominator.length).fill(UNKNOWN);
  const chain: number[] = [];
  for (let start = 0; start < dominator.length; start++) {
    let node = start;
    while (holder[node] === UNKNOWN && lasting[node] === 0 && node !== root) {
      chain.push(node);
      node = dominator[node]!;
    }
    if (holder[node] === UNKNOWN) holder[node] = node;
    while (chain.length > 0) holder[chain.pop()!] = holder[node]!;
  }
  return holder;
}

/** Objects of one id and class in all snapshots, in the order of their ids: of each snapshot their nodes. */
function nodesOfAll(snapshots: readonly KeptColumns[]): readonly Uint32Array[] {
  const classes = sharedClasses(snapshots);
  let columns: Uint32Array[] = [snapshots[0]!.byId];
  for (const [i, after] of snapshots.entries()) {
    if (i === 0) continue;
    const first = snapshots[0]!;
    const [known] = columns;
    const kept = columns.map(({ length }) => new Uint32Array(length));
    const added = new Uint32Array(known!.length);
    let length = 0;
    for (let a = 0, b = 0; a < known!.length && b < after.byId.length; ) {
      const left = known![a]!;
      const right = after.byId[b]!;
      const difference = first.id[left]! - after.id[right]!;
      if (difference === 0 && classes[0]![first.classOf[left]!] === classes[i]![after.classOf[right]!]) {
        for (const [j, column] of kept.entries()) column[length] = columns[j]![a]!;
        added[length++] = right;
      }
      if (difference <= 0) a++;
      if (difference >= 0) b++;
    }
    columns = [...kept, added].map((column) => column.subarray(0, length));
  }
  return columns;
}

/** Numbers of classes that are the same in all snapshots. */
function sharedClasses(snapshots: readonly KeptColumns[]): readonly Uint32Array[] {
  const numbers = new Map<string, number>();
  return snapshots.map(({ classKeys }) =>
    Uint32Array.from(classKeys, (key) => {
      const known = numbers.get(key) ?? numbers.size;
      numbers.set(key, known);
      return known;
    }),
  );
}
