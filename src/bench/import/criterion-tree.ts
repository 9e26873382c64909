import { join } from 'node:path';
import { plural } from '../../plural.ts';
import { findBenchmarks, readChange, readRun, type StoredBenchmark } from '../criterion/tree-read.ts';
import type { ChangeEstimates, Estimate, Estimates } from '../estimates.ts';
import type { ReadResults } from './registry.ts';
import type { ImportedBenchmark, KnownEstimate } from './result-format.ts';

/** The run that Criterion has written last; what is kept of an older one has the name of its baseline. */
const NEWEST = 'new';

/**
 * Reads the newest run of every benchmark of a Criterion tree (target/criterion).
 * @param written whether the run in this folder is one of those that are asked for; default: all are
 * @returns undefined where there is no such tree
 * @throws {UserError} a file of it is broken
 */
export function readCriterionTree(folder: string, written?: (file: string) => boolean): ReadResults | undefined {
  const stored = findBenchmarks(folder);
  if (stored.length === 0) return undefined;
  const chosen = written === undefined ? stored : stored.filter((one) => written(join(one.folder, runOf(one))));
  const benchmarks = chosen.map(benchmarkOf);
  const old = stored.filter(({ runs }) => !runs.includes(NEWEST)).length;
  const notes =
    old === 0
      ? []
      : [`${old} ${plural(old, 'benchmark has', 'benchmarks have')} no run called ${NEWEST}: the baseline is told`];
  return { benchmarks, notes, format: 'criterion' };
}

function runOf({ runs }: StoredBenchmark): string {
  return runs.includes(NEWEST) ? NEWEST : runs[0]!;
}

function benchmarkOf(stored: StoredBenchmark): ImportedBenchmark {
  const { id, measurement, estimates, tukey } = readRun(stored, runOf(stored));
  const change = readChange(stored);
  return {
    name: id.fullId,
    unit: 'ns',
    better: 'smaller',
    estimates: estimates === undefined ? {} : knownEstimates(estimates),
    ...(measurement === undefined
      ? {}
      : {
          samples: {
            values: measurement.times,
            iterations: measurement.iterations,
            samplingMode: measurement.samplingMode,
          },
        }),
    ...(tukey === undefined ? {} : { tukey }),
    ...(change === undefined ? {} : { change: knownChange(change) }),
  };
}

function knownEstimates({ slope, ...others }: Estimates): ImportedBenchmark['estimates'] {
  const { mean, median, std_dev, median_abs_dev } = others;
  return {
    mean: known(mean),
    median: known(median),
    std_dev: known(std_dev),
    median_abs_dev: known(median_abs_dev),
    ...(slope === undefined ? {} : { slope: known(slope) }),
  };
}

function knownChange({ mean, median }: ChangeEstimates): NonNullable<ImportedBenchmark['change']> {
  return { mean: known(mean), median: known(median) };
}

function known({ point, lower, upper, standardError, confidenceLevel }: Estimate): KnownEstimate {
  return { point, lower, upper, standardError, confidenceLevel };
}
