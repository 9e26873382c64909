import type { LoadResult } from '../../load/result.ts';
import type { ServerUsage } from '../../load/server-watch.ts';
import type { Verdict } from '../../load/thresholds.ts';

/** The server's side of a load, while it was counted. */
export interface ServerSide extends ServerUsage {
  readonly pid: number;
  readonly program: readonly string[];
}

/** Everything that a report of a load tells. */
export interface LoadReport {
  readonly result: LoadResult;
  readonly server?: ServerSide | undefined;
  readonly verdicts: readonly Verdict[];
  readonly notes: readonly string[];
}
