import type { SampleTable, WeightColumn } from './profile.ts';

/** The given rows of a table of samples, in the given order. */
export function pickSamples(samples: SampleTable, rows: readonly number[]): SampleTable {
  return {
    length: rows.length,
    stack: Int32Array.from(rows, (row) => samples.stack[row]!),
    values: samples.values.map((column) => pickWeights(column, rows)),
    ...(samples.time ? { time: Float64Array.from(rows, (row) => samples.time![row]!) } : {}),
    ...(samples.thread ? { thread: Int32Array.from(rows, (row) => samples.thread![row]!) } : {}),
  };
}

/** What is narrow stays so: the numbers that are left fit as well. */
function pickWeights(column: WeightColumn, rows: readonly number[]): WeightColumn {
  const at = (row: number): number => column[row]!;
  if (column instanceof Uint8Array) return Uint8Array.from(rows, at);
  return column instanceof Int32Array ? Int32Array.from(rows, at) : Float64Array.from(rows, at);
}
