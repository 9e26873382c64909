import type { CountedPart, CounterRow } from '../../profile/counters/counter-row.ts';
import type { MetricLine } from './csv.ts';
import { rowNumber, rowValue } from './row-number.ts';

const PARTS: readonly CountedPart['kind'][] = ['thread', 'cpu', 'core', 'cluster', 'die', 'socket', 'node', 'cgroup'];

/** perf does not escape the names of threads: what stands between these is one, whatever it holds. */
const THREAD = /("thread" : ")(.*)(", "(?:counter-value|metric-value)" : )/s;

/** Numbers as another locale prints them, which is no JSON: `"pcnt-running" : 100,00`. */
const LOCALISED = /(" : -?\d+),(\d+)(?=[,}])/g;

/**
 * Reads one line of `perf stat -j` (perf-stat(1), JSON FORMAT; perf 6.0 and newer).
 * @returns undefined where the line is no such row
 */
export function jsonRow(line: string): CounterRow | MetricLine | undefined {
  const thread = THREAD.exec(line)?.[2];
  const plain = thread === undefined ? line : line.replace(THREAD, '$1$3');
  const fields = parse(plain.replace(LOCALISED, '$1.$2'));
  if (fields === undefined) return undefined;
  const number = (name: string): number | undefined => {
    const value = fields.get(name);
    return typeof value === 'number' || typeof value === 'string' ? rowNumber(String(value).trim()) : undefined;
  };
  const text = (name: string): string => {
    const value = fields.get(name);
    return typeof value === 'string' ? value : '';
  };
  const metricValue = number('metric-value');
  const metricUnit = text('metric-unit').trim();
  const metric = metricValue === undefined || metricUnit === '' ? undefined : { value: metricValue, unit: metricUnit };
  if (!fields.has('event')) return metric === undefined ? undefined : { metric };
  const event = text('event');
  const value = rowValue(String(fields.get('counter-value') ?? ''));
  if (event === '' || value === undefined) return undefined;
  const variance = number('variance');
  const running = number('event-runtime');
  const percentRunning = number('pcnt-running');
  const interval = number('interval');
  const of = partOf(fields, thread, number('aggregate-number') ?? number('counters'));
  return {
    event,
    unit: text('unit'),
    value,
    metrics: metric === undefined ? [] : [metric],
    ...(variance === undefined ? {} : { variancePercent: variance }),
    ...(running === undefined ? {} : { running }),
    ...(percentRunning === undefined ? {} : { percentRunning }),
    ...(interval === undefined ? {} : { interval }),
    ...(of === undefined ? {} : { of }),
  };
}

function parse(line: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return new Map(Object.entries(value));
  } catch {
    return undefined;
  }
}

function partOf(
  fields: ReadonlyMap<string, unknown>,
  thread: string | undefined,
  processors: number | undefined,
): CountedPart | undefined {
  const kind = PARTS.find((part) => fields.has(part));
  if (kind === undefined) return undefined;
  const name = kind === 'thread' ? (thread ?? '') : String(fields.get(kind));
  return { kind, name, ...(processors === undefined ? {} : { processors }) };
}
