import type { CounterColumn, CounterRuns } from './counter-runs.ts';
import { eventName } from './event-name.ts';

/** Counters that can be asked for by what they count, whatever name perf gave them. */
export class CounterTable {
  /** How many values each column has. */
  readonly length: number;
  /** The kinds of cores that have counters of their own; just `''` on most machines. */
  readonly pmus: readonly string[];
  private readonly columns = new Map<string, CounterColumn>();

  constructor({ counters }: Pick<CounterRuns, 'counters'>) {
    this.length = Math.max(0, ...counters.map(({ values }) => values.length));
    const pmus = new Set<string>();
    for (const column of counters) {
      const { event, pmu } = eventName(column.name);
      if (pmu !== '') pmus.add(pmu);
      const key = `${pmu}/${event}`;
      const known = this.columns.get(key);
      // What perf could not count somebody else may have
      if (known === undefined || known.missing !== undefined) this.columns.set(key, column);
    }
    this.pmus = pmus.size === 0 ? [''] : [...pmus];
  }

  /** The column of an event, of these cores or of all; undefined where nothing was counted. */
  find(event: string, pmu = ''): CounterColumn | undefined {
    const column = this.columns.get(`${pmu}/${event}`) ?? (pmu === '' ? undefined : this.columns.get(`/${event}`));
    return column === undefined || column.missing !== undefined ? undefined : column;
  }

  /**
   * Its values. `cpu-time` is nanoseconds on the CPUs by whoever counted them best; `process-time` by the kernel's
   * account alone, so that it can be divided.
   */
  values(event: string, pmu = ''): Float64Array | undefined {
    if (event === 'cpu-time') {
      const clock = this.find('task-clock') ?? this.find('cpu-clock');
      if (clock !== undefined) return clock.values;
    } else if (event !== 'process-time') return this.find(event, pmu)?.values;
    const user = this.find('user-time')?.values;
    const system = this.find('system-time')?.values;
    return user === undefined || system === undefined ? undefined : user.map((value, run) => value + system[run]!);
  }
}
