import { rankedLabels } from './label-ranks.ts';
import type { Profile } from './profile.ts';

/**
 * How siblings of a call tree follow each other.
 *
 * - `label`: by their labels.
 * - `line`: as sorted lines of folded text have them, which is how flamegraph.pl and inferno draw: `f(int);a 1` stands
 *   before `f;b 2`, because `(` is less than `;`, and `f 3` before both. A node that ends a line stands where that does, and what
 *   ends in it stands left of its children.
 * - `appearance`: by their first samples.
 */
export type SiblingOrder = 'label' | 'line' | 'appearance';

const SEMICOLON = 0x3b;

/** Numbers by which the siblings among nodes sort; unique among siblings, of no meaning otherwise. */
export interface SiblingKeys {
  /**
   * @param frame of each node a row of the profile's frames
   * @param self of each node the weight that ends in it
   */
  of(frame: Int32Array, self: Float64Array): Int32Array;
}

/** The keys of the order `line`. */
export function lineKeys(profile: Pick<Profile, 'frames' | 'strings'>): SiblingKeys {
  const { rank, labels } = rankedLabels(profile);
  // Where "label COUNT" and "label;" stand among all such beginnings of lines
  const ended = new Int32Array(labels.length);
  const going = new Int32Array(labels.length);
  // Labels that the present one begins with, whose "label;" is still to come
  const open: number[] = [];
  let next = 0;
  labels.forEach((label, row) => {
    while (open.length > 0 && !precedes(label, labels[open.at(-1)!]!)) going[open.pop()!] = next++;
    ended[row] = next++;
    open.push(row);
  });
  while (open.length > 0) going[open.pop()!] = next++;
  return {
    of(frame, self) {
      const keys = new Int32Array(frame.length);
      for (let node = 0; node < keys.length; node++) {
        const label = rank[frame[node]!]!;
        keys[node] = self[node]! > 0 ? ended[label]! : going[label]!;
      }
      return keys;
    },
  };
}

/** Whether a line that starts with `label` stands before one that starts with `start;`, both sorted behind `start`. */
function precedes(label: string, start: string): boolean {
  return label.charCodeAt(start.length) < SEMICOLON && label.startsWith(start);
}

/** The keys of the order `appearance`: of each node the first sample whose stack leads through it. */
export function appearanceKeys(samples: Profile['samples'], nodeOf: Int32Array, parent: Int32Array): Int32Array {
  const first = new Int32Array(parent.length).fill(samples.length);
  for (let i = samples.length - 1; i >= 0; i--) {
    const stack = samples.stack[i]!;
    if (stack >= 0) first[nodeOf[stack]!] = i;
  }
  for (let node = parent.length - 1; node >= 0; node--) {
    const above = parent[node]!;
    if (above >= 0 && first[node]! < first[above]!) first[above] = first[node]!;
  }
  return first;
}

/** Whether the children of every node have ascending keys, as they stand. */
export function areInOrder(parent: Int32Array, keys: Int32Array): boolean {
  const last = new Int32Array(parent.length + 1).fill(-1);
  for (let node = 0; node < parent.length; node++) {
    const above = parent[node]! + 1;
    if (keys[node]! < last[above]!) return false;
    last[above] = keys[node]!;
  }
  return true;
}
