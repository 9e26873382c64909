import { join } from 'node:path';
import { analyse, compare } from '../../../src/bench/criterion/analyse.ts';
import { DEFAULT_ANALYSIS } from '../../../src/bench/criterion/config.ts';
import { benchmarkId, type Measurement, type SamplingMode } from '../../../src/bench/measurement.ts';
import { reportedTree } from '../../../src/commands/bench/reported.ts';
import type { BenchReport, ReportedBenchmark } from '../../../src/render/bench/report.ts';
import { SeededRandom } from '../../../src/statistics/random.ts';

/** Few resamples: pictures of many take long and look the same. */
const CONFIG = { ...DEFAULT_ANALYSIS, resamples: 2000 };

/** What Criterion itself wrote. */
const TREE = join(import.meta.dirname, '../../../fixtures/criterion/tree');

export function treeReport(): BenchReport {
  return {
    title: 'What Criterion recorded',
    facts: [['machine', 'a small one']],
    benchmarks: reportedTree(TREE, CONFIG),
  };
}

/** Samples around a time, made from a seed. @param time nanoseconds an iteration */
export function measured(name: readonly string[], time: number, mode: SamplingMode = 'Linear', seed = 1): Measurement {
  const random = new SeededRandom(seed);
  const iterations = Float64Array.from({ length: 30 }, (_, i) => (mode === 'Linear' ? (i + 1) * 10 : 50));
  const times = iterations.map(
    (count) => count * time * (0.97 + 0.06 * random.uniform()) * (random.uniform() < 0.07 ? 1.4 : 1),
  );
  return { id: benchmarkId(name[0]!, name[1], name[2]), samplingMode: mode, iterations, times };
}

export function reported(own: Measurement, base?: Measurement): ReportedBenchmark {
  const analysis = analyse(own, CONFIG);
  return { id: own.id, analysis, ...(base === undefined ? {} : { comparison: compare(analysis, base, CONFIG) }) };
}
