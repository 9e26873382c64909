import { completed } from '../../bench/import/imported-json.ts';
import type { ReadResults } from '../../bench/import/registry.ts';
import type { ImportedBenchmark, KnownEstimate } from '../../bench/import/result-format.ts';
import type { JsonValue } from '../../bench/json-value.ts';
import type { KeptResult } from '../../history/entry.ts';
import { type Measurements, type Quantity, type Subject, subjectOf } from '../../history/measurements.ts';
import { mean, variance } from '../../statistics/moments.ts';
import { median, sorted } from '../../statistics/quantile.ts';
import { studentQuantileTwoSided } from '../../statistics/student.ts';

/** Which statistic stands for a benchmark, in budgets, histories and gauges: a median does not care for the odd slow run. */
const STANDING = ['median', 'slope', 'mean'] as const;
/** Other words for statistics. */
const WORDS = { std_dev: 'stddev', median_abs_dev: 'mad' } as const;

/** Benchmarks, of ours and of all harnesses that are read; whole commands are `run` as well. */
export function benchMeasurements({ benchmarks, notes }: ReadResults, json: JsonValue | undefined): Measurements {
  const all = benchmarks.map(completed);
  const entries = new Map(
    json?.isList
      ? json.list().flatMap((entry) => {
          const name = entry.get('name');
          return name?.isText ? [[name.text(), entry] as const] : [];
        })
      : [],
  );
  const subjects = all.flatMap((one) => benchSubjects(one, entries.get(one.name)));
  return { subjects, kept: all.flatMap(keptResult), notes };
}

/** What a history keeps of a benchmark. */
function keptResult(benchmark: ImportedBenchmark): KeptResult[] {
  const { name, unit, better, estimates } = benchmark;
  const standing = STANDING.find((statistic) => estimates[statistic] !== undefined);
  if (standing === undefined) return [];
  const { value, low, high } = quantityOf(estimates[standing]!, unit, better);
  if (!Number.isFinite(value)) return [];
  return [
    { name, unit, better, value, ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) },
  ];
}

function benchSubjects(benchmark: ImportedBenchmark, entry: JsonValue | undefined): Subject[] {
  const { name, unit, better, estimates, change, samples } = benchmark;
  const quantities = new Map<string, Quantity>();
  for (const [statistic, estimate] of Object.entries(estimates)) {
    const word = WORDS[statistic as keyof typeof WORDS] ?? statistic;
    quantities.set(word, quantityOf(estimate, unit, better));
  }
  const standing = STANDING.find((statistic) => estimates[statistic] !== undefined);
  if (standing !== undefined) {
    const value = quantities.get(standing)!;
    quantities.set('value', value);
    if (unit === 'instructions') quantities.set('instructions', value);
    if (unit === 'ns' && value.value > 0) quantities.set('rate', rateOf(value));
  }
  if (samples !== undefined && samples.values.length > 0) {
    const each = sorted(samples.values.map((value, i) => value / samples.iterations[i]!));
    quantities.set('min', { value: each[0]!, unit, better });
    quantities.set('max', { value: each.at(-1)!, unit, better });
  }
  if (change !== undefined) {
    const relative = quantityOf(change.median ?? change.mean, 'ratio', better);
    quantities.set('change', relative);
  }
  const command = entry?.get('command');
  if (command !== undefined) for (const [stat, quantity] of commandQuantities(entry!)) quantities.set(stat, quantity);
  const file = entry?.get('file');
  const more = {
    ...(file?.isText ? { place: { file: file.text() } } : {}),
    keptNames: new Map(
      standing === undefined
        ? []
        : ([
            [standing, name],
            ['value', name],
          ] as const),
    ),
  };
  const subject = subjectOf('bench', name, quantities, more);
  return command === undefined ? [subject] : [subject, subjectOf('run', name, quantities, more)];
}

function quantityOf({ point, lower, upper }: KnownEstimate, unit: string, better: KeptResult['better']): Quantity {
  const isKnown = (bound: number | undefined): bound is number => bound !== undefined && Number.isFinite(bound);
  return {
    value: point,
    ...(isKnown(lower) ? { low: lower } : {}),
    ...(isKnown(upper) ? { high: upper } : {}),
    unit,
    better,
  };
}

/** So many a second: the bounds change sides. */
function rateOf({ value, low, high }: Quantity): Quantity {
  return {
    value: 1e9 / value,
    ...(high === undefined ? {} : { low: 1e9 / high }),
    ...(low === undefined || low <= 0 ? {} : { high: 1e9 / low }),
    unit: 'ops/s',
    better: 'bigger',
  };
}

/** What is known of programs beside their time. */
function* commandQuantities(entry: JsonValue): Iterable<[string, Quantity]> {
  const [memory, cpu] = [entry.get('peakMemory')?.numbers(), entry.get('taskClock')?.numbers()];
  if (memory !== undefined && memory.length > 0) yield ['memory', meanOf(memory, 'bytes', median(memory))];
  if (cpu !== undefined && cpu.length > 0) yield ['cpu', meanOf(cpu, 'ns')];
  for (const [key, unit] of [
    ['user', 'ns'],
    ['system', 'ns'],
    ['minorFaults', 'count'],
    ['majorFaults', 'count'],
    ['voluntarySwitches', 'count'],
    ['involuntarySwitches', 'count'],
  ] as const) {
    const value = entry.get(key);
    if (value !== undefined) yield [key, { value: value.number(), unit, better: 'smaller' }];
  }
}

/** Probability that an interval misses the truth. */
const BEYOND = 0.05;

/** The mean of several runs, with Student's interval; of a single one there is no interval. @param point instead of the mean */
export function meanOf(values: readonly number[], unit: string, point = mean(values)): Quantity {
  if (values.length < 2) return { value: point, unit, better: 'smaller' };
  const reach = studentQuantileTwoSided(BEYOND, values.length - 1) * Math.sqrt(variance(values) / values.length);
  return { value: point, low: point - reach, high: point + reach, unit, better: 'smaller' };
}
