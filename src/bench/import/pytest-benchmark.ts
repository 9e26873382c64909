import type { JsonValue } from '../json-value.ts';
import { averages, type ImportedBenchmark, type ResultFormat } from './result-format.ts';

const SECOND = 1e9;

/** `pytest --benchmark-json`. */
export const pytestBenchmark: ResultFormat = {
  id: 'pytest-benchmark',
  title: 'pytest-benchmark JSON',
  detect: ({ json }) => {
    const list = json?.get('benchmarks');
    return (
      json?.get('machine_info') !== undefined ||
      (list?.isList === true && list.list()[0]?.get('fullname') !== undefined)
    );
  },
  read({ json }) {
    return { benchmarks: json!.at('benchmarks').list().map(benchmarkOf), notes: [] };
  },
};

function benchmarkOf(entry: JsonValue): ImportedBenchmark {
  const stats = entry.at('stats');
  const known = (key: string) => ({ point: stats.at(key).number() * SECOND });
  const data = stats.get('data')?.numbers();
  return {
    name: (entry.get('fullname') ?? entry.at('name')).text(),
    unit: 'ns',
    better: 'smaller',
    estimates: { mean: known('mean'), median: known('median'), std_dev: known('stddev') },
    ...(data === undefined || data.length < 2 ? {} : { samples: averages(data.map((time) => time * SECOND)) }),
  };
}
