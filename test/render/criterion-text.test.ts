import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verdictOf } from '../../src/bench/criterion/analyse.ts';
import { rSquared } from '../../src/bench/criterion/point-statistics.ts';
import { planSampling } from '../../src/bench/criterion/sampling-plan.ts';
import { findBenchmarks, readChange } from '../../src/bench/criterion/tree-read.ts';
import { countOutliers } from '../../src/bench/criterion/tukey.ts';
import { type Estimate, typicalEstimate } from '../../src/bench/estimates.ts';
import { averageTimes, type Measurement } from '../../src/bench/measurement.ts';
import { type AnalysisShown, bencherLine, criterionProgress, criterionText } from '../../src/render/criterion-text.ts';
import { OWN, PEERS, type RecordedRun, recordedRun } from '../bench/criterion/recorded-trees.ts';

interface Recording {
  readonly stdout: string;
  readonly tree: string;
  /** The run whose estimates were printed. */
  readonly run: string;
  readonly compared?: true;
  readonly color?: true;
  readonly verbose?: true;
}

const peer = (name: string): string => join(PEERS, 'local', name);
const RECORDINGS: Recording[] = [
  { stdout: join(OWN, 'base.stdout'), tree: join(OWN, 'tree'), run: 'base' },
  {
    stdout: join(OWN, 'compared-verbose-color.stdout'),
    tree: join(OWN, 'tree'),
    run: 'new',
    compared: true,
    color: true,
    verbose: true,
  },
  { stdout: peer('01-first.stdout'), tree: peer('tree-after-03-AA'), run: 'base' },
  { stdout: peer('02-save-baseline-v1.stdout'), tree: peer('tree-after-03-AA'), run: 'v1' },
  { stdout: peer('03-AA-baseline-v1.stdout'), tree: peer('tree-after-03-AA'), run: 'new', compared: true },
  {
    stdout: peer('04-regressed-color.stdout'),
    tree: peer('tree-after-04-regressed'),
    run: 'new',
    compared: true,
    color: true,
  },
  { stdout: peer('05-save-v2.stdout'), tree: peer('tree-after-06-improved'), run: 'v2' },
];
const present = RECORDINGS.filter(({ stdout }) => existsSync(stdout));
if (present.length < RECORDINGS.length) console.log(`only our own recordings are compared: ${PEERS} is not here`);

/** Lines of Criterion 0.3.6 about its plots, before anything of a benchmark. */
const withoutHead = (stdout: string): string => stdout.slice(stdout.indexOf('Benchmarking '));

const NANOSECONDS: Record<string, number> = { ps: 1e-3, ns: 1, µs: 1e3, ms: 1e6, s: 1e9 };

/** `5.0001 s` in nanoseconds. */
function span(text: string): number {
  const [number, unit] = text.trim().split(' ');
  return Number(number) * NANOSECONDS[unit!]!;
}

/** What Criterion computes as R². */
function faultyRSquared(slope: number, { iterations, times }: Measurement): number {
  const centre = times.reduce((sum, time) => sum + time, 0) / times.length;
  let residual = 0;
  let total = 0;
  for (let i = 0; i < times.length; i++) {
    const fromLine = times[i]! - slope * iterations[i]!;
    residual = residual + fromLine * fromLine;
    total = residual + (times[i]! - centre) * (times[i]! - centre);
  }
  return 1 - residual / total;
}

