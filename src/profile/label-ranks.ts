import { byCodeUnits } from './by-code-units.ts';
import { frameLabel } from './frame-label.ts';
import type { FrameTable, Profile } from './profile.ts';

type Frames = Pick<Profile, 'frames' | 'strings'>;

/** The labels of a profile's frames. */
export interface RankedLabels {
  /** Of each frame the place of its label in `labels`. */
  readonly rank: Int32Array;
  /** The distinct labels, sorted by code units. */
  readonly labels: readonly string[];
}

/** Frame tables that were asked for before: tables never change, and several steps in a row want the same. */
const known = new WeakMap<FrameTable, RankedLabels>();

export function rankedLabels(profile: Frames): RankedLabels {
  let found = known.get(profile.frames);
  if (found === undefined) {
    found = rankLabels(profile);
    known.set(profile.frames, found);
  }
  return found;
}

/** Of each frame the place of its label among all distinct labels, sorted by code units. */
export function labelRanks(profile: Frames): Int32Array {
  return rankedLabels(profile).rank;
}

/**
 * Tells the ranks of a table's labels, where who made it has found them out on the way: labels are put together when they
 * are asked for.
 */
export function knowRanks(profile: Frames, rank: Int32Array): void {
  let labels: string[] | undefined;
  known.set(profile.frames, {
    rank,
    get labels() {
      labels ??= labelsByRank(profile, rank);
      return labels;
    },
  });
}

function labelsByRank(profile: Frames, rank: Int32Array): string[] {
  const order = rowsByRank(rank);
  const labels: string[] = [];
  for (const frame of order) if (rank[frame] === labels.length) labels.push(frameLabel(profile, frame));
  return labels;
}

/** Ranks a table that begins with all frames of another one; cheap where that one's ranks are known and few were added. */
export function rankAppended(before: FrameTable, profile: Frames): void {
  const base = known.get(before);
  if (base === undefined || known.has(profile.frames)) return;
  const added: string[] = [];
  for (let frame = before.length; frame < profile.frames.length; frame++) added.push(frameLabel(profile, frame));
  const news = [...new Set(added)].filter((label) => base.labels[placeOf(base.labels, label)] !== label);
  news.sort(byCodeUnits);
  const labels: string[] = [];
  // How many new labels stand before each old one
  const shift = new Int32Array(base.labels.length);
  for (let old = 0, next = 0; old <= base.labels.length; old++) {
    while (next < news.length && (old === base.labels.length || news[next]! < base.labels[old]!)) {
      labels.push(news[next++]!);
    }
    if (old === base.labels.length) break;
    labels.push(base.labels[old]!);
    shift[old] = next;
  }
  const rank = new Int32Array(profile.frames.length);
  for (let frame = 0; frame < before.length; frame++) {
    const old = base.rank[frame]!;
    rank[frame] = old + shift[old]!;
  }
  added.forEach((label, i) => {
    rank[before.length + i] = placeOf(labels, label);
  });
  known.set(profile.frames, { rank, labels });
}

/** Where a label stands, or would stand, among sorted ones. */
function placeOf(labels: readonly string[], label: string): number {
  let from = 0;
  let to = labels.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (labels[middle]! < label) from = middle + 1;
    else to = middle;
  }
  return from;
}

function rankLabels(profile: Frames): RankedLabels {
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
  const labels = [...rows.keys()].sort();
  for (let i = 0; i < labels.length; i++) place[rows.get(labels[i]!)!] = i;
  for (let frame = 0; frame < rank.length; frame++) rank[frame] = place[rank[frame]!]!;
  return { rank, labels };
}

/** All frames in the order of their labels; those with one label in the order of their rows. */
export function framesByLabel(profile: Frames): Int32Array {
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
