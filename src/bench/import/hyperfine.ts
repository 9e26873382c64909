import type { JsonValue } from '../json-value.ts';
import { averages, type ImportedBenchmark, type ResultFormat } from './result-format.ts';

const SECOND = 1e9;

/** `hyperfine --export-json`: wall time of each run. */
export const hyperfine: ResultFormat = {
  id: 'hyperfine',
  title: 'hyperfine JSON',
  detect: ({ json }) => {
    const results = json?.get('results');
    return results?.isList === true && results.list().every((result) => result.get('command') !== undefined);
  },
  read({ json }) {
    return { benchmarks: json!.at('results').list().map(benchmarkOf), notes: [] };
  },
};

function benchmarkOf(result: JsonValue): ImportedBenchmark {
  const point = (key: string) => {
    const seconds = result.get(key)?.number();
    return seconds === undefined ? undefined : { point: seconds * SECOND };
  };
  const [mean, median, std_dev] = [point('mean'), point('median'), point('stddev')];
  const times = result.get('times')?.numbers();
  return {
    name: result.at('command').text(),
    unit: 'ns',
    better: 'smaller',
    estimates: {
      mean: mean ?? { point: result.at('mean').number() },
      ...(median === undefined ? {} : { median }),
      ...(std_dev === undefined ? {} : { std_dev }),
    },
    ...(times === undefined || times.length < 2 ? {} : { samples: averages(times.map((time) => time * SECOND)) }),
  };
}
