import { byCodeUnits } from './by-code-units.ts';
import { frameLabel } from './frame-label.ts';
import type { Profile } from './profile.ts';

/** Of each frame the place of its label among all distinct labels, sorted by code units. */
export function labelRanks(profile: Pick<Profile, 'frames' | 'strings'>): Int32Array {
  const rows = new Map<string, number>();
  const rank = new Int32Array(profile.frames.length);
  for (let frame = 0; frame < rank.length; frame++) {
    const label = frameLabel(profile, frame);
    let row = rows.get(label);
    if (row === undefined) {
      row = rows.size;
      rows.set(label, row);
    }
    rank[frame] = row;
  }
  const place = new Int32Array(rows.size);
  [...rows.keys()].sort(byCodeUnits).forEach((label, i) => {
    place[rows.get(label)!] = i;
  });
  for (let frame = 0; frame < rank.length; frame++) rank[frame] = place[rank[frame]!]!;
  return rank;
}

/** All frames in the order of their labels; those with one label in the order of their rows. */
export function framesByLabel(profile: Pick<Profile, 'frames' | 'strings'>): Int32Array {
  return rowsByRank(labelRanks(profile));
}

/** All rows in ascending order of rank (a counting sort). */
export function rowsByRank(rank: Int32Array): Int32Array {
  let ranks = 0;
  for (let row = 0; row < rank.length; row++) if (rank[row]! >= ranks) ranks = rank[row]! + 1;
  const end = new Int32Array(ranks + 1);
  for (let row = 0; row < rank.length; row++) end[rank[row]! + 1]!++;
  for (let i = 1; i <= ranks; i++) end[i]! += end[i - 1]!;
  const order = new Int32Array(rank.length);
  for (let row = 0; row < rank.length; row++) order[end[rank[row]!]!++] = row;
  return order;
}
