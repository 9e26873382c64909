import { mean, variance } from '../statistics/moments.ts';
import { median } from '../statistics/quantile.ts';
import { studentQuantileTwoSided } from '../statistics/student.ts';
import type { CheckRow } from './check-report.ts';
import type { HistoryEntry, KeptCommit } from './entry.ts';
import type { Base } from './judge-budget.ts';
import { judged, type Series, seriesOf } from './series.ts';

/** Which series of a history a value belongs to. */
export interface SeriesKey {
  readonly suite: string;
  readonly machine: string;
  readonly name: string;
  readonly unit: string;
}

/** At most so many of the last values make a level. */
const RECENT = 30;
/** Probability that the next value of an unchanged level is outside of what is said of it. */
const BEYOND = 0.01;

/** What a history says of values that are measured now. */
export class HistoryLevels {
  private readonly series: readonly Series[];
  private readonly commit: KeptCommit;

  /**
   * @param entries the history; runs of the commit that is checked are no past of it
   * @param commit that is checked
   */
  constructor(entries: readonly HistoryEntry[], commit: KeptCommit) {
    const isOther = (entry: HistoryEntry): boolean =>
      commit.id === '' || commit.dirty === true || entry.commit.id !== commit.id;
    this.series = seriesOf(entries.filter(isOther));
    this.commit = commit;
  }

  /** The level that a series is on, and how much its next value may differ; undefined where there is none yet. */
  level(key: SeriesKey): Base | undefined {
    const series = this.find(key);
    if (series === undefined) return undefined;
    const { changes, outliers } = judged(series);
    const from = Math.max(changes.at(-1)?.at ?? 0, series.values.length - RECENT);
    const level = series.values.slice(from);
    const isTypical = (_: unknown, i: number): boolean => !outliers.includes(from + i);
    const values = level.filter(isTypical).map(({ value }) => value);
    const source = level.length === 1 ? shortId(level[0]!.commit) : `the last ${level.length} runs`;
    if (values.length < 3 || !values.every((value) => value > 0)) {
      const { value, low, high } = level.at(-1)!;
      return {
        value: values.length < 3 ? value : median(values),
        ...(low === undefined ? {} : { low }),
        ...(high === undefined ? {} : { high }),
        source,
      };
    }
    // How far the next value may be off, by how much runs differ: that is more than what one run knows of itself
    const logs = values.map(Math.log);
    const spread = Math.sqrt(variance(logs) * (1 + 1 / logs.length));
    const reach = studentQuantileTwoSided(BEYOND, logs.length - 1) * spread;
    const centre = Math.exp(mean(logs));
    return { value: centre, low: centre * Math.exp(-reach), high: centre * Math.exp(reach), source };
  }

  /** The newest value of another commit. */
  previous(key: SeriesKey): Base | undefined {
    const last = this.find(key)?.values.at(-1);
    if (last === undefined) return undefined;
    const { value, low, high, commit } = last;
    return {
      value,
      ...(low === undefined ? {} : { low }),
      ...(high === undefined ? {} : { high }),
      source: shortId(commit),
    };
  }

  /**
   * Since which commit a value is as bad as it is: its last change point for the worse, else the first of the last runs in a row
   * that are beyond the limit, else the commit that is checked.
   */
  since(key: SeriesKey, value: number, better: 'smaller' | 'bigger', limit: number | undefined): CheckRow['since'] {
    const series = this.find(key);
    if (series === undefined) return undefined;
    const now = { value, time: new Date().toISOString(), commit: this.commit };
    const all = { ...series, better, values: [...series.values, now] };
    const change = judged(all).changes.at(-1);
    if (change?.verdict === 'regressed') return { commit: change.commit, change: change.change };
    if (limit === undefined) return undefined;
    const isBeyond = (one: number): boolean => (better === 'smaller' ? one >= limit : one <= limit);
    let first = all.values.length - 1;
    while (first > 0 && isBeyond(all.values[first - 1]!.value)) first--;
    const before = all.values[first - 1]?.value;
    // It was beyond it all the time
    if (before === undefined || before === 0) return undefined;
    return { commit: all.values[first]!.commit, change: all.values[first]!.value / before - 1 };
  }

  private find({ suite, machine, name, unit }: SeriesKey): Series | undefined {
    return this.series.find(
      (one) => one.suite === suite && one.machine === machine && one.name === name && one.unit === unit,
    );
  }
}

const SHORT_ID = 9;

function shortId({ id, dirty }: KeptCommit): string {
  return id === '' ? 'the run before' : `${id.slice(0, SHORT_ID)}${dirty ? '+' : ''}`;
}
