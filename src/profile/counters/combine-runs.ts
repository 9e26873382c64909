import type { Series } from '../profile.ts';
import type { CounterRow } from './counter-row.ts';
import type { CounterColumn, CounterRuns, PartCounters } from './counter-runs.ts';
import { CounterTable } from './counter-table.ts';
import { eventName } from './event-name.ts';
import { gatherRuns } from './gather-runs.ts';
import { type Measured, measuredColumns } from './measured.ts';

/** What one run has left. */
export interface CountedRun {
  /** perf's; empty where perf counted nothing. */
  readonly rows: readonly CounterRow[];
  readonly measured: readonly Measured[];
  readonly threads: readonly PartCounters[];
  readonly series: readonly Series[];
}

/** Things that only the kernel does: counted in user space alone there are none, which says nothing. */
const IN_KERNEL: ReadonlySet<string> = new Set(['context-switches', 'cpu-migrations', 'cgroup-switches']);

/**
 * Puts together what perf and others counted in each run. What both counted is perf's; what perf was not allowed to see
 * is not counted, however often perf says 0.
 * @param about all else that is said of the runs
 */
export function combineRuns(
  runs: readonly CountedRun[],
  about: Pick<CounterRuns, 'command' | 'subject' | 'notes'>,
): CounterRuns {
  const gathered = gatherRuns(runs.map(({ rows }) => rows));
  const blind: string[] = [];
  const perf = gathered.counters.map((column): CounterColumn => {
    const { event, userOnly } = eventName(column.name);
    if (!userOnly || !IN_KERNEL.has(event) || column.missing !== undefined) return column;
    blind.push(event);
    return { ...column, values: column.values.map(() => Number.NaN), missing: 'not counted' };
  });
  const counted = new Set(perf.filter(({ missing }) => missing === undefined).map(({ name }) => eventName(name).event));
  const others = measuredColumns(runs.map(({ measured }) => measured)).filter(({ name }) => !counted.has(name));
  const hasClock = counted.has('task-clock') || counted.has('cpu-clock');
  const cpuTime = hasClock ? undefined : new CounterTable({ counters: others }).values('process-time');
  const last = runs.at(-1);
  const notes =
    blind.length === 0
      ? about.notes
      : [
          ...about.notes,
          `${blind.join(', ')}: only the kernel sees them, and perf may not look at it (sudo sysctl kernel.perf_event_paranoid=1)`,
        ];
  return {
    ...about,
    runs: runs.length,
    counters: [
      ...perf,
      ...(cpuTime === undefined ? [] : [{ name: 'cpu-time', unit: 'ns', source: 'rusage' as const, values: cpuTime }]),
      ...others,
    ],
    parts: joinParts(gathered.parts, last?.threads ?? []),
    series: [...gathered.series, ...(last?.series ?? [])],
    notes,
  };
}

/** What perf and /proc say of the same thread, side by side. */
function joinParts(perf: readonly PartCounters[], proc: readonly PartCounters[]): PartCounters[] {
  const joined = new Map<string, PartCounters>();
  for (const one of [...perf, ...proc]) {
    const key = `${one.part.kind} ${one.part.name}`;
    const known = joined.get(key);
    joined.set(key, known === undefined ? one : { ...known, counters: [...known.counters, ...one.counters] });
  }
  return [...joined.values()];
}
