import type { ResultFormat } from './result-format.ts';
import { latencyEstimates } from './tinybench.ts';

/** `vitest bench --outputJson`. */
export const vitestBench: ResultFormat = {
  id: 'vitest',
  title: 'vitest bench JSON',
  detect: ({ json }) =>
    json?.get('files')?.isList === true && json.get('files')!.list()[0]?.get('groups') !== undefined,
  read({ json }) {
    const notes: string[] = [];
    const groups = json!
      .at('files')
      .list()
      .flatMap((file) => file.at('groups').list());
    const benchmarks = groups.flatMap((group) => {
      const title = group.at('fullName').text();
      return group
        .at('benchmarks')
        .list()
        .flatMap((entry) => {
          const name = `${title} > ${entry.at('name').text()}`;
          if (entry.get('mean') !== undefined) return [{ name, ...latencyEstimates(entry, 'median') }];
          notes.push(`${name} has no times: it failed or did not run`);
          return [];
        });
    });
    return { benchmarks, notes };
  },
};
