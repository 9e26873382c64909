import { UserError } from '../../errors.ts';
import { jsonDocument } from '../json-value.ts';
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
    if (data === undefined) {
      throw new UserError(`${name}: what stands behind window.BENCHMARK_DATA is no JSON`, { hint: 'is it whole?' });
    }
    const benchmarks: ImportedBenchmark[] = [];
    const suites = data.at('entries').entries();
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
