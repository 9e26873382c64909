import type { CounterColumn, CounterSource } from './counter-runs.ts';

/** One value that somebody other than perf measured in one run. */
export interface Measured {
  readonly name: string;
  /** `ns`, `bytes`, `count`, `blocks`. */
  readonly unit: string;
  readonly source: CounterSource;
  readonly value: number;
}

/** Puts what was measured in each run side by side, in the order in which names first appear. */
export function measuredColumns(runs: readonly (readonly Measured[])[]): CounterColumn[] {
  const columns = new Map<string, { name: string; unit: string; source: CounterSource; values: Float64Array }>();
  runs.forEach((measured, run) => {
    for (const { name, unit, source, value } of measured) {
      let column = columns.get(name);
      if (column === undefined) {
        column = { name, unit, source, values: new Float64Array(runs.length).fill(Number.NaN) };
        columns.set(name, column);
      }
      column.values[run] = value;
    }
  });
  return [...columns.values()];
}
