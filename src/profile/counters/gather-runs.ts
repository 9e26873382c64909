import type { Series } from '../profile.ts';
import type { CountedPart, CounterRow, NotCounted } from './counter-row.ts';
import type { CounterColumn, PartCounters } from './counter-runs.ts';

/** What rows of perf say, put together. */
export interface GatheredRows {
  readonly counters: readonly CounterColumn[];
  readonly parts: readonly PartCounters[];
  readonly series: readonly Series[];
}

/** Units in which perf prints times, in nanoseconds. Counters are kept in nanoseconds throughout. */
const TIMES: ReadonlyMap<string, number> = new Map([
  ['msec', 1e6],
  ['ms', 1e6],
  ['usec', 1e3],
  ['us', 1e3],
  ['ns', 1],
  ['nsec', 1],
  ['sec', 1e9],
]);

/**
 * Puts the rows of several runs side by side. Intervals (`-I`) are summed to what the run counted and kept as series of
 * its last run; rows of parts (threads, processors) are kept apart, for the last run, and summed where perf gives no
 * count of the whole.
 * @param runs the rows of each run, in perf's order
 */
export function gatherRuns(runs: readonly (readonly CounterRow[])[]): GatheredRows {
  const whole = new Table(runs.length);
  const parts = new Map<string, { part: CountedPart; table: Table }>();
  runs.forEach((rows, run) => {
    const hasWhole = rows.some((row) => row.of === undefined);
    for (const row of rows) {
      if (row.of === undefined || !hasWhole) whole.add(row, run);
      if (row.of === undefined || run < runs.length - 1) continue;
      const key = `${row.of.kind} ${row.of.name}`;
      let known = parts.get(key);
      if (known === undefined) {
        known = { part: row.of, table: new Table(1) };
        parts.set(key, known);
      }
      known.table.add(row, 0);
    }
  });
  return {
    counters: whole.columns(),
    parts: [...parts.values()].map(({ part, table }) => ({ part, counters: table.columns() })),
    series: seriesOf(runs.at(-1) ?? []),
  };
}

/** What one event counted, run by run. */
interface Sums {
  readonly name: string;
  readonly unit: string;
  readonly values: Float64Array;
  /** Sums of nanoseconds counted, and of nanoseconds in which it was wanted: their ratio is the percentage. */
  readonly running: Float64Array;
  readonly wanted: Float64Array;
  missing: NotCounted | undefined;
  variancePercent: number | undefined;
}

class Table {
  private readonly sums = new Map<string, Sums>();
  private readonly runs: number;

  constructor(runs: number) {
    this.runs = runs;
  }

  add(row: CounterRow, run: number): void {
    const { scale, unit } = unitOf(row);
    let sums = this.sums.get(row.event);
    if (sums === undefined) {
      sums = {
        name: row.event,
        unit,
        values: new Float64Array(this.runs).fill(Number.NaN),
        running: new Float64Array(this.runs),
        wanted: new Float64Array(this.runs),
        missing: undefined,
        variancePercent: undefined,
      };
      this.sums.set(row.event, sums);
    }
    if (typeof row.value !== 'number') {
      sums.missing = row.value;
      return;
    }
    const before = sums.values[run]!;
    sums.values[run] = (Number.isNaN(before) ? 0 : before) + row.value * scale;
    const percent = row.percentRunning ?? 100;
    // Without times every row weighs the same
    const running = row.running ?? percent;
    sums.running[run] = sums.running[run]! + running;
    sums.wanted[run] = sums.wanted[run]! + (percent > 0 ? (running * 100) / percent : 0);
    sums.variancePercent = row.variancePercent ?? sums.variancePercent;
  }

  columns(): CounterColumn[] {
    return [...this.sums.values()].map((sums) => {
      const { name, unit, values, missing, variancePercent } = sums;
      const percent = sums.running.map((running, run) => {
        const wanted = sums.wanted[run]!;
        return wanted > 0 ? (running / wanted) * 100 : 100;
      });
      const counted = values.some((value) => !Number.isNaN(value));
      return {
        name,
        unit,
        source: 'perf' as const,
        values,
        ...(counted ? {} : { missing: missing ?? 'not counted' }),
        ...(percent.some((share) => share < 99.995) ? { percentRunning: percent } : {}),
        ...(variancePercent === undefined ? {} : { summary: { variancePercent } }),
      };
    });
  }
}

function unitOf({ unit, event }: CounterRow): { scale: number; unit: string } {
  const scale = TIMES.get(unit) ?? (unit === '' && /^(duration|user|system)_time$/.test(event) ? 1 : undefined);
  if (scale !== undefined) return { scale, unit: 'ns' };
  return { scale: 1, unit: unit === '' ? 'count' : unit };
}

/**
 * Rows of an interval come together; parts of one interval are summed. Where nothing at all was counted the program
 * slept: each event came 0 times. What had no counter meanwhile has no value.
 */
function seriesOf(rows: readonly CounterRow[]): Series[] {
  const awake = new Set(rows.flatMap(({ value, interval }) => (typeof value === 'number' ? [interval] : [])));
  const found = new Map<string, { unit: string; time: number[]; value: number[]; counted: boolean }>();
  for (const row of rows) {
    const { interval } = row;
    if (interval === undefined || row.value === 'not supported') continue;
    if (row.value === 'not counted' && awake.has(interval)) continue;
    const { scale, unit } = unitOf(row);
    let one = found.get(row.event);
    if (one === undefined) {
      one = { unit, time: [], value: [], counted: false };
      found.set(row.event, one);
    }
    const time = interval * 1e9;
    const value = typeof row.value === 'number' ? row.value * scale : 0;
    one.counted ||= typeof row.value === 'number';
    if (one.time.at(-1) === time) one.value[one.value.length - 1]! += value;
    else {
      one.time.push(time);
      one.value.push(value);
    }
  }
  return [...found]
    .filter(([, { counted }]) => counted)
    .map(([name, { unit, time, value }]) => ({
      name,
      unit,
      time: Float64Array.from(time),
      value: Float64Array.from(value),
    }));
}
