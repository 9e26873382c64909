import type { JsonValue } from '../json-value.ts';
import {
  averages,
  type ImportedBenchmark,
  type KnownEstimate,
  type ResultFormat,
  type ToldVerdict,
} from './result-format.ts';

const STATISTICS = ['mean', 'median', 'std_dev', 'median_abs_dev', 'slope'] as const;
const VERDICTS: readonly ToldVerdict[] = [
  'regressed',
  'improved',
  'equivalent',
  'inconclusive',
  'no change',
  'within noise',
];

/** What `bench --json` and `bench import --json` write. */
export const pforgeJson: ResultFormat = {
  id: 'pforge-prof',
  title: 'pforge-prof bench JSON',
  detect: ({ json }) => json?.isList === true && json.list().some((entry) => entry.get('estimates')?.isObject === true),
  read({ json }) {
    const notes: string[] = [];
    const benchmarks = json!.list().flatMap((entry) => {
      const failure = entry.get('error')?.get('message') ?? entry.get('failure');
      if (failure === undefined || entry.get('estimates')?.get('mean') !== undefined) return [benchmarkOf(entry)];
      notes.push(`${entry.at('name').text()} failed: ${failure.text()}`);
      return [];
    });
    return { benchmarks, notes };
  },
};

function benchmarkOf(entry: JsonValue): ImportedBenchmark {
  const estimates = entry.at('estimates');
  const known = STATISTICS.flatMap((name) => {
    const one = estimates.get(name);
    return one === undefined ? [] : [[name, knownEstimate(one)] as const];
  });
  const [tukey, times] = [entry.get('tukey')?.numbers(), timesOf(entry)];
  return {
    name: entry.at('name').text(),
    unit: entry.at('unit').text(),
    better: entry.get('better')?.text() === 'bigger' ? 'bigger' : 'smaller',
    estimates: Object.fromEntries(known),
    ...(tukey?.length === 4 ? { tukey: tukey as [number, number, number, number] } : {}),
    ...(times === undefined || times.length < 2 ? {} : { samples: averages(times) }),
    ...changeOf(entry),
  };
}

/** Runs of a command, or the medians of a function's processes. */
function timesOf(entry: JsonValue): number[] | undefined {
  return (
    entry.get('times')?.numbers() ??
    entry
      .get('processes')
      ?.list()
      .map((process) => process.at('median').number())
  );
}

/** Criterion's change, or what pairs of processes (or of runs) say. */
function changeOf(entry: JsonValue): Pick<ImportedBenchmark, 'change' | 'verdict'> {
  const change = entry.get('change');
  const comparison = entry.get('comparison');
  // Commands have the verdict of their pairs whole, with its interval
  const pairs = comparison?.get('verdict')?.isObject ? comparison.get('verdict') : comparison;
  const said = (pairs ?? entry).get('verdict')?.text();
  const verdict = VERDICTS.find((known) => known === said);
  const told = verdict === undefined ? {} : { verdict };
  if (change !== undefined) {
    const median = change.get('median');
    const known = median === undefined ? {} : { median: knownEstimate(median) };
    return { change: { mean: knownEstimate(change.at('mean')), ...known }, ...told };
  }
  if (pairs?.get('ratio') === undefined) return {};
  const [point, lower, upper] = ['ratio', 'low', 'high'].map((key) => pairs.at(key).number() - 1);
  return { change: { mean: { point: point!, lower: lower!, upper: upper! } }, ...told };
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
