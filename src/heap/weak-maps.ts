import type { HeapGraph } from './graph.ts';

/** What V8 calls both references to a value of a WeakMap: that of the table, and that of the key. */
const EPHEMERON = /^\d+( \/ part of key \(.*? @\d+\) -> value \(.*? @\d+\) pair in WeakMap \(table @(\d+)\))$/;

/** The name of a reference to a value of a WeakMap. */
export interface EphemeronName {
  /** Id of the table's node. */
  readonly table: number;
  /** The same for both references of a pair. */
  readonly pair: string;
}

/** The names, by their index in `strings`, that say that an internal edge is one of the two that hold a WeakMap's value. */
export function ephemeronNames({ strings }: HeapGraph): ReadonlyMap<number, EphemeronName> {
  const names = new Map<number, EphemeronName>();
  for (const index of strings.containing(' pair in WeakMap (table @')) {
    const match = EPHEMERON.exec(strings.text(index));
    if (match) names.set(index, { table: Number(match[2]), pair: match[1]! });
  }
  return names;
}
