import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Analysis, analyse, compare } from '../../../src/bench/criterion/analyse.ts';
import { DEFAULT_ANALYSIS } from '../../../src/bench/criterion/config.ts';
import { pointStatistics, slopeThroughOrigin } from '../../../src/bench/criterion/point-statistics.ts';
import { changeJson, runFiles } from '../../../src/bench/criterion/tree-files.ts';
import { findBenchmarks, readChange } from '../../../src/bench/criterion/tree-read.ts';
import { tukeyFences } from '../../../src/bench/criterion/tukey.ts';
import { averageTimes } from '../../../src/bench/measurement.ts';
import {
  isOfLoadedBaseline,
  OWN,
  PEERS,
  type RecordedRun,
  recordedRun,
  recordedRuns,
  TREES,
} from './recorded-trees.ts';

if (!existsSync(PEERS)) console.log(`only our own recordings are compared: ${PEERS} is not here`);

describe.each(TREES)('%s', (tree) => {
  const runs = recordedRuns(tree);

  test('point estimates are bit for bit those of Criterion', () => {
    expect(runs.length).toBeGreaterThan(0);
    for (const { folder, measurement, estimates } of runs) {
      const points = pointStatistics(averageTimes(measurement));
      for (const name of ['mean', 'median', 'std_dev', 'median_abs_dev'] as const) {
        expect(points[name], `${folder} ${name}`).toBe(estimates[name].point);
      }
      expect(measurement.samplingMode === 'Linear', folder).toBe(estimates.slope !== undefined);
      if (estimates.slope === undefined) continue;
      const slope = slopeThroughOrigin(measurement.iterations, measurement.times);
      expect(slope, folder).toBe(estimates.slope.point);
    }
  });

  test('Tukey fences are bit for bit those of Criterion', () => {
    for (const run of runs) {
      if (!isOfLoadedBaseline(run)) expect(tukeyFences(averageTimes(run.measurement)), run.folder).toEqual(run.tukey);
    }
  });

  test('files are written byte for byte as they were', () => {
    for (const run of runs) {
      const directory = JSON.parse(readFileSync(join(run.folder, 'benchmark.json'), 'utf8')).directory_name;
      for (const [name, text] of runFiles(run, directory)) {
        const path = join(run.folder, name);
        if (!existsSync(path) || (name === 'raw.csv' && isOfLoadedBaseline(run))) continue;
        expect(text, path).toBe(readFileSync(path, 'utf8'));
      }
    }
  });
});

/** Which run was compared with which; trees whose base was replaced after the comparison are not here. */
const COMPARED = [
  { tree: join(OWN, 'tree'), of: 'new', base: 'base' },
  { tree: join(PEERS, 'local/tree-after-03-AA'), of: 'new', base: 'v1' },
  { tree: join(PEERS, 'local/tree-after-04-regressed'), of: 'new', base: 'v1' },
  { tree: join(PEERS, 'local/tree-after-06-improved'), of: 'v1', base: 'v2', only: /^(hash_bytes|elems)/ },
].filter(({ tree }) => existsSync(tree));

test.each(COMPARED)('changes in $tree are bit for bit those of Criterion', ({ tree, of, base, only }) => {
  const benchmarks = findBenchmarks(tree).filter(({ directory }) => only === undefined || only.test(directory));
  expect(benchmarks.length).toBeGreaterThan(0);
  for (const benchmark of benchmarks) {
    const [now, then] = [of, base].map((name) =>
      pointStatistics(averageTimes(recordedRun(benchmark, name).measurement)),
    );
    const change = readChange(benchmark)!;
    expect(now!.mean / then!.mean - 1, benchmark.directory).toBe(change.mean.point);
    expect(now!.median / then!.median - 1, benchmark.directory).toBe(change.median.point);
    expect(changeJson(change)).toBe(readFileSync(join(benchmark.folder, 'change/estimates.json'), 'utf8'));
  }
});

const analyses = new Map<string, Analysis>();

/** Analysed once for all tests. */
function analysed({ folder, measurement }: RecordedRun): Analysis {
  const known = analyses.get(folder) ?? analyse(measurement, DEFAULT_ANALYSIS);
  analyses.set(folder, known);
  return known;
}

const STATISTICS = ['mean', 'median', 'std_dev', 'median_abs_dev', 'slope'] as const;

/**
 * By how much the parts of two bootstraps below one bound may differ: of 100,000 resamples 2.5 % have a standard error of
 * 0.05 %, and there are two bootstraps and some hundred bounds.
 */
