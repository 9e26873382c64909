import { constants, PerformanceObserver } from 'node:perf_hooks';
import type { ThreadReport } from './messages.ts';

const KINDS = new Map<number, string>([
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weak callbacks'],
]);

/** Collections that may themselves have held the loop: milliseconds, and how many are remembered. */
const LONG_MS = 10;
const REMEMBERED = 16;

export interface Collections {
  /** Since the last time. */
  readonly taken: () => ThreadReport['gc'];
  /** How much of a time they took: all of it in milliseconds of `performance.now`. */
  within(from: number, to: number): number;
  stop(): void;
}

/** Garbage collections of this thread. Other entries of the observer cost up to half of the time of a server: none of them. */
export function watchCollections(): Collections {
  let sums = new Map<string, { kind: string; count: number; total: number; longest: number }>();
  const long: { readonly from: number; readonly to: number }[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const kind = KINDS.get((entry as { detail?: { kind?: number } }).detail?.kind ?? 0) ?? 'other';
      const sum = sums.get(kind) ?? { kind, count: 0, total: 0, longest: 0 };
      const duration = entry.duration * 1e6;
      if (entry.duration >= LONG_MS) {
        long.push({ from: entry.startTime, to: entry.startTime + entry.duration });
        if (long.length > REMEMBERED) long.shift();
      }
      sum.count++;
      sum.total += duration;
      sum.longest = Math.max(sum.longest, duration);
      sums.set(kind, sum);
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return {
    taken() {
      const taken = [...sums.values()];
      sums = new Map();
      return taken;
    },
    within(from, to) {
      return long.reduce((sum, one) => sum + Math.max(0, Math.min(to, one.to) - Math.max(from, one.from)), 0);
    },
    stop: () => observer.disconnect(),
  };
}
