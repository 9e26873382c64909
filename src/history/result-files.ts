import type { KeptResult } from './entry.ts';

/** One result as github-action-benchmark reads it (tools `customSmallerIsBetter` and `customBiggerIsBetter`). */
export interface CustomBenchmark {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** `± 3.2`: half the width of the interval. */
  readonly range?: string;
  readonly extra?: string;
}

/** Results of which smaller ones, or bigger ones, are better: a file of that action has one kind. */
export function customBenchmarks(results: readonly KeptResult[], better: KeptResult['better']): CustomBenchmark[] {
  return results
    .filter((result) => result.better === better)
    .map(({ name, unit, value, low, high }) => ({
      name,
      unit,
      value,
      ...(low === undefined || high === undefined
        ? {}
        : { range: `± ${Number(((high - low) / 2).toPrecision(6))}`, extra: `interval: ${low} .. ${high}` }),
    }));
}

interface BencherMeasure {
  readonly value: number;
  readonly lower_value?: number;
  readonly upper_value?: number;
}

/** Measures that Bencher has by itself, by our units, and how many of ours one of theirs is. */
const MEASURES: ReadonlyMap<string, readonly [measure: string, factor: number]> = new Map([
  ['ns', ['latency', 1]],
  ['us', ['latency', 1e-3]],
  ['ms', ['latency', 1e-6]],
  ['s', ['latency', 1e-9]],
  ['ops/s', ['throughput', 1]],
  ['requests/s', ['throughput', 1]],
  ['bytes', ['bytes', 1]],
  ['instructions', ['instructions', 1]],
]);

/** Bencher Metric Format: benchmarks, each with its measures. */
export function bencherMetrics(results: readonly KeptResult[]): Record<string, Record<string, BencherMeasure>> {
  const benchmarks = new Map<string, Map<string, BencherMeasure>>();
  for (const { name, unit, value, low, high } of results) {
    const [measure, factor] = MEASURES.get(unit) ?? [unit === '' ? 'count' : unit, 1];
    const measures = benchmarks.get(name) ?? new Map<string, BencherMeasure>();
    benchmarks.set(name, measures);
    measures.set(measure, {
      value: value / factor,
      ...(low === undefined ? {} : { lower_value: low / factor }),
      ...(high === undefined ? {} : { upper_value: high / factor }),
    });
  }
  return Object.fromEntries([...benchmarks].map(([name, measures]) => [name, Object.fromEntries(measures)]));
}
