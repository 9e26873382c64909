import { type ChangePoint, type ChangePointOptions, changePoints } from './change-points.ts';
import type { HistoryEntry, KeptCommit, KeptResult } from './entry.ts';

/** One value of a series. */
interface Measured {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
  readonly time: string;
  readonly commit: KeptCommit;
}

/** One measurement over the commits, of one machine. */
export interface Series {
  readonly suite: string;
  readonly name: string;
  readonly unit: string;
  readonly better: KeptResult['better'];
  readonly machine: string;
  /** In order of commits. */
  readonly values: readonly Measured[];
}

/** A change of a series, in the words of who reads it. */
export interface SeriesChange extends ChangePoint {
  /** The first commit of the new level; it, or one between it and the last one before, made the change. */
  readonly commit: KeptCommit;
  readonly verdict: 'regressed' | 'improved';
}

export interface JudgedSeries extends Series {
  readonly changes: readonly SeriesChange[];
  /** Indexes of values that say more of the machine than of the commit. */
  readonly outliers: readonly number[];
}

/**
 * The series of a history: by suite, name, unit and machine. Commits are in order of their time, runs of one commit in
 * that of theirs.
 */
export function seriesOf(entries: readonly HistoryEntry[]): Series[] {
  const series = new Map<string, Series & { values: Measured[] }>();
  for (const entry of inOrder(entries)) {
    const { suite, machine, commit, time } = entry;
    for (const { name, unit, better, value, low, high } of entry.results) {
      const key = JSON.stringify([suite, name, unit, machine]);
      let one = series.get(key);
      if (one === undefined) {
        one = { suite, name, unit, better, machine, values: [] };
        series.set(key, one);
      }
      const bounds = { ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) };
      one.values.push({ value, ...bounds, time, commit });
    }
  }
  return [...series.values()];
}

/** By the commits' times, runs of one commit by theirs. */
export function inOrder(entries: readonly HistoryEntry[]): HistoryEntry[] {
  return entries
    .map((entry, at) => ({
      entry,
      at,
      time: Date.parse(entry.commit.time ?? entry.time),
      kept: Date.parse(entry.time),
    }))
    .sort((a, b) => a.time - b.time || a.kept - b.kept || a.at - b.at)
    .map(({ entry }) => entry);
}

/** Finds where a series changed. */
export function judged(series: Series, options: ChangePointOptions = {}): JudgedSeries {
  const { points, outliers } = changePoints(
    series.values.map(({ value }) => value),
    options,
  );
  const changes = points.map((point) => ({
    ...point,
    commit: series.values[point.at]!.commit,
    verdict: point.change > 0 === (series.better === 'smaller') ? ('regressed' as const) : ('improved' as const),
  }));
  return { ...series, changes, outliers };
}

const DEFAULT_BRANCHES = ['main', 'master', 'trunk'];

/**
 * The entries of one branch: what a pull request measured is no part of the series it will be merged into. Entries that know no
 * branch, as most workflows leave them, belong to every one.
 * @param wanted Default: main, master or trunk where there are entries of it, else the branch of most of them
 */
export function onBranch(
  entries: readonly HistoryEntry[],
  wanted?: string,
): { readonly kept: readonly HistoryEntry[]; readonly leftOut: number; readonly branch: string } {
  const counts = new Map<string, number>();
  for (const { commit } of entries) if (commit.branch) counts.set(commit.branch, (counts.get(commit.branch) ?? 0) + 1);
  const most = [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '';
  const branch = wanted ?? DEFAULT_BRANCHES.find((name) => counts.has(name)) ?? most;
  const kept = entries.filter(({ commit }) => !commit.branch || commit.branch === branch);
  return { kept, leftOut: entries.length - kept.length, branch };
}
