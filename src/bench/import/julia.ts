import type { JsonValue } from '../json-value.ts';
import { averages, type ImportedBenchmark, type ResultFormat } from './result-format.ts';

/** `BenchmarkTools.save`: groups of estimates or trials, named by their keys from the outside to the inside. */
export const julia: ResultFormat = {
  id: 'julia',
  title: 'BenchmarkTools.jl JSON',
  detect: ({ json }) => json?.isList === true && json.list()[0]?.get('BenchmarkTools') !== undefined,
  read({ json }) {
    const benchmarks: ImportedBenchmark[] = [];
    const waiting: { readonly path: readonly string[]; readonly node: JsonValue }[] = (
      json!.list()[1]?.list() ?? []
    ).map((node) => ({ path: [], node }));
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [kind, body] = next.node.list();
      if (kind === undefined || body === undefined) throw next.node.wrong('is no pair of a kind and its data');
      if (kind.text() === 'BenchmarkGroup') {
        const children = body.at('data').entries();
        waiting.unshift(...children.map(([key, node]) => ({ path: [...next!.path, key], node })));
      } else benchmarks.push(benchmarkOf(next.path.join('/'), kind.text(), body));
    }
    return { benchmarks, notes: [] };
  },
};

/** A Trial has all its times, an estimate of one has a single one. */
function benchmarkOf(name: string, kind: string, body: JsonValue): ImportedBenchmark {
  const common = { name, unit: 'ns', better: 'smaller' as const };
  if (kind !== 'Trial') return { ...common, estimates: { mean: { point: body.at('time').number() } } };
  const times = body.at('times').numbers();
  if (times === undefined || times.length === 0) throw body.wrong('has no times');
  return times.length < 2
    ? { ...common, estimates: { mean: { point: times[0]! } } }
    : { ...common, estimates: {}, samples: averages(times) };
}
