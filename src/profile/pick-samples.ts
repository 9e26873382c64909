import type { SampleTable } from './profile.ts';

/** The given rows of a table of samples, in the given order. */
export function pickSamples(samples: SampleTable, rows: readonly number[]): SampleTable {
  return {
    length: rows.length,
    stack: Int32Array.from(rows, (row) => samples.stack[row]!),
    values: samples.values.map((column) => Float64Array.from(rows, (row) => column[row]!)),
    ...(samples.time ? { time: Float64Array.from(rows, (row) => samples.time![row]!) } : {}),
    ...(samples.thread ? { thread: Int32Array.from(rows, (row) => samples.thread![row]!) } : {}),
  };
}
