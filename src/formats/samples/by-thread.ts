import type { Profile } from '../../profile/profile.ts';

/** The samples of one thread. */
export interface ThreadSamples {
  /** Index into the profile's threads; -1 for samples of which nobody knows the thread. */
  readonly thread: number;
  /** Rows of the sample table, in its order. */
  readonly rows: Int32Array;
}

/** The samples by thread, in the order of the threads, those without one first. Threads without samples are left out. */
export function samplesByThread({ samples, threads }: Profile): ThreadSamples[] {
  const of = (row: number) => (samples.thread?.[row] ?? -1) + 1;
  const counts = new Int32Array(threads.length + 1);
  for (let row = 0; row < samples.length; row++) counts[of(row)]!++;
  const lists = Array.from(counts, (count) => new Int32Array(count));
  counts.fill(0);
  for (let row = 0; row < samples.length; row++) {
    const list = of(row);
    lists[list]![counts[list]!++] = row;
  }
  return lists.map((rows, i) => ({ thread: i - 1, rows })).filter(({ rows }) => rows.length > 0);
}
