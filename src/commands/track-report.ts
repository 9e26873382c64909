import type { CheckReport, CheckRow } from '../history/check-report.ts';
import type { KeptCommit, KeptResult } from '../history/entry.ts';
import type { JudgedSeries, SeriesChange } from '../history/series.ts';

/**
 * What a history says, as continuous integration is told: a series has failed where it became worse within its last runs and
 * was not mended since.
 * @param recent so many runs
 * @param results those of the commit, for files that hold results
 */
export function historyReport(
  series: readonly JudgedSeries[],
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
    rows: series.map((one) => rowOf(one, recent)),
    results,
    notes: [],
  };
}

/** The change for the worse of a series that still holds, where it came within the last runs. */
export function freshRegression(series: JudgedSeries, recent: number): SeriesChange | undefined {
  const { changes, values } = series;
  return changes.find(
    (change) => change.verdict === 'regressed' && change.at >= values.length - recent && !isMended(change, series),
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
