import type { JsonValue } from '../json-value.ts';
import { averages, type ImportedBenchmark, type KnownEstimate, type ResultFormat } from './result-format.ts';

const MILLISECOND = 1e6;
/** tinybench's margin of error is that of a 95 % interval by Student's t. */
const LEVEL = 0.95;

/** Tasks with their results, as `bench.table()` has them not: `JSON.stringify(bench.tasks)` of tinybench 2 and later. */
export const tinybench: ResultFormat = {
  id: 'tinybench',
  title: 'tinybench JSON',
  detect: ({ json }) => json?.isList === true && json.list().some((task) => latencyOf(task) !== undefined),
  read({ json }) {
    const notes: string[] = [];
    const benchmarks = json!.list().flatMap((task) => {
      const latency = latencyOf(task);
      if (latency !== undefined) return [benchmarkOf(task, latency)];
      notes.push(`${task.at('name').text()} has no result: it failed or did not run`);
      return [];
    });
    return { benchmarks, notes };
  },
};

function latencyOf(task: JsonValue): JsonValue | undefined {
  const result = task.get('result');
  // tinybench 2 has the times in the result itself
  const flat = result?.get('mean') !== undefined && result.get('hz') !== undefined ? result : undefined;
  return task.get('latency') ?? result?.get('latency') ?? flat;
}

function benchmarkOf(task: JsonValue, latency: JsonValue): ImportedBenchmark {
  return { name: task.at('name').text(), ...latencyEstimates(latency, 'p50') };
}

/** What tinybench tells of times, in milliseconds; vitest has the same under a name of its own for the median. */
export function latencyEstimates(stats: JsonValue, middle: 'p50' | 'median'): Omit<ImportedBenchmark, 'name'> {
  const known = (key: string): KnownEstimate | undefined => {
    const value = stats.get(key)?.number();
    return value === undefined ? undefined : { point: value * MILLISECOND };
  };
  const mean = stats.at('mean').number() * MILLISECOND;
  const margin = known('moe')?.point;
  const error = known('sem')?.point;
  const median = known(middle);
  const deviation = known('sd');
  const samples = stats.get('samples')?.numbers();
  return {
    unit: 'ns',
    better: 'smaller',
    estimates: {
      mean: {
        point: mean,
        ...(margin === undefined ? {} : { lower: mean - margin, upper: mean + margin, confidenceLevel: LEVEL }),
        ...(error === undefined ? {} : { standardError: error }),
      },
      ...(median === undefined ? {} : { median }),
      ...(deviation === undefined ? {} : { std_dev: deviation }),
    },
    ...(samples === undefined || samples.length < 2
      ? {}
      : { samples: averages(samples.map((time) => time * MILLISECOND)) }),
  };
}
