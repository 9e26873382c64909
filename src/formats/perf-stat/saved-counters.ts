import type { CounterRow, PerfMetric } from '../../profile/counters/counter-row.ts';
import type { CounterColumn, CounterRuns } from '../../profile/counters/counter-runs.ts';
import { gatherRuns } from '../../profile/counters/gather-runs.ts';
import type { Notes } from '../format.ts';
import { type SavedRun, standsAlone } from './saved-run.ts';

/** As we call what we measure ourselves, so that the two can be compared. */
const ELAPSED = 'wall-time';
const USER = 'user-time';
const SYSTEM = 'system-time';
/** Seconds that no program takes: perf (6.1) writes less for some that end at once. */
const LEAST_ELAPSED = 1e-5;

/**
 * What a saved output says, as if the runs had just been counted: one value a run where several calls of perf stat stand
 * behind each other, the mean and its error where perf repeated the program itself (`-r`).
 * @param runs at least one
 */
export function savedCounters(runs: readonly SavedRun[], notes: Notes): Omit<CounterRuns, 'notes'> {
  const subjects = new Set(runs.map(({ subject }) => subject?.words ?? ''));
  if (subjects.size > 1) {
    notes.add(
      `${subjects.size} different programs were measured: ${[...subjects].join(', ')}; they count as runs of one`,
    );
  }
  const { counters, parts } = gatherRuns(runs.map(({ rows, summary }) => (summary.length > 0 ? summary : rows)));
  const { series } = gatherRuns([runs.at(-1)!.rows.filter(({ interval }) => interval !== undefined)]);
  const { subject } = runs[0]!;
  return {
    runs: repeatsOf(runs),
    counters: [
      ...counters.map((counter) => withRepeats(counter, runs)),
      ...metricColumns(runs.map(metricsOf)),
      ...timeColumns(runs, notes),
    ],
    parts,
    series,
    ...(subject?.kind === 'command' ? { command: subject.words.split(/\s+/).filter(Boolean) } : {}),
    ...(subject !== undefined && subject.kind !== 'command' ? { subject: subject.words } : {}),
  };
}

function repeatsOf(runs: readonly SavedRun[]): number {
  return runs.reduce((sum, { repeats }) => sum + (repeats ?? 1), 0);
}

/** Rows of `-r` are means: of how many runs, the title says. Intervals have no error that means anything. */
function withRepeats(counter: CounterColumn, runs: readonly SavedRun[]): CounterColumn {
  const { summary, ...rest } = counter;
  const [only] = runs;
  const { repeats } = only!;
  const timed = only!.rows.some(({ interval }) => interval !== undefined) && only!.summary.length === 0;
  if (runs.length > 1 || timed) return rest;
  if (summary === undefined && repeats === undefined) return rest;
  return {
    ...rest,
    // perf prints no error where it is 0
    summary: { variancePercent: summary?.variancePercent ?? 0, ...(repeats === undefined ? {} : { runs: repeats }) },
  };
}

function metricsOf(run: SavedRun): PerfMetric[] {
  const rows: readonly CounterRow[] = run.summary.length > 0 ? run.summary : run.rows;
  return [...rows.flatMap(({ metrics }) => metrics.filter(standsAlone)), ...run.metrics];
}

/** Metrics that were asked for (`-M`, `--topdown`): ratios, so intervals and parts are averaged. */
function metricColumns(runs: readonly (readonly PerfMetric[])[]): CounterColumn[] {
  const sums = new Map<string, { unit: string; values: Float64Array; counts: Float64Array }>();
  for (const [run, metrics] of runs.entries()) {
    for (const metric of metrics) {
      const { name, unit } = nameOf(metric);
      let known = sums.get(name);
      if (known === undefined) {
        known = { unit, values: new Float64Array(runs.length), counts: new Float64Array(runs.length) };
        sums.set(name, known);
      }
      known.values[run]! += metric.value;
      known.counts[run]! += 1;
    }
  }
  return [...sums].map(([name, { unit, values, counts }]) => ({
    name,
    unit,
    source: 'perf' as const,
    values: values.map((sum, run) => sum / counts[run]!),
  }));
}

/** `%  tma_retiring`, `Slots tma_info_slots`, `insn per cycle`: what perf calls a unit is the unit and the name. */
function nameOf({ unit }: PerfMetric): { name: string; unit: string } {
  const words = unit.replace(/\s+/g, ' ');
  const [, measure, name] = /^(\S+) (\S*_\S*)$/.exec(words) ?? [];
  if (measure !== undefined) return { name: name!, unit: measure };
  const [, plain] = /^% (.+)$/.exec(words) ?? [];
  return plain === undefined ? { name: words, unit: 'ratio' } : { name: plain, unit: '%' };
}

function timeColumns(saved: readonly SavedRun[], notes: Notes): CounterColumn[] {
  const wrong = saved.filter(({ elapsed }) => elapsed !== undefined && elapsed.value < LEAST_ELAPSED).length;
  if (wrong > 0) notes.add(`elapsed times of a few microseconds, which no program takes, left out: ${wrong}`);
  const runs = saved.map(({ elapsed, ...run }) => ({
    ...run,
    ...(elapsed === undefined || elapsed.value < LEAST_ELAPSED ? {} : { elapsed }),
  }));
  const columns: CounterColumn[] = [];
  const add = (name: string, seconds: readonly (number | undefined)[], summary?: CounterColumn['summary']): void => {
    if (seconds.every((value) => value === undefined)) return;
    const values = Float64Array.from(seconds, (value) => (value === undefined ? Number.NaN : Math.round(value * 1e9)));
    columns.push({ name, unit: 'ns', source: 'perf', values, ...(summary === undefined ? {} : { summary }) });
  };
  const [only] = runs;
  const { elapsed, repeats, elapsedOfRepeats } = only!;
  if (runs.length === 1 && elapsedOfRepeats.length > 1) add(ELAPSED, elapsedOfRepeats);
  else if (runs.length > 1 || repeats === undefined)
    add(
      ELAPSED,
      runs.map((run) => run.elapsed?.value),
    );
  else add(ELAPSED, [elapsed?.value], { variancePercent: elapsed?.variancePercent ?? 0, runs: repeats });
  add(
    USER,
    runs.map(({ user }) => user),
  );
  add(
    SYSTEM,
    runs.map(({ system }) => system),
  );
  return columns;
}
