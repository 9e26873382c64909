import type { FrameWords } from './builder.ts';
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

/** Two histories of a heap against each other. */
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

/** Compares sizes and, at the chosen snapshot of each side, who allocated how much. Addresses and lines do not matter. */
export function heapDiff(before: HeapHistory, after: HeapHistory, choice: SnapshotChoice): HeapDiff {
  const rowBefore = chosenRow(before, choice);
  const rowAfter = chosenRow(after, choice);
  const [old, now] = [bytesByFunction(before, rowBefore), bytesByFunction(after, rowAfter)];
  const sites: SiteChange[] = [];
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const bytesBefore = old.get(key)?.bytes ?? 0;
    const bytesAfter = now.get(key)?.bytes ?? 0;
    if (bytesBefore === bytesAfter) continue;
    sites.push({ site: (now.get(key) ?? old.get(key)!).site, before: bytesBefore, after: bytesAfter });
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

function sizeAt({ snapshots }: HeapHistory, row: number): number | undefined {
  return row < 0 ? undefined : totalAt(snapshots, row);
}

function bytesByFunction(history: HeapHistory, row: number): Map<string, { site: FrameWords; bytes: number }> {
  const sums = new Map<string, { site: FrameWords; bytes: number }>();
  for (const { site, bytes } of sitesAt(history, row)) {
    const { line: _moves, ...words } = site;
    const key = `${words.name}\0${words.file ?? ''}\0${words.module ?? ''}`;
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { site: words, bytes });
    else sum.bytes += bytes;
  }
  return sums;
}
