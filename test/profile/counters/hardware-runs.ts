import type { CounterColumn, CounterRuns } from '../../../src/profile/counters/counter-runs.ts';

/** Counters of runs, given as their values run by run; times in nanoseconds. */
export function runsOf(
  counters: Readonly<Record<string, readonly number[] | number>>,
  more: Partial<CounterRuns> = {},
): CounterRuns {
  const columns = Object.entries(counters).map(([name, values]): CounterColumn => {
    const list = typeof values === 'number' ? [values] : values;
    return { name, unit: unitOf(name), source: sourceOf(name), values: Float64Array.from(list) };
  });
  const runs = Math.max(1, ...columns.map(({ values }) => values.length));
  return { runs, counters: columns, parts: [], series: [], command: ['./app'], notes: [], ...more };
}

function unitOf(name: string): string {
  if (/-(time|clock|delay)(:u)?$/.test(name)) return 'ns';
  return name === 'max-rss' ? 'bytes' : 'count';
}

function sourceOf(name: string): CounterColumn['source'] {
  if (name === 'wall-time') return 'clock';
  return /^(user|system)-time$|^max-rss$|-switches$|^m\w+-faults$/.test(name) && name !== 'context-switches'
    ? 'rusage'
    : 'perf';
}

/** The example of perf-stat(1): `perf stat -- make`, with the numbers that perf prints beside its counts. */
export const MANUAL = runsOf({
  'task-clock:u': 83_723_452_481,
  'context-switches:u': 0,
  'cpu-migrations:u': 0,
  'page-faults:u': 3_228_188,
  'cycles:u': 229_570_665_834,
  'instructions:u': 313_163_853_778,
  'branches:u': 69_704_684_856,
  'branch-misses:u': 2_078_861_393,
  'wall-time': 83_409_183_620,
  'user-time': 74_684_747_000,
  'system-time': 8_739_217_000,
});
