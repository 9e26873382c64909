import type { FrameWords } from './builder.ts';
import { EXTRA_HEAP, STACKS, UNKNOWN_HEAP } from './heap-frames.ts';
import type { ValueType } from './profile.ts';

/** How much massif kept of a snapshot. Stored as an index into this list. */
export const DETAILS = ['none', 'detailed', 'peak'] as const;

/** Row i of every column is the i-th snapshot of the file, in the order of time. */
export interface SnapshotTable {
  readonly length: number;
  /** The number that the file gives it. */
  readonly number: Float64Array;
  /** In the history's `timeUnit`. */
  readonly time: Float64Array;
  /** Bytes that the program asked for. */
  readonly heap: Float64Array;
  /** Bytes that the allocator took on top of that: administration, alignment. */
  readonly extra: Float64Array;
  readonly stacks: Float64Array;
  /** Index into {@link DETAILS}. */
  readonly detail: Uint8Array;
}

/**
 * Where memory was allocated: the first function on the way from the allocator to `main` that belongs to no container
 * library. One row a detailed snapshot and site, in the order of the file.
 */
export interface SiteTable {
  readonly sites: readonly FrameWords[];
  /** Row of the snapshot table. */
  readonly snapshot: Int32Array;
  /** Index into `sites`. */
  readonly site: Int32Array;
  readonly bytes: Float64Array;
}

/** The heap of a program over time, as valgrind's massif records it. */
export interface HeapHistory {
  readonly command: string;
  /** What massif was called with. */
  readonly description: string;
  /** `i` instructions, `ms` milliseconds, `B` bytes allocated and freed, `s` seconds (heaptrack). */
  readonly timeUnit: string;
  readonly snapshots: SnapshotTable;
  readonly sites: SiteTable;
  /** By row: what is counted there, in a report of `--xtree-memory`, whose snapshots are no course of time. */
  readonly events: ReadonlyMap<number, ValueType>;
}

/** The description of a history that is no heap but resident memory, as `massif --rss` records it. */
export const RSS_DESCRIPTION = '--rss';

/** What a history is of, as the title of a picture. */
export function titleOf({ description }: HeapHistory): string {
  return description === RSS_DESCRIPTION ? 'Resident memory over time' : 'Heap over time';
}

/** Heap, extra heap and stacks together. */
export function totalAt({ heap, extra, stacks }: SnapshotTable, row: number): number {
  return heap[row]! + extra[row]! + stacks[row]!;
}

/** Snapshots that stand out: rows, -1 where there is none. */
export interface Landmarks {
  /** The first one of the largest total, whether massif kept details of it or not; the marked one where that is as large. */
  readonly maximum: number;
  /** The one that massif marked as the peak. It looks for one only when memory is freed, so it may be no maximum. */
  readonly marked: number;
  /** The largest one with details; the marked one where several are. */
  readonly detailed: number;
}

/** Which snapshot is looked at: by its number, the marked peak, or the largest one with details. */
export type SnapshotChoice = number | 'peak' | 'largest';

export function landmarks({ snapshots, events }: Pick<HeapHistory, 'snapshots' | 'events'>): Landmarks {
  let maximum = -1;
  let marked = -1;
  let detailed = -1;
  for (let row = 0; row < snapshots.length; row++) {
    const total = totalAt(snapshots, row);
    if (maximum < 0 || total > totalAt(snapshots, maximum)) maximum = row;
    const detail = DETAILS[snapshots.detail[row]!]!;
    // Numbers of blocks are no sizes
    if (detail === 'none' || events.get(row)?.unit === 'count') continue;
    if (detail === 'peak') marked = row;
    const most = detailed < 0 ? -1 : totalAt(snapshots, detailed);
    if (total > most || (total === most && detail === 'peak')) detailed = row;
  }
  // Massif often takes a snapshot without details just before that of the peak
  const isMarkedLargest = marked >= 0 && totalAt(snapshots, marked) === totalAt(snapshots, maximum);
  return { maximum: isMarkedLargest ? marked : maximum, marked, detailed };
}

/**
 * The row of the chosen snapshot; where massif kept no details at all, of the largest.
 * @returns -1 where no snapshot has the number
 */
export function chosenRow(history: HeapHistory, choice: SnapshotChoice): number {
  if (typeof choice === 'number') return history.snapshots.number.indexOf(choice);
  const { maximum, marked, detailed } = landmarks(history);
  if (choice === 'peak' && marked >= 0) return marked;
  return detailed < 0 ? maximum : detailed;
}

export interface SiteBytes {
  readonly site: FrameWords;
  readonly bytes: number;
}

/** A snapshot by sites, the largest first; together they are its total. */
export function sitesAt({ snapshots, sites }: HeapHistory, row: number): SiteBytes[] {
  const found: SiteBytes[] = [];
  let placed = 0;
  for (let i = 0; i < sites.site.length; i++) {
    if (sites.snapshot[i] !== row) continue;
    found.push({ site: sites.sites[sites.site[i]!]!, bytes: sites.bytes[i]! });
    placed += sites.bytes[i]!;
  }
  found.push({ site: UNKNOWN_HEAP, bytes: snapshots.heap[row]! - placed });
  found.push({ site: EXTRA_HEAP, bytes: snapshots.extra[row]! }, { site: STACKS, bytes: snapshots.stacks[row]! });
  return found.filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes);
}

/** The units of massif's time in words, and how many nanoseconds one has where it measures time. */
const TIME_UNITS: ReadonlyMap<string, { readonly name: string; readonly nanoseconds?: number }> = new Map([
  ['i', { name: 'instructions' }],
  ['B', { name: 'bytes' }],
  ['ms', { name: 'milliseconds', nanoseconds: 1e6 }],
  ['s', { name: 'seconds', nanoseconds: 1e9 }],
]);

export function timeUnitOf(symbol: string): { readonly name: string; readonly nanoseconds?: number } {
  return TIME_UNITS.get(symbol) ?? { name: symbol };
}
