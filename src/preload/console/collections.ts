import { constants, PerformanceObserver } from 'node:perf_hooks';
import type { ThreadReport } from './messages.ts';

const KINDS = new Map<number, string>([
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weak callbacks'],
]);

/** Garbage collections of this thread. Other entries of the observer cost up to half of the time of a server: none of them. */
export function watchCollections(): { readonly taken: () => ThreadReport['gc']; stop(): void } {
  let sums = new Map<string, { kind: string; count: number; total: number; longest: number }>();
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const kind = KINDS.get((entry as { detail?: { kind?: number } }).detail?.kind ?? 0) ?? 'other';
      const sum = sums.get(kind) ?? { kind, count: 0, total: 0, longest: 0 };
      const duration = entry.duration * 1e6;
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
    stop: () => observer.disconnect(),
  };
}
