import type { JsonValue } from './json-value.ts';
import { averages, type ImportedBenchmark, type KnownEstimate, type ResultFormat } from './result-format.ts';

const STATISTICS = ['mean', 'median', 'std_dev', 'median_abs_dev', 'slope'] as const;

/** What `bench --json` and `bench import --json` write. */
export const pforgeJson: ResultFormat = {
  id: 'pforge-prof',
  title: 'pforge-prof bench JSON',
  detect: ({ json }) => json?.isList === true && json.list()[0]?.get('estimates')?.isObject === true,
  read({ json }) {
    return { benchmarks: json!.list().map(benchmarkOf), notes: [] };
  },
};

function benchmarkOf(entry: JsonValue): ImportedBenchmark {
  const estimates = entry.at('estimates');
  const known = STATISTICS.flatMap((name) => {
    const one = estimates.get(name);
    return one === undefined ? [] : [[name, knownEstimate(one)] as const];
  });
  const [times, tukey, change] = [entry.get('times')?.numbers(), entry.get('tukey')?.numbers(), entry.get('change')];
  const median = change?.get('median');
  return {
    name: entry.at('name').text(),
    unit: entry.at('unit').text(),
    better: entry.get('better')?.text() === 'bigger' ? 'bigger' : 'smaller',
    estimates: Object.fromEntries(known),
    ...(tukey?.length === 4 ? { tukey: tukey as [number, number, number, number] } : {}),
    ...(times === undefined || times.length < 2 ? {} : { samples: averages(times) }),
    ...(change === undefined
      ? {}
      : {
          change: {
            mean: knownEstimate(change.at('mean')),
            ...(median === undefined ? {} : { median: knownEstimate(median) }),
          },
        }),
  };
}

/** An estimate as Criterion's files have it, too. */
function knownEstimate(entry: JsonValue): KnownEstimate {
  const interval = entry.get('confidence_interval');
  const [lower, upper] = [interval?.get('lower_bound')?.number(), interval?.get('upper_bound')?.number()];
  const level = interval?.get('confidence_level')?.number();
  const error = entry.get('standard_error')?.number();
  return {
    point: entry.at('point_estimate').number(),
    ...(lower === undefined || upper === undefined ? {} : { lower, upper }),
    ...(level === undefined ? {} : { confidenceLevel: level }),
    ...(error === undefined ? {} : { standardError: error }),
  };
}