/** The block of a run from its estimates; p is the one that was printed, and so is the time that was expected. */
function block(run: RecordedRun, recording: Recording, printed: string): string {
  const { measurement, estimates, id } = run;
  const { title } = id;
  const [, warmUp] = /Warming up for (.*)$/m.exec(printed)!;
  const [, expected] = /in estimated (.*) \(/.exec(printed)!;
  const totalIterations = measurement.iterations.reduce((sum, count) => sum + count, 0);
  const plan = { samples: measurement.times.length, expectedTime: span(expected!), totalIterations };
  const warning = /You may wish/.test(printed)
    ? `\nWarning: ${plannedAs(measurement, plan.expectedTime, printed).warning}\n`
    : '';
  const change = recording.compared ? readChange(run.benchmark) : undefined;
  const p = Number(/ \(p = (\d\.\d\d) /.exec(printed)?.[1]);
  const { slope } = estimates;
  const shown: AnalysisShown = {
    title,
    estimates,
    samples: plan.samples,
    outliers: countOutliers(averageTimes(measurement), run.tukey),
    ...(run.throughput === undefined ? {} : { throughput: run.throughput }),
    ...(change === undefined
      ? {}
      : { comparison: { p, change, verdict: verdictOf(p, change.mean, 0.05, 0.01), significanceLevel: 0.05 } }),
    ...(slope === undefined
      ? {}
      : {
          r2: {
            lower: faultyRSquared(slope.lower, measurement),
            point: faultyRSquared(slope.point, measurement),
            upper: faultyRSquared(slope.upper, measurement),
          },
        }),
  };
  const verbose = recording.verbose === true;
  const lines = [
    criterionProgress.start(title),
    criterionProgress.warmUp(title, span(warmUp!)),
    `${warning}${criterionProgress.collecting(title, plan, verbose)}`,
    criterionProgress.analyzing(title),
  ];
  const options = { color: recording.color === true, verbosity: verbose ? 'verbose' : 'normal' } as const;
  return `${lines.join('\n')}\n${criterionText(shown, options)}`;
}

/** The plan that leads to these iterations, from the target time that the warning names. */
function plannedAs(measurement: Measurement, expectedTime: number, printed: string): ReturnType<typeof planSampling> {
  const [, target] = /samples in (\d+\.\d+m?s)\./.exec(printed)!;
  const meanTime = expectedTime / measurement.iterations.reduce((sum, count) => sum + count, 0);
  const plan = planSampling(
    {
      mode: measurement.samplingMode,
      sampleSize: measurement.times.length,
      measurementTime: target!.endsWith('ms') ? Number.parseFloat(target!) * 1e6 : Number.parseFloat(target!) * 1e9,
    },
    meanTime,
  );
  expect(plan.iterations).toEqual(measurement.iterations);
  return plan;
}

describe.each(present)('$stdout', (recording) => {
  test('is reproduced byte for byte from the estimates', () => {
    const recorded = withoutHead(readFileSync(recording.stdout, 'utf8'));
    const printed = recorded.split(/^(?=Benchmarking .*\n(?=Benchmarking .*: Warming up))/m);
    const benchmarks = findBenchmarks(recording.tree);
    const runs = new Map(
      benchmarks
        .filter(({ runs }) => runs.includes(recording.run))
        .map((benchmark) => recordedRun(benchmark, recording.run))
        .map((run) => [run.id.title, run]),
    );
    let text = '';
    let group: string | undefined;
    for (const part of printed) {
      const run = runs.get(/^Benchmarking (.*)$/m.exec(part)![1]!)!;
      // A blank line ends a group
      if (group !== undefined && group !== run.id.group) text += '\n';
      group = run.id.group;
      text += block(run, recording, part);
    }
    expect(`${text}\n`).toBe(recorded);
  });
});

test.skipIf(!existsSync(PEERS))('bencher output is reproduced byte for byte', () => {
  const recorded = readFileSync(peer('10-bencher.stdout'), 'utf8');
  const runs = findBenchmarks(peer('tree')).map((benchmark) => recordedRun(benchmark, 'new'));
  const lines = ['elems/wrapping/1024', 'elems/iter sum/1024'].map((title) => {
    const { estimates } = runs.find(({ id }) => id.title === title)!;
    return bencherLine(title, estimates);
  });
  expect(`${lines.join('')}\n`).toBe(recorded.slice(recorded.indexOf('test ')));
});

test('R² is right where Criterion says something else', () => {
  const iterations = Float64Array.of(1, 2, 3, 4);
  const times = Float64Array.of(10, 20, 30, 40);
  expect(rSquared(10, iterations, times)).toBe(1);
  // Residuals 1, 1, 1, 1 of a total of 5 * 100 + ...
  const off = Float64Array.of(11, 19, 31, 39);
  expect(rSquared(10, iterations, off)).toBeCloseTo(1 - 4 / (196 + 36 + 36 + 196), 12);
});

const SHOWN: AnalysisShown = (() => {
  const run = recordedRun(findBenchmarks(join(OWN, 'tree')).find(({ directory }) => directory === 'plain')!, 'new');
  const outliers = { 'low severe': 0, 'low mild': 0, 'high mild': 0, 'high severe': 0 };
  return { title: 'plain', estimates: run.estimates, samples: 20, outliers };
})();
const PLAIN = { color: false, verbosity: 'normal' } as const;

test('quiet prints times alone', () => {
  const change = { ...SHOWN.estimates };
  const shown = {
    ...SHOWN,
    outliers: { ...SHOWN.outliers, 'low mild': 1 },
    comparison: { p: 0, change, verdict: 'regressed', significanceLevel: 0.05 },
  } as const;
  expect(criterionText(shown, { color: false, verbosity: 'quiet' }).split('\n')).toHaveLength(2);
});

test('titles drive no terminal, and do not break the layout', () => {
  const text = criterionText({ ...SHOWN, title: 'a\x1b]0;owned\x07\nb' }, PLAIN);
  expect(text).toMatch(/^a\\x1b\]0;owned\\x07\\x0ab *\n? *time: /);
  expect(criterionProgress.analyzing('x\ry')).toBe('Benchmarking x\\x0dy: Analyzing');
  expect(bencherLine('x\ny', SHOWN.estimates)).toMatch(
    /^test x\\x0ay \.\.\. bench: +[\d,]+ ns\/iter \(\+\/- [\d,]+\)\n$/,
  );
});

test('a title of 23 bytes stands before the time, one of 24 above it', () => {
  const { point } = typicalEstimate(SHOWN.estimates);
  expect(point).toBeGreaterThan(0);
  expect(criterionText({ ...SHOWN, title: 'x'.repeat(23) }, PLAIN)).toMatch(/^x{23} time: {3}\[/);
  expect(criterionText({ ...SHOWN, title: 'x'.repeat(24) }, PLAIN)).toMatch(/^x{24}\n {24}time: {3}\[/);
  // 12 characters of two bytes
  expect(criterionText({ ...SHOWN, title: 'µ'.repeat(12) }, PLAIN)).toMatch(/^µ{12}\n/);
});

/** An estimate of which only rounded numbers are known. */
function printedEstimate(pattern: RegExp, text: string, toNumber: (text: string) => number): Estimate | undefined {
  const bounds = pattern.exec(text)?.slice(1).map(toNumber);
  if (bounds === undefined) return undefined;
  const [lower, point, upper] = bounds.length === 2 ? [bounds[0]!, Number.NaN, bounds[1]!] : bounds;
  return { lower: lower!, point: point!, upper: upper!, standardError: Number.NaN, confidenceLevel: 0.95 };
}

test.skipIf(!existsSync(PEERS))('a loaded baseline and its verbose lines are laid out byte for byte', () => {
  const recorded = withoutHead(readFileSync(peer('06-load-v1-vs-v2-verbose-improved.stdout'), 'utf8'));
  const runs = findBenchmarks(peer('tree-after-06-improved')).map((benchmark) => recordedRun(benchmark, 'v1'));
  const value = String.raw`([\d.]+ \S+)`;
  const two = String.raw`\[ *${value} +${value}\]`;
  const percent = (text: string): number => Number.parseFloat(text) / 100;
  let text = '';
  for (const printed of recorded.split(/^(?=Benchmarking .*\n(?=Benchmarking .*: Analyzing))/m)) {
    const title = /^Benchmarking (.*)$/m.exec(printed)![1]!;
    const { measurement, tukey, throughput } = runs.find(({ id }) => id.title === title)!;
    const time = printedEstimate(
      new RegExp(`^${title} +time: {3}\\[${value} ${value} ${value}\\]`, 'm'),
      printed,
      span,
    )!;
    const slope = printedEstimate(new RegExp(`^slope +${two}`, 'm'), printed, span)!;
    const mean = printedEstimate(/ time: +\[([-+].*)% ([-+].*)% ([-+].*)%\]/, printed, percent)!;
    const p = Number(/ \(p = (\d\.\d\d) /.exec(printed)![1]);
    const [, lower, upper] = /R\^2 +\[(\S+) (\S+)\]/.exec(printed)!.map(Number);
    // The bounds are known to five digits, which is enough to tell Criterion's R² from another
    expect(faultyRSquared(slope.lower, measurement)).toBeCloseTo(lower!, 3);
    expect(faultyRSquared(slope.upper, measurement)).toBeCloseTo(upper!, 3);
    const shown: AnalysisShown = {
      title,
      samples: measurement.times.length,
      outliers: countOutliers(averageTimes(measurement), tukey),
      throughput: throughput!,
      estimates: {
        slope: { ...slope, point: time.point },
        mean: printedEstimate(new RegExp(`^mean +${two}`, 'm'), printed, span)!,
        std_dev: printedEstimate(new RegExp(`std\\. dev\\. +${two}`), printed, span)!,
        median: printedEstimate(new RegExp(`^median +${two}`, 'm'), printed, span)!,
        median_abs_dev: printedEstimate(new RegExp(`med\\. abs\\. dev\\. +${two}`), printed, span)!,
      },
      comparison: {
        p,
        change: { mean, median: mean },
        verdict: verdictOf(p, mean, 0.05, 0.01),
        significanceLevel: 0.05,
      },
      r2: { lower: lower!, point: Number.NaN, upper: upper! },
    };
    const block = criterionText(shown, { color: false, verbosity: 'verbose' });
    const rest = printed.slice(printed.indexOf('Analyzing\n') + 'Analyzing\n'.length);
    // Numbers of five digits become others of five digits: throughputs, whose exact times are not known, may differ there
    text += `${printed.slice(0, printed.indexOf('Analyzing\n'))}Analyzing\n${block}${rest.endsWith('\n\n') ? '\n' : ''}`;
  }
  const layout = (lines: string): string => lines.replace(/ thrpt: .*/g, (line) => line.replace(/\d/g, '0'));
  expect(layout(text)).toBe(layout(recorded));
});
