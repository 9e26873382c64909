import { type ResultFormat, single } from './result-format.ts';

/** The JSON reporter of bench-node: operations a second. */
export const benchNode: ResultFormat = {
  id: 'bench-node',
  title: 'bench-node JSON',
  detect: ({ json }) => json?.isList === true && json.list()[0]?.get('opsSec') !== undefined,
  read({ json }) {
    const benchmarks = json!
      .list()
      .map((entry) => single(entry.at('name').text(), 'ops/s', entry.at('opsSec').number(), { better: 'bigger' }));
    return { benchmarks, notes: [] };
  },
};
