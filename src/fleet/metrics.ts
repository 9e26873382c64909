import type { HistoryEntry, KeptResult } from '../history/entry.ts';
import { ERROR_KINDS, type LoadResult } from '../load/result.ts';
import { baseUnit } from '../profile/units.ts';

/** One number of a gauge, by Prometheus's conventions: base units, which the name ends in. */
export interface Metric {
  /** `pforge_prof_benchmark_seconds`. */
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** What each gauge is, for those who read it. */
export const HELP: ReadonlyMap<string, string> = new Map([
  ['pforge_prof_benchmark_seconds', 'Time of one iteration of a benchmark.'],
  ['pforge_prof_benchmark_bytes', 'Bytes that a benchmark measured.'],
  ['pforge_prof_benchmark_value', 'What a benchmark measured, in the unit of the label unit.'],
  ['pforge_prof_load_requests', 'Complete answers during a load.'],
  ['pforge_prof_load_requests_per_second', 'Complete answers a second during a load.'],
  ['pforge_prof_load_errors', 'Requests of a load that failed, by kind.'],
  ['pforge_prof_load_latency_seconds', 'Latency of a load, by quantile.'],
  ['pforge_prof_load_latency_max_seconds', 'The longest latency of a load.'],
  ['pforge_prof_load_latency_mean_seconds', 'The mean latency of a load.'],
]);

/** A result, as a history keeps it, with the bounds of its interval as gauges of their own: `..._low`, `..._high`. */
export function resultMetrics(result: KeptResult, labels: ReadonlyMap<string, string>, time: number): Metric[] {
  const { name: benchmark, unit, value, low, high } = result;
  const base = baseUnit(unit);
  const suffix = base?.name ?? 'value';
  const all = new Map([
    ...labels,
    ['benchmark', benchmark],
    ...(suffix === 'value' ? ([['unit', unit]] as const) : []),
  ]);
  const name = `pforge_prof_benchmark_${suffix}`;
  const numbers = [
    [name, value],
    [`${name}_low`, low],
    [`${name}_high`, high],
  ] as const;
  return numbers.flatMap(([gauge, number]) =>
    number === undefined || !Number.isFinite(number)
      ? []
      : [{ name: gauge, labels: all, value: number / (base?.count ?? 1), time }],
  );
}

/** All of a history, each result at the time of its commit; numbers of different machines are different series. */
export function historyMetrics(entries: readonly HistoryEntry[], labels: ReadonlyMap<string, string>): Metric[] {
  return entries.flatMap(({ time, commit, suite, machine, results }) => {
    const own = new Map([...labels, ['machine', machine], ...(suite === '' ? [] : ([['suite', suite]] as const))]);
    if (commit.branch) own.set('branch', commit.branch);
    return results.flatMap((result) => resultMetrics(result, own, Date.parse(commit.time ?? time)));
  });
}

export function loadMetrics(load: LoadResult, labels: ReadonlyMap<string, string>, time: number): Metric[] {
  const own = new Map([...labels, ['url', load.url], ['engine', load.engine]]);
  const gauge = (
    name: string,
    value: number | undefined,
    more: readonly (readonly [string, string])[] = [],
  ): Metric[] =>
    value === undefined || !Number.isFinite(value)
      ? []
      : [{ name: `pforge_prof_load_${name}`, labels: new Map([...own, ...more]), value, time }];
  const micros = (value: number | undefined): number | undefined => (value === undefined ? undefined : value * 1e-6);
  const latency = load.corrected ?? load.latency;
  return [
    ...gauge('requests', load.requests),
    ...gauge('requests_per_second', load.seconds > 0 ? load.requests / load.seconds : undefined),
    ...ERROR_KINDS.flatMap((kind) => gauge('errors', load.errors[kind], [['kind', kind]])),
    ...latency.percentiles.flatMap(({ percent, value }) =>
      gauge('latency_seconds', micros(value), [['quantile', String(Number((percent / 100).toPrecision(12)))]]),
    ),
    ...gauge('latency_max_seconds', micros(latency.max)),
    ...gauge('latency_mean_seconds', micros(latency.mean)),
  ];
}
