import { benchmarkId } from '../../../src/bench/measurement.ts';
import type { Found } from '../../../src/bench/runner/found.ts';

/** A benchmark as it is found in a file, which is nowhere. */
export function foundBenchmark(name: string, batch?: number): Found {
  return {
    id: benchmarkId(name),
    directory: name,
    file: 'x.bench.ts',
    path: '/x.bench.ts',
    url: 'file:///x.bench.ts',
    place: { cwd: '/', node: ['node'], env: {} },
    throughput: undefined,
    listed: { index: 0, group: undefined, name, value: undefined, throughput: undefined, batch, options: {} },
  };
}
