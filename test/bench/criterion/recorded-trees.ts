import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { RunToKeep } from '../../../src/bench/criterion/tree-files.ts';
import {
  findBenchmarks,
  readRun,
  type StoredBenchmark,
  type StoredRun,
} from '../../../src/bench/criterion/tree-read.ts';

/** Made by fixtures/record-criterion.sh. */
export const OWN = resolve(import.meta.dirname, '../../../fixtures/criterion');
export const PEERS = resolve(import.meta.dirname, '../../../../shared/peer-data/criterion');

/** Trees that Criterion wrote, and what it printed meanwhile. */
export const TREES = [
  join(OWN, 'tree'),
  ...[
    'local/tree',
    'local/tree-after-03-AA',
    'local/tree-after-04-regressed',
    'local/tree-after-06-improved',
    'aoc2024',
  ]
    .map((name) => join(PEERS, name))
    .filter(existsSync),
];

export interface RecordedRun extends Pick<StoredRun, 'id' | 'throughput'>, RunToKeep {
  readonly benchmark: StoredBenchmark;
  readonly name: string;
  readonly folder: string;
}

/** A run of which everything is there. */
export function recordedRun(benchmark: StoredBenchmark, name: string): RecordedRun {
  const run = readRun(benchmark, name);
  const { measurement, estimates, tukey } = run;
  if (measurement === undefined || estimates === undefined || tukey === undefined) throw new Error('incomplete');
  return { ...run, measurement, estimates, tukey, benchmark, name, folder: join(benchmark.folder, name) };
}

export function recordedRuns(tree: string): RecordedRun[] {
  return findBenchmarks(tree).flatMap((benchmark) => benchmark.runs.map((name) => recordedRun(benchmark, name)));
}

/**
 * Criterion 0.3.6 overwrites `tukey.json` and `raw.csv` of `new` when it loads a baseline, but not `sample.json`.
 * The csv tells.
 */
export function isOfLoadedBaseline({ folder, measurement }: RecordedRun): boolean {
  const csv = join(folder, 'raw.csv');
  if (!existsSync(csv)) return false;
  const first = readFileSync(csv, 'utf8').split('\n')[1]!;
  return !first.includes(`,${measurement.times[0]}.0,`);
}
