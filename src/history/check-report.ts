import type { Comparison } from '../statistics/limit.ts';
import type { KeptCommit, KeptResult } from './entry.ts';

/** `inconclusive`: the interval crosses the limit, so that nobody can tell. */
export type CheckVerdict = 'pass' | 'fail' | 'inconclusive';

/** Where in the sources something is. */
export interface SourcePlace {
  /** As annotations want it: from the top folder of the repository. */
  readonly file: string;
  /** 1-based. */
  readonly line?: number;
}

/** What a value is compared with. */
export interface CheckLimit {
  readonly operator: Comparison;
  /** In the row's unit. */
  readonly value: number;
  /** What a relative limit was reckoned from. */
  readonly base?: {
    readonly value: number;
    readonly low?: number;
    readonly high?: number;
    /** `baseline.json`, `42207d1d1`, `the last 10 commits`. */
    readonly source: string;
  };
}

/** One measurement against one budget, or one series and whether it became worse. */
export interface CheckRow {
  /** The budget as it was written; for a series its rule (`change points`, `110 % of the commit before`). */
  readonly budget: string;
  /** What was measured: `parse`, `JSON.parse`; '' where the metric says it all. */
  readonly name: string;
  /** `bench.median`, `load.p(99)`, `frame.total`. */
  readonly metric: string;
  /** `ns`, `bytes`, `ratio` (0.2 = 20 %), `count`, ... */
  readonly unit: string;
  readonly better: KeptResult['better'];
  /** undefined where nothing was found that the budget is about. */
  readonly value: number | undefined;
  /** Bounds of its interval, where known: what cannot be told apart from the value. */
  readonly low?: number;
  readonly high?: number;
  readonly limit?: CheckLimit;
  readonly verdict: CheckVerdict;
  /** How far it is beyond the limit, relative: 0.05 = 5 % more than allowed; absent where it is not, or the limit is 0. */
  readonly excess?: number;
  /** The first commit of the level that it is on, where the history tells of one. */
  readonly since?: { readonly commit: KeptCommit; readonly change: number };
  readonly place?: SourcePlace;
  /** It is told where it fails, and lets the build pass. */
  readonly isWarning?: true;
  /** In words, where the numbers do not say it: `no benchmark matches`. */
  readonly why?: string;
}

/** What `check` and `track` found, for whoever shows it. */
export interface CheckReport {
  /** Names it where several stand side by side, as in comments: `pforge-prof check`. */
  readonly title: string;
  readonly suite: string;
  readonly commit: KeptCommit;
  readonly rows: readonly CheckRow[];
  /** All that was measured, also what no budget is about: for files that hold results. */
  readonly results: readonly KeptResult[];
  readonly notes: readonly string[];
}
