import type { CounterColumn, CounterRuns } from '../../../src/profile/counters/counter-runs.ts';

/** Runs with these counters, one value a run. */
export function counterRuns(
  counters: Readonly<Record<string, readonly number[]>>,
  more: Partial<Pick<CounterColumn, 'unit' | 'source' | 'summary'>> & Partial<Omit<CounterRuns, 'counters'>> = {},
): CounterRuns {
  const { unit = 'ns', source = 'perf', summary, ...rest } = more;
  return {
    runs: Math.max(1, ...Object.values(counters).map(({ length }) => length)),
    counters: Object.entries(counters).map(([name, values]) => ({
      name,
      unit,
      source,
      values: Float64Array.from(values),
      ...(summary === undefined ? {} : { summary }),
      ...(values.length === 0 ? { missing: 'not supported' as const } : {}),
    })),
    parts: [],
    series: [],
    notes: [],
    ...rest,
  };
}
