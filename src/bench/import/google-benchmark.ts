import type { JsonValue } from '../json-value.ts';
import { type ImportedBenchmark, type ResultFormat, type StatisticName, single } from './result-format.ts';
import { nanosecondsIn } from './time-units.ts';

/** Aggregates that Google Benchmark makes of repetitions, and what we call them. */
const AGGREGATES: ReadonlyMap<string, StatisticName> = new Map([
  ['mean', 'mean'],
  ['median', 'median'],
  ['stddev', 'std_dev'],
]);

interface Repetitions {
  readonly values: number[];
  readonly iterations: number[];
  readonly aggregates: Map<StatisticName, number>;
}

/** `--benchmark_format=json`: repetitions of a benchmark are its samples; aggregates count where there is nothing else. */
export const googleBenchmark: ResultFormat = {
  id: 'google-benchmark',
  title: 'Google Benchmark JSON',
  detect({ json }) {
    const first = json?.get('benchmarks');
    if (first === undefined || !first.isList) return false;
    return (
      json!.get('context')?.get('num_cpus') !== undefined ||
      first.list()[0]?.get('real_time') !== undefined ||
      first.list()[0]?.get('run_type') !== undefined
    );
  },
  read({ json }) {
    const found = new Map<string, Repetitions>();
    const notes: string[] = [];
    for (const entry of json!.at('benchmarks').list()) {
      const name = (entry.get('run_name') ?? entry.at('name')).text();
      if (entry.get('error_occurred') !== undefined) {
        notes.push(`${name} failed: ${entry.get('error_message')?.text() ?? 'no reason is given'}`);
        continue;
      }
      if (entry.get('skipped') !== undefined) {
        notes.push(`${name} was skipped: ${entry.get('skip_message')?.text() ?? 'no reason is given'}`);
        continue;
      }
      const group = found.get(name) ?? { values: [], iterations: [], aggregates: new Map() };
      if (addTo(group, entry)) found.set(name, group);
    }
    return { benchmarks: [...found].map(([name, group]) => benchmarkOf(name, group)), notes };
  },
};

/** @returns false where it says nothing of time */
function addTo({ values, iterations, aggregates }: Repetitions, entry: JsonValue): boolean {
  if (entry.get('run_type')?.text() === 'aggregate') {
    const known = AGGREGATES.get(entry.get('aggregate_name')?.text() ?? '');
    if (known === undefined) return false;
    aggregates.set(known, timeOf(entry));
    return true;
  }
  values.push(timeOf(entry));
  iterations.push(entry.get('iterations')?.number() ?? 1);
  return true;
}

function timeOf(entry: JsonValue): number {
  const unit = entry.get('time_unit')?.text() ?? 'ns';
  const factor = nanosecondsIn(unit);
  if (factor === undefined) throw entry.wrong(`has a time_unit that is none: ${JSON.stringify(unit)}`);
  return entry.at('real_time').number() * factor;
}

function benchmarkOf(name: string, { values, iterations, aggregates }: Repetitions): ImportedBenchmark {
  if (values.length === 1 && aggregates.size === 0) return single(name, 'ns', values[0]!);
  const estimates = Object.fromEntries([...aggregates].map(([statistic, point]) => [statistic, { point }]));
  if (values.length < 2) return { name, unit: 'ns', better: 'smaller', estimates };
  const whole = Float64Array.from(values, (value, i) => value * iterations[i]!);
  const samples = { values: whole, iterations: Float64Array.from(iterations), samplingMode: 'Flat' as const };
  return { name, unit: 'ns', better: 'smaller', estimates, samples };
}
