import { type ImportedBenchmark, type ResultFormat } from './result-format.ts';
import type { JsonValue } from './json-value.ts';

/** Units of the measures that Bencher knows by itself. */
const UNITS: ReadonlyMap<string, string> = new Map([
  ['latency', 'ns'],
  ['throughput', 'ops/s'],
  ['file-size', 'bytes'],
  ['build-time', 's'],
]);

/** Bencher Metric Format: benchmarks, each with measures, each with a value and perhaps bounds. */
export const bmf: ResultFormat = {
  id: 'bmf',
  title: 'Bencher Metric Format',
  detect: ({ json }) => {
    if (json?.isObject !== true) return false;
    const benchmarks = json.entries();
    return (
      benchmarks.length > 0 &&
      benchmarks.every(([, measures]) => measures.isObject && measures.entries().every(([, one]) => one.get('value') !== undefined))
    );
  },
  read({ json }) {
    const benchmarks = json!
      .entries()
      .flatMap(([name, measures]) =>
        measures.entries().map(([measure, value], at) => benchmarkOf(at === 0 ? name : `${name} - ${measure}`, measure, value)),
      );
    return { benchmarks, notes: [] };
  },
};

function benchmarkOf(name: string, measure: string, entry: JsonValue): ImportedBenchmark {
  const key = measure.toLowerCase();
  const [lower, upper] = [entry.get('lower_value')?.number(), entry.get('upper_value')?.number()];
  const point = entry.at('value').number();
  // Some adapters write how far it reaches, not where it ends
  const bounds = lower === undefined || upper === undefined || lower > point || upper < point ? {} : { lower, upper };
  const seconds = key === 'build-time' ? 1e9 : 1;
  return {
    name,
    unit: key === 'build-time' ? 'ns' : (UNITS.get(key) ?? measure),
    better: key === 'throughput' ? 'bigger' : 'smaller',
    estimates: { mean: { point: point * seconds, ...bounds } },
  };
}