const NOISE = 0.0035;

const ANALYSED = TREES.filter(
  (tree) => ['tree-after-03-AA', 'aoc2024'].includes(basename(tree)) || tree.startsWith(OWN),
);

test.each(ANALYSED)('intervals and errors in %s differ from those of Criterion by chance alone', (tree) => {
  for (const run of recordedRuns(tree)) {
    const { folder, name, estimates } = run;
    if (name !== 'new') continue;
    const own = analysed(run);
    for (const statistic of STATISTICS) {
      const theirs = estimates[statistic];
      const distribution = own.distributions[statistic];
      expect(distribution !== undefined, folder).toBe(theirs !== undefined);
      if (theirs === undefined || distribution === undefined) continue;
      const what = `${folder} ${statistic}`;
      expectQuantile(distribution, theirs.lower, (1 - theirs.confidenceLevel) / 2, `${what} lower`);
      expectQuantile(distribution, theirs.upper, (1 + theirs.confidenceLevel) / 2, `${what} upper`);
      const { standardError, lower, upper } = own.estimates[statistic]!;
      expectQuantile(distribution, lower, 0.025, what, 1e-4);
      expectQuantile(distribution, upper, 0.975, what, 1e-4);
      // Deviations of few samples have long tails, which both bootstraps hit by chance
      const tails = statistic === 'median_abs_dev' ? 0.04 : 0.02;
      expect(Math.abs(standardError / theirs.standardError - 1), what).toBeLessThan(tails);
    }
  }
});

/** Medians have few values: a bound may be one that many resamples have. */
function expectQuantile(distribution: Float64Array, bound: number, part: number, what: string, noise = NOISE): void {
  let below = 0;
  let upTo = 0;
  for (let i = 0; i < distribution.length; i++) {
    if (distribution[i]! < bound) below++;
    if (distribution[i]! <= bound) upTo++;
  }
  expect(below / distribution.length, what).toBeLessThanOrEqual(part + noise);
  expect(upTo / distribution.length, what).toBeGreaterThanOrEqual(part - noise);
}

/** What Criterion printed of a comparison: p, and the sentence. */
function printedVerdicts(stdout: string): { p: number; sentence: string }[] {
  const plain = stdout.replace(/\x1b\[\d+m/g, '');
  return [...plain.matchAll(/\(p = (\d\.\d\d) [<>] [\s\S]*?^ +((?:No|Perf|Change w).*)$/gm)].map(([, p, sentence]) => ({
    p: Number(p),
    sentence: sentence!,
  }));
}

const PRINTED = [
  { tree: join(OWN, 'tree'), stdout: join(OWN, 'compared-verbose-color.stdout') },
  { tree: join(PEERS, 'local/tree-after-03-AA'), stdout: join(PEERS, 'local/03-AA-baseline-v1.stdout') },
  { tree: join(PEERS, 'local/tree-after-04-regressed'), stdout: join(PEERS, 'local/04-regressed-color.stdout') },
].filter(({ tree }) => existsSync(tree));

const SENTENCES = {
  'no change': 'No change in performance detected.',
  'within noise': 'Change within noise threshold.',
  improved: 'Performance has improved.',
  regressed: 'Performance has regressed.',
};

test.each(PRINTED)('p and verdict of $tree are those that Criterion printed', ({ tree, stdout }) => {
  const text = readFileSync(stdout, 'utf8');
  const titles = [...text.matchAll(/^Benchmarking (.*): Analyzing$/gm)].map(([, title]) => title);
  const printed = printedVerdicts(text);
  expect(printed.length).toBe(titles.length);
  const base = tree.startsWith(OWN) ? 'base' : 'v1';
  for (const benchmark of findBenchmarks(tree)) {
    const now = recordedRun(benchmark, 'new');
    const at = titles.indexOf(now.id.title);
    if (at < 0) continue;
    const { p, verdict } = compare(analysed(now), recordedRun(benchmark, base).measurement, DEFAULT_ANALYSIS);
    // Of two bootstraps p = 0.9 differs by 0.004 (a standard deviation), and two digits were printed
    const chance = tree.startsWith(OWN) ? 0.02 : 0.01;
    expect(Math.abs(p - printed[at]!.p), `${benchmark.directory}: ${p}`).toBeLessThanOrEqual(chance);
    expect(SENTENCES[verdict], benchmark.directory).toBe(printed[at]!.sentence);
  }
});
