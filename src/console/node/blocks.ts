import type { BlockReport } from '../../preload/console/messages.ts';
import type { BlockingRow, SourcePlace } from '../snapshot.ts';
import { culprit } from './places.ts';

/** Places that held a loop; of a program that is held everywhere the latest. */
const MOST_ROWS = 500;

/** Callbacks that held an event loop, summed up by the program's own innermost call. */
export class Blocks {
  private readonly byPlace = new Map<string, { row: BlockingRow; isExact: boolean }>();

  /** @param isExact the line is right; else the function is, and any of its lines may be meant */
  add({ thread, duration, time }: BlockReport, stack: readonly SourcePlace[], isExact: boolean): void {
    const place = culprit(stack) ?? stack[0];
    const where = `${thread}|${place?.file ?? ''}|${place?.function ?? ''}|`;
    const own = isExact ? `${where}${place?.line ?? 0}` : where;
    const old = this.byPlace.has(own) ? own : this.sameFunction(where, isExact);
    const before = old === undefined ? undefined : this.byPlace.get(old);
    if (old !== undefined) this.byPlace.delete(old);
    // Under its line as soon as that is known
    this.byPlace.set(isExact || old === undefined ? own : old, {
      isExact: isExact || (before?.isExact ?? false),
      row: {
        id: before?.row.id ?? own,
        stack: before !== undefined && (before.isExact || !isExact) ? before.row.stack : stack,
        thread,
        count: (before?.row.count ?? 0) + 1,
        total: (before?.row.total ?? 0) + duration,
        longest: Math.max(before?.row.longest ?? 0, duration),
        last: time,
      },
    });
    if (this.byPlace.size > MOST_ROWS) this.byPlace.delete(this.byPlace.keys().next().value!);
  }

  /** Of a thread: nanoseconds. */
  longest(thread: number): number {
    let longest = 0;
    for (const { row } of this.byPlace.values()) if (row.thread === thread) longest = Math.max(longest, row.longest);
    return longest;
  }

  /** The latest first. */
  rows(): BlockingRow[] {
    return [...this.byPlace.values()].map(({ row }) => row).reverse();
  }

  /** A row of the same function that may be meant, where one of the two has no line of its own. */
  private sameFunction(where: string, isExact: boolean): string | undefined {
    for (const [id, entry] of this.byPlace) {
      if (id.startsWith(where) && (!isExact || !entry.isExact)) return id;
    }
    return undefined;
  }
}
