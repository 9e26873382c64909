import type { JsonValue } from '../json-value.ts';
import type { ImportedBenchmark, ResultFormat } from './result-format.ts';

/** Units of the measures that Bencher knows by itself. */
const UNITS: ReadonlyMap<string, string> = new Map([
  ['latency', 'ns'],
  ['throughput', 'ops/s'],
  ['file-size', 'bytes'],
  ['build-time', 's'],
]);

const MAIN = 'latency';

/** Bencher Metric Format: benchmarks, each with measures, each with a value and perhaps bounds. */
export const bmf: ResultFormat = {
  id: 'bmf',
  title: 'Bencher Metric Format',
  detect: ({ json }) => {
    if (json?.isObject !== true) return false;
    const benchmarks = json.entries();
    return (
      benchmarks.length > 0 &&
      benchmarks.every(
        ([, measures]) => measures.isObject && measures.entries().every(([, one]) => one.get('value') !== undefined),
      )
    );
  },
  read({ json }) {
    const benchmarks = json!.entries().flatMap(([name, measures]) => {
      const all = measures.entries();
      // Its time is what a benchmark is known by; all else has a name of its own
      const main = all.length === 1 ? all[0]![0] : MAIN;
      return all.map(([measure, value]) =>
        benchmarkOf(measure.toLowerCase() === main.toLowerCase() ? name : `${name} - ${measure}`, measure, value),
      );
    });
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
    unit:
      key === 'build-time'
        ? 'ns'
        : (UNITS.get(key) ?? (/bytes$/.test(key) ? 'bytes' : key === 'instructions' ? key : 'count')),
    better: key === 'throughput' ? 'bigger' : 'smaller',
    estimates: { mean: { point: point * seconds, ...bounds } },
  };
}
