import { frameLabel } from './frame-label.ts';
import type { FrameTable, Profile } from './profile.ts';

/** Ranks of frame tables that were asked for before: tables never change, and several steps in a row want them. */
const known = new WeakMap<FrameTable, Int32Array>();

/** Of each frame the place of its label among all distinct labels, sorted by code units. */
export function labelRanks(profile: Pick<Profile, 'frames' | 'strings'>): Int32Array {
  const found = known.get(profile.frames);
  if (found !== undefined) return found;
  const ranks = rankLabels(profile);
  known.set(profile.frames, ranks);
  return ranks;
}

function rankLabels(profile: Pick<Profile, 'frames' | 'strings'>): Int32Array {
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
  // Without a comparison of ours, strings sort by code units
  const sorted = [...rows.keys()].sort();
  for (let i = 0; i < sorted.length; i++) place[rows.get(sorted[i]!)!] = i;
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
