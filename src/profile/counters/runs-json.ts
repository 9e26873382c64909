import type { CounterColumn, CounterRuns } from './counter-runs.ts';
import { spreadOf } from './spread.ts';

/** How `perf-stat --json` begins, and what `formats/perf-stat` knows it by. */
export const COUNTER_JSON = { pforgeProf: 'perf-stat', version: 1 } as const;

/**
 * The runs as plain data for JSON, each run's value kept, so that they can be compared later: what `perf-stat --json`
 * prints first and baselines are. NaN becomes null.
 */
export function runsJson(runs: CounterRuns): Record<string, unknown> {
  const { command, subject, parts, series, notes } = runs;
  return {
    ...COUNTER_JSON,
    ...(command === undefined ? {} : { command }),
    ...(subject === undefined ? {} : { subject }),
    runs: runs.runs,
    counters: runs.counters.map(counterJson),
    parts: parts.map(({ part, counters }) => ({ ...part, counters: counters.map(counterJson) })),
    series: series.map(({ name, unit, time, value }) => ({ name, unit, time: [...time], value: [...value] })),
    notes,
  };
}

function counterJson(column: CounterColumn): Record<string, unknown> {
  const { name, unit, source, values, missing, percentRunning, summary } = column;
  const { n, mean, error } = spreadOf(column);
  const variance = mean === 0 ? 0 : (error / Math.abs(mean)) * 100;
  return {
    name,
    unit,
    value: missing === undefined ? mean : null,
    ...(Number.isFinite(variance) && n !== 1 ? { variance } : {}),
    ...(n === undefined || missing !== undefined ? {} : { runs: n }),
    supported: missing === undefined,
    source,
    ...(missing === undefined ? { values: [...values] } : { missing }),
    ...(percentRunning === undefined ? {} : { percentRunning: [...percentRunning] }),
    ...(summary === undefined ? {} : { summary }),
  };
}
