import { JsonValue, jsonDocument } from '../json-value.ts';
import { customBenchmark } from './gha-custom.ts';
import type { ImportedBenchmark, ResultFormat } from './result-format.ts';

const PREFIX = /^\s*window\.BENCHMARK_DATA\s*=\s*/;
/** Tools of github-action-benchmark whose values are better the bigger they are; pytest's are iterations a second. */
const BIGGER = new Set(['customBiggerIsBetter', 'benchmarkjs', 'pytest']);
/** Measures either way: the unit tells. */
const EITHER = 'jmh';

/** The history that github-action-benchmark keeps (`data.js`): the newest results of each suite. */
export const ghaDataJs: ResultFormat = {
  id: 'gha-data-js',
  title: 'github-action-benchmark data.js',
  detect: ({ text, json }) => PREFIX.test(text) || json?.get('entries')?.isObject === true,
  read({ text, json, name }) {
    const data = json ?? jsonDocument(text.replace(PREFIX, '').replace(/;?\s*$/, ''), name);
    const root = data ?? new JsonValue(undefined, name);
    const benchmarks: ImportedBenchmark[] = [];
    const suites = root.at('entries').entries();
    for (const [suite, list] of suites) {
      const newest = list.list().at(-1);
      if (newest === undefined) continue;
      const tool = newest.get('tool')?.text();
      const told = tool === undefined || tool === EITHER ? undefined : BIGGER.has(tool) ? 'bigger' : 'smaller';
      for (const entry of newest.at('benches').list()) {
        const one = customBenchmark(entry, told);
        benchmarks.push(suites.length === 1 ? one : { ...one, name: `${suite}: ${one.name}` });
      }
    }
    return { benchmarks, notes: [] };
  },
};
