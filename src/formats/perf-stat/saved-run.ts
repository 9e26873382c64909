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

/** Metrics that perf works out of counts that stand beside them, so that whoever has the counts works them out anew. */
const WORKED_OUT =
  /^(?:[KMGT]?Hz|.*of all .*|.*per cycle|.*cycles idle|.* \S*(?:_per_second|_frequency|_per_cycle|_rate|_utilized))$/;
/** `% tma_retiring`, `Slots tma_info_slots`, `IPC`; perf prints rates (`M/sec`, `W`) in the same place. */
const NAMED = /^(?:% .+|\S+ \S*_\S*|[A-Za-z_][\w.]{2,})$/;

/** Whether a metric beside a count was asked for by name (`-M`, `--topdown`), and says something that counts do not. */
export function standsAlone({ unit }: PerfMetric): boolean {
  return NAMED.test(unit) && !WORKED_OUT.test(unit);
}
