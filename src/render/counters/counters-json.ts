import type { NotCounted } from '../../profile/counters/counter-row.ts';
import type { CounterColumn, CounterRuns, CounterSource } from '../../profile/counters/counter-runs.ts';
import { derive } from '../../profile/counters/derive.ts';
import { spreadOf } from '../../profile/counters/spread.ts';
import { type Verdict, verdicts } from '../../profile/counters/verdicts.ts';
import type { Counter, Series } from '../../profile/profile.ts';

/** A counter as the model has it, and every run. */
interface CounterJson extends Omit<Counter, 'value'> {
  /** Mean of the runs; null where nothing was counted. Times are nanoseconds. */
  readonly value: number | null;
  readonly missing?: NotCounted;
  readonly source: CounterSource;
  /** One a run; null where it was not counted. */
  readonly values: readonly (number | null)[];
}

interface SeriesJson extends Omit<Series, 'time' | 'value'> {
  readonly time: readonly number[];
  readonly value: readonly number[];
}

/** What `perf-stat --json` prints. Fields may be added; these stay. Names are raw: JSON escapes them. */
export interface CountersJson {
  readonly version: 1;
  readonly kind: 'perf-stat';
  readonly command?: readonly string[];
  readonly subject?: string;
  readonly runs: number;
  readonly counters: readonly CounterJson[];
  readonly derived: readonly {
    readonly name: string;
    readonly value: number;
    readonly unit: string;
    /** One a run; null where it could not be worked out. */
    readonly values: readonly (number | null)[];
    readonly meaning: string;
  }[];
  readonly verdicts: readonly Verdict[];
  /** `--per-thread` and the like. */
  readonly parts: readonly {
    readonly kind: string;
    readonly name: string;
    readonly counters: readonly CounterJson[];
  }[];
  readonly series: readonly SeriesJson[];
  readonly notes: readonly string[];
}

/** All that was counted, for other programs. */
export function countersJson(runs: CounterRuns): CountersJson {
  return {
    version: 1,
    kind: 'perf-stat',
    ...(runs.command === undefined ? {} : { command: runs.command }),
    ...(runs.subject === undefined ? {} : { subject: runs.subject }),
    runs: runs.runs,
    counters: runs.counters.map(counterJson),
    derived: derive(runs).map(({ name, value, unit, values, meaning }) => ({
      name,
      value,
      unit,
      values: numbers(values),
      meaning,
    })),
    verdicts: verdicts(runs),
    parts: runs.parts.map(({ part, counters }) => ({
      kind: part.kind,
      name: part.name,
      counters: counters.map(counterJson),
    })),
    series: runs.series.map(({ name, unit, time, value }) => ({ name, unit, time: [...time], value: [...value] })),
    notes: runs.notes,
  };
}

function counterJson(column: CounterColumn): CounterJson {
  const { name, unit, source, missing, summary } = column;
  const { count, mean, errorPercent } = spreadOf(column.values);
  const shares = column.percentRunning;
  const variance = summary?.variancePercent ?? (count > 1 ? errorPercent : undefined);
  const runs = summary === undefined ? count : summary.runs;
  return {
    name,
    unit,
    value: count === 0 ? null : mean,
    ...(variance === undefined ? {} : { variance }),
    ...(runs === undefined || missing !== undefined ? {} : { runs }),
    ...(shares === undefined ? {} : { percentRunning: spreadOf(shares).mean }),
    supported: missing !== 'not supported',
    ...(missing === undefined ? {} : { missing }),
    source,
    values: numbers(column.values),
  };
}

function numbers(values: Float64Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value));
}
