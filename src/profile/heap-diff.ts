import type { FrameWords } from './builder.ts';
import { movedSites, siteKey } from './diff/moved-sites.ts';
import { chosenRow, type HeapHistory, landmarks, type SnapshotChoice, sitesAt, totalAt } from './heap-history.ts';

/** A size on both sides, in bytes; undefined = there is none. */
export interface SizeChange {
  readonly before: number | undefined;
  readonly after: number | undefined;
}

interface SiteChange {
  /** A function: its lines together, as lines move when a program is changed. */
  readonly site: FrameWords;
  readonly before: number;
  readonly after: number;
}

/** Two histories of a heap against each other, their sites named alike: without lines, by the before side's paths. */
export interface HeapDiff {
  readonly before: HeapHistory;
  readonly after: HeapHistory;
  /** Rows of the snapshots whose sites are compared. */
  readonly rowBefore: number;
  readonly rowAfter: number;
  readonly peak: SizeChange;
  readonly maximum: SizeChange;
  readonly end: SizeChange;
  /** What changed, the largest change first. */
  readonly sites: readonly SiteChange[];
}

/**
 * Compares sizes and, at the chosen snapshot of each side, who allocated how much. Addresses, lines and folders do not
 * matter.
 */
export function heapDiff(old: HeapHistory, now: HeapHistory, choice: SnapshotChoice): HeapDiff {
  const named = movedSites(old.sites.sites, now.sites.sites);
  const before = withSites(old, named.before);
  const after = withSites(now, named.after);
  const rowBefore = chosenRow(before, choice);
  const rowAfter = chosenRow(after, choice);
  const [left, right] = [bytesByFunction(before, rowBefore), bytesByFunction(after, rowAfter)];
  const sites: SiteChange[] = [];
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const bytesBefore = left.get(key)?.bytes ?? 0;
    const bytesAfter = right.get(key)?.bytes ?? 0;
    if (bytesBefore === bytesAfter) continue;
    sites.push({ site: (right.get(key) ?? left.get(key)!).site, before: bytesBefore, after: bytesAfter });
  }
  sites.sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before));
  const change = (rowOf: (history: HeapHistory) => number): SizeChange => ({
    before: sizeAt(before, rowOf(before)),
    after: sizeAt(after, rowOf(after)),
  });
  return {
    before,
    after,
    rowBefore,
    rowAfter,
    peak: change((history) => landmarks(history).marked),
    maximum: change((history) => landmarks(history).maximum),
    end: change(({ snapshots }) => snapshots.length - 1),
    sites,
  };
}

function withSites(history: HeapHistory, name: (site: FrameWords) => FrameWords): HeapHistory {
  return { ...history, sites: { ...history.sites, sites: history.sites.sites.map(name) } };
}

function sizeAt({ snapshots }: HeapHistory, row: number): number | undefined {
  return row < 0 ? undefined : totalAt(snapshots, row);
}

function bytesByFunction(history: HeapHistory, row: number): Map<string, { site: FrameWords; bytes: number }> {
  const sums = new Map<string, { site: FrameWords; bytes: number }>();
  for (const { site, bytes } of sitesAt(history, row)) {
    const key = siteKey(site);
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { site, bytes });
    else sum.bytes += bytes;
  }
  return sums;
}
