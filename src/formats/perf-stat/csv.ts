import type { CountedPart, CounterRow, PerfMetric } from '../../profile/counters/counter-row.ts';
import { rowNumber, rowValue } from './row-number.ts';

/** A line that only adds a metric to the row before it, as perf prints where an event has several. */
export interface MetricLine {
  readonly metric: PerfMetric;
}

/**
 * Reads one line of `perf stat -x SEPARATOR` (perf-stat(1), CSV FORMAT; the source, util/stat-display.c, has the order):
 *
 *     [time] [part [processors]] value unit event [cgroup] [variance%] running percent [metric] [metric unit]
 *
 * `time` with -I, `part` with --per-thread, -A and --per-core, `cgroup` with -G, `variance` with -r.
 * @param separator as perf was given it; of one or more characters
 * @returns undefined where the line is no such row
 */
export function csvRow(line: string, separator: string): CounterRow | MetricLine | undefined {
  const fields = line.split(separator);
  let at = 0;
  let interval: number | undefined;
  // Intervals are printed as %6lu.%09lu
  if (/^\s*\d+[.,]\d{9}$/.test(fields[0]!)) interval = rowNumber(fields[at++]!.trim());
  const found = partOf(fields, at);
  if (found !== undefined) at += found.fields;
  const [valueText, unit, event, ...rest] = fields.slice(at);
  if (valueText === undefined || unit === undefined || event === undefined) return undefined;
  const metricLine = valueText.trim() === '' && event === '';
  const value = rowValue(valueText);
  if (!metricLine && (value === undefined || event.trim() === '')) return undefined;
  // What stands before the nanoseconds and is no variance
  const inCgroup = rest.length > 2 && !/^\s*(?:[\d.,]+|-?nan|inf)%?\s*$/.test(rest[0]!);
  const cgroup = inCgroup && !metricLine ? rest.shift()!.trim() : '';
  const part = found?.part ?? (cgroup === '' ? undefined : { kind: 'cgroup' as const, name: cgroup });
  const variance = /%$/.test(rest[0] ?? '') ? rowNumber(rest.shift()!.slice(0, -1).trim()) : undefined;
  const metric = metricOf(rest[2], separator === ' ' ? rest.slice(3).join(' ') : rest[3]);
  if (metricLine) return metric === undefined ? undefined : { metric };
  const running = rowNumber((rest[0] ?? '').trim());
  const percentRunning = rowNumber((rest[1] ?? '').trim());
  return {
    event: event.trim(),
    unit: unit.trim(),
    value: value!,
    metrics: metric === undefined ? [] : [metric],
    ...(variance === undefined ? {} : { variancePercent: variance }),
    ...(running === undefined ? {} : { running }),
    ...(percentRunning === undefined ? {} : { percentRunning }),
    ...(interval === undefined ? {} : { interval }),
    ...(part === undefined ? {} : { of: part }),
  };
}

function metricOf(value: string | undefined, unit: string | undefined): PerfMetric | undefined {
  const number = rowNumber((value ?? '').trim());
  return number === undefined || !unit?.trim() ? undefined : { value: number, unit: unit.trim() };
}

/** Names of parts: util/stat-display.c, aggr_printout. Only those that sum several processors say how many. */
const SUMMED_PARTS: readonly [RegExp, CountedPart['kind']][] = [
  [/^S\d+-D\d+-(?:CLS\d+-|L\d+-ID\d+-)?C\d+$/, 'core'],
  [/^S\d+-D\d+-CLS\d+$/, 'cluster'],
  [/^S\d+-D\d+$/, 'die'],
  [/^S\d+$/, 'socket'],
  [/^N\d+$/, 'node'],
];

function partOf(fields: readonly string[], at: number): { part: CountedPart; fields: number } | undefined {
  const text = fields[at];
  if (text === undefined || rowValue(text) !== undefined || text.trim() === '') return undefined;
  const name = text.trim();
  for (const [pattern, kind] of SUMMED_PARTS) {
    const processors = rowNumber((fields[at + 1] ?? '').trim());
    if (!pattern.test(name)) continue;
    // `perf stat -A` names cores so too, and has the value next
    if (kind === 'core' && fields[at + 2] !== undefined && rowValue(fields[at + 2]!) === undefined) {
      return { part: { kind, name }, fields: 1 };
    }
    return { part: { kind, name, ...(processors === undefined ? {} : { processors }) }, fields: 2 };
  }
  if (/^CPU\d+$/.test(name)) return { part: { kind: 'cpu', name }, fields: 1 };
  return /-\d+$/.test(name) ? { part: { kind: 'thread', name }, fields: 1 } : undefined;
}
