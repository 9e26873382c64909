import { rowsByGroup } from './id-order.ts';
import type { KeptColumns } from './kept-columns.ts';

/** How one class changed from one snapshot to another of the same process. Sizes in bytes, shallow. */
export interface ClassChange {
  readonly name: string;
  /** Tells classes of one name apart. */
  readonly key: string;
  readonly addedCount: number;
  readonly removedCount: number;
  readonly countDelta: number;
  readonly addedSize: number;
  readonly removedSize: number;
  readonly sizeDelta: number;
}

/**
 * What DevTools' comparison view shows: of each class the objects whose ids only the later snapshot has, and those that
 * only the earlier one has. Classes of which nothing came or went are left out.
 * @returns the most new bytes first, as DevTools sorts
 */
export function compareClasses(before: KeptColumns, after: KeptColumns): ClassChange[] {
  const keys = new Map<string, { name: string; before: number; after: number }>();
  before.classKeys.forEach((key, row) => {
    keys.set(key, { name: before.classNames[row]!, before: row, after: -1 });
  });
  after.classKeys.forEach((key, row) => {
    keys.set(key, { name: after.classNames[row]!, before: keys.get(key)?.before ?? -1, after: row });
  });
  const old = rowsByGroup(before.byId, before.classOf, before.classKeys.length);
  const young = rowsByGroup(after.byId, after.classOf, after.classKeys.length);
  const changes: ClassChange[] = [];
  for (const [key, pair] of keys) {
    const [from, to] = sliceOf(old.starts, pair.before);
    const [first, last] = sliceOf(young.starts, pair.after);
    const added = { count: 0, size: 0 };
    const removed = { count: 0, size: 0 };
    const take = (side: KeptColumns, node: number, sum: typeof added): void => {
      // What V8 keeps for an object has its size counted there, and is none of its own then
      if (side.shallowSize[node] === 0) return;
      sum.count++;
      sum.size += side.shallowSize[node]!;
    };
    let i = from;
    let j = first;
    while (i < to || j < last) {
      const oldId = i < to ? before.id[old.rows[i]!]! : Number.POSITIVE_INFINITY;
      const youngId = j < last ? after.id[young.rows[j]!]! : Number.POSITIVE_INFINITY;
      if (oldId < youngId) take(before, old.rows[i]!, removed);
      else if (oldId > youngId) take(after, young.rows[j]!, added);
      if (oldId <= youngId) i++;
      if (oldId >= youngId) j++;
    }
    if (added.count === 0 && removed.count === 0) continue;
    changes.push({
      name: pair.name,
      key,
      addedCount: added.count,
      removedCount: removed.count,
      countDelta: added.count - removed.count,
      addedSize: added.size,
      removedSize: removed.size,
      sizeDelta: added.size - removed.size,
    });
  }
  return changes.sort((a, b) => b.addedSize - a.addedSize || b.removedSize - a.removedSize || compare(a.key, b.key));
}

function sliceOf(starts: Uint32Array, group: number): readonly [from: number, to: number] {
  return group < 0 ? [0, 0] : [starts[group]!, starts[group + 1]!];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
