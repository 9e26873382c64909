import type { BranchResult } from '../../history/branch-results.ts';
import type { CheckReport, CheckRow } from '../../history/check-report.ts';
import type { KeptCommit, KeptResult } from '../../history/entry.ts';
import type { JudgedSeries, SeriesChange } from '../../history/series.ts';

/** What was told: the series of one branch, and what the one that is checked out measured beside them. */
export interface Told {
  readonly series: readonly JudgedSeries[];
  /** Absent where that is the branch of the series. */
  readonly branch?: {
    readonly name: string;
    /** The branch of the series. */
    readonly beside: string;
    readonly results: readonly BranchResult[];
  };
}

/**
 * What a history says, as continuous integration is told: a series has failed where it became worse within its last runs and
 * was not mended since. On a branch its own results alone are judged: what it branches from is not its fault.
 * @param recent so many runs
 * @param results those of the commit, for files that hold results
 */
export function historyReport(
  { series, branch }: Told,
  recent: number,
  {
    suite,
    commit,
    results,
  }: { readonly suite: string; readonly commit: KeptCommit; readonly results: readonly KeptResult[] },
): CheckReport {
  return {
    title: 'pforge-prof track',
    suite,
    commit,
    rows:
      branch === undefined
        ? series.map((one) => rowOf(one, recent))
        : branch.results.map((one) => branchRow(one, branch.beside)),
    results,
    notes: [],
  };
}

/** The step for the worse of a series that still holds, where it came within the last runs; a drift has no commit to blame. */
export function freshRegression(series: JudgedSeries, recent: number): SeriesChange | undefined {
  const { changes, values } = series;
  return changes.find(
    (change) =>
      change.verdict === 'regressed' &&
      !change.isDrift &&
      change.at >= values.length - recent &&
      !isMended(change, series),
  );
}

/** Whether a later change has brought the series back, nearer to where it was before than to where it went. */
function isMended({ before, after }: SeriesChange, { changes }: JudgedSeries): boolean {
  const now = changes.at(-1)!.after;
  return Math.abs(now - before) < Math.abs(now - after);
}

function rowOf(series: JudgedSeries, recent: number): CheckRow {
  const { name, unit, better, values } = series;
  const { value, low, high } = values.at(-1)!;
  const worse = freshRegression(series, recent);
  const row = {
    budget: 'no change point for the worse',
    name,
    metric: 'history',
    unit,
    better,
    value,
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
  };
  if (worse === undefined) return { ...row, verdict: 'pass' };
  const { before, change, commit } = worse;
  return {
    ...row,
    verdict: 'fail',
    limit: {
      operator: better === 'smaller' ? '<=' : '>=',
      value: before,
      base: { value: before, source: `the level before ${commit.id.slice(0, 9) || 'it'}` },
    },
    excess: Math.abs(change),
    since: { commit, change },
  };
}

function branchRow(result: BranchResult, beside: string): CheckRow {
  const { name, unit, better, value, level, verdict } = result;
  const row = { budget: `on the level of ${beside}`, name, metric: 'history', unit, better, value };
  if (level === undefined) return { ...row, verdict: 'inconclusive', why: `${beside} has no level of it yet` };
  const isWorse = verdict === 'regressed';
  const isSmaller = better === 'smaller';
  const limit = isSmaller ? level.high : level.low;
  const excess = (isSmaller ? value / limit : limit / value) - 1;
  return {
    ...row,
    verdict: isWorse ? 'fail' : 'pass',
    limit: {
      operator: isSmaller ? '<=' : '>=',
      value: limit,
      base: { ...level, source: `the level of ${beside}` },
    },
    ...(isWorse && excess > 0 && Number.isFinite(excess) ? { excess } : {}),
  };
}
