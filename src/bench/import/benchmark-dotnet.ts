import type { JsonValue } from '../json-value.ts';
import { averages, type ImportedBenchmark, type ResultFormat } from './result-format.ts';

/** `--exporters json` of BenchmarkDotNet: nanoseconds. */
export const benchmarkDotNet: ResultFormat = {
  id: 'benchmarkdotnet',
  title: 'BenchmarkDotNet JSON',
  detect: ({ json }) => json?.get('Benchmarks')?.isList === true && json.get('HostEnvironmentInfo') !== undefined,
  read({ json }) {
    const notes: string[] = [];
    const benchmarks = json!
      .at('Benchmarks')
      .list()
      .flatMap((entry) => {
        const statistics = entry.get('Statistics');
        if (statistics !== undefined) return [benchmarkOf(entry, statistics)];
        notes.push(`${nameOf(entry)} has no statistics: it failed`);
        return [];
      });
    return { benchmarks, notes };
  },
};

function nameOf(entry: JsonValue): string {
  const full = entry.get('FullName')?.text();
  if (full !== undefined && full !== '') return full;
  return ['Namespace', 'Type', 'Method'].flatMap((key) => entry.get(key)?.text() ?? []).join('.');
}

function benchmarkOf(entry: JsonValue, statistics: JsonValue): ImportedBenchmark {
  const point = (key: string) => ({ point: statistics.at(key).number() });
  const interval = statistics.get('ConfidenceInterval');
  const [lower, upper] = [interval?.get('Lower')?.number(), interval?.get('Upper')?.number()];
  const raw = statistics.get('OriginalValues')?.numbers();
  const error = statistics.get('StandardError')?.number();
  return {
    name: nameOf(entry),
    unit: 'ns',
    better: 'smaller',
    estimates: {
      mean: {
        ...point('Mean'),
        ...(lower === undefined || upper === undefined ? {} : { lower, upper, ...levelOf(interval!) }),
        ...(error === undefined ? {} : { standardError: error }),
      },
      median: point('Median'),
      std_dev: point('StandardDeviation'),
    },
    ...(raw === undefined || raw.length < 2 ? {} : { samples: averages(raw) }),
  };
}

/** Levels are members of an enumeration; 12 is 99.9 % (older versions number them otherwise). */
function levelOf(interval: JsonValue): { confidenceLevel?: number } {
  return interval.get('Level')?.number() === 12 ? { confidenceLevel: 0.999 } : {};
}
