import type { LoadResult } from '../../load/result.ts';
import type { Verdict } from '../../load/thresholds.ts';

/** The server's side of a load, while it was counted. */
export interface ServerSide {
  readonly pid: number;
  readonly program: readonly string[];
  /** Of the program and all that it started: seconds. */
  readonly cpuSeconds: number;
  /** Bytes, mean and largest. */
  readonly rss: number;
  readonly maxRss: number;
  /** Of node's event loop; undefined of other programs. Of several processes the busiest one. */
  readonly eventLoop?: {
    /** Share of the time, 0 to 1, in which it was at work. */
    readonly utilization: number;
    /** How late it was with timers: microseconds. */
    readonly delay: { readonly p50: number; readonly p99: number; readonly max: number };
  };
}

/** Everything that a report of a load tells. */
export interface LoadReport {
  readonly result: LoadResult;
  readonly server?: ServerSide | undefined;
  readonly verdicts: readonly Verdict[];
  readonly notes: readonly string[];
}
