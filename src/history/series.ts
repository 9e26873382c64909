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
  const ordered = entries
    .map((entry, at) => ({
      entry,
      at,
      time: Date.parse(entry.commit.time ?? entry.time),
      kept: Date.parse(entry.time),
    }))
    .sort((a, b) => a.time - b.time || a.kept - b.kept || a.at - b.at);
  const series = new Map<string, Series & { values: Measured[] }>();
  for (const { entry } of ordered) {
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
