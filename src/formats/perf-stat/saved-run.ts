import type { CounterRow, PerfMetric } from '../../profile/counters/counter-row.ts';

/** What one call of perf stat left in a file; `perf stat --append` puts several behind each other. */
export interface SavedRun {
  /** In perf's order; those of intervals (`-I`) too. */
  readonly rows: CounterRow[];
  /** `perf stat -I --summary`: counts of the whole run, beside the rows of its intervals. */
  readonly summary: CounterRow[];
  /** Metrics that stand for themselves, as with `--metric-only` and `--topdown`; one for each interval and part. */
  readonly metrics: PerfMetric[];
  /** Words for the person of what was measured: `./app 1000`, `process id 4711`, `system wide`. */
  subject?: { readonly kind: 'command' | 'process' | 'system'; readonly words: string };
  /** `(5 runs)`: every number is the mean of so many. */
  repeats?: number;
  /** Seconds. */
  elapsed?: { readonly value: number; readonly variancePercent?: number };
  /** Seconds of each repeat (`perf stat -r --table`). */
  readonly elapsedOfRepeats: number[];
  /** Seconds. */
  user?: number;
  system?: number;
}

export function newRun(): SavedRun {
  return { rows: [], summary: [], metrics: [], elapsedOfRepeats: [] };
}

export function isEmpty(run: SavedRun): boolean {
  return run.rows.length + run.summary.length + run.metrics.length === 0 && run.elapsed === undefined;
}
