import type { JsonValue } from '../json-value.ts';
import { averages, type ImportedBenchmark, type ResultFormat } from './result-format.ts';

/** `run({ format: 'json' })` of mitata: nanoseconds an iteration. */
export const mitata: ResultFormat = {
  id: 'mitata',
  title: 'mitata JSON',
  detect: ({ json }) => {
    const list = json?.get('benchmarks');
    return list?.isList === true && list.list()[0]?.get('runs')?.isList === true;
  },
  read({ json }) {
    const notes: string[] = [];
    const runs = json!
      .at('benchmarks')
      .list()
      .flatMap((entry) => entry.at('runs').list());
    const benchmarks = runs.flatMap((run) => {
      const stats = run.get('stats');
      if (stats !== undefined) return [benchmarkOf(run, stats)];
      notes.push(`${run.at('name').text()} failed`);
      return [];
    });
    return { benchmarks, notes };
  },
};

function benchmarkOf(run: JsonValue, stats: JsonValue): ImportedBenchmark {
  const samples = stats.get('samples')?.numbers();
  return {
    name: run.at('name').text(),
    unit: 'ns',
    better: 'smaller',
    estimates: { mean: { point: stats.at('avg').number() }, median: { point: stats.at('p50').number() } },
    // It sorts its samples and drops the two lowest and highest: enough for intervals, not for what depends on order
    ...(samples === undefined || samples.length < 2 ? {} : { samples: averages(samples) }),
  };
}
