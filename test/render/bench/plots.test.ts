import { describe, expect, test } from 'vitest';
import { growthWords, linesPlot, seriesOf, violinPlot } from '../../../src/render/bench/group-plots.ts';
import { plotElement } from '../../../src/render/bench/plot.ts';
import { benchmarkFiles, benchmarkPlots } from '../../../src/render/bench/plots.ts';
import { rowOf } from '../../../src/render/bench/report.ts';
import { linearScale, logScale, tickTime } from '../../../src/render/bench/scale.ts';
import { measured, reported } from './report-of.ts';

describe('the plots of a benchmark', () => {
  test('linear sampling: a regression, and Criterion’s names of files', () => {
    const own = measured(['parse', 'fast', '100'], 120);
    const names = benchmarkFiles(reported(own, measured(['parse', 'fast', '100'], 150, 'Linear', 2))).map(
      ({ name }) => name,
    );
    expect(names).toEqual([
      ...['pdf', 'regression', 'slope', 'mean', 'median', 'SD', 'MAD', 'pdf_small'],
      ...['both/pdf', 'both/regression', 'change/mean', 'change/median', 'change/t-test'],
    ]);
  });

  test('flat sampling: sample by sample, no slope', () => {
    const names = benchmarkFiles(reported(measured(['parse'], 120, 'Flat'))).map(({ name }) => name);
    expect(names).toEqual(['pdf', 'iteration_times', 'mean', 'median', 'SD', 'MAD', 'pdf_small']);
    const { compared } = benchmarkPlots(reported(measured(['parse'], 120, 'Flat'), measured(['parse'], 120)));
    expect(compared[1]!.name).toBe('both/iteration_times');
  });

  test('every sample is a point, and tells what it is', () => {
    const benchmark = reported(measured(['parse'], 120));
    const [pdf, regression] = benchmarkPlots(benchmark).single;
    expect(pdf!.body.match(/<circle/g)).toHaveLength(30);
    expect(regression!.body.match(/<circle/g)).toHaveLength(30);
    expect(pdf!.body).toMatch(/sample 30: 1\d\d\.\d\d ns/);
    const outliers = Object.values(benchmark.analysis!.outliers).reduce((a, b) => a + b, 0);
    expect(outliers).toBeGreaterThan(0);
    expect(pdf!.body.match(/class="(?:mild|severe)-point"/g)).toHaveLength(outliers);
  });

  test('times that never vary have plots without a NaN', () => {
    const { id, iterations } = measured(['still'], 10, 'Flat');
    const still = { id, samplingMode: 'Flat', iterations, times: iterations.map((count) => count * 10) } as const;
    for (const plot of benchmarkFiles(reported(still, still))) expect(plotElement(plot)).not.toMatch(/NaN|Infinity/);
  });

  test('names are text, whatever they hold', () => {
    const hostile = '</title><script>alert(1)</script>"]]>&\u202e';
    const rows = ['a', 'b'].map((value) => rowOf(reported(measured([hostile, hostile, value], 10))));
    const plots = [
      ...benchmarkFiles(reported(measured([hostile], 10), measured([hostile], 12))),
      violinPlot(hostile, rows)!,
    ];
    for (const plot of plots) expect(plotElement(plot, true)).not.toMatch(/<script|\u202e|alert\(1\)<\/script/);
  });
});

describe('the plots of a group', () => {
  const rows = [10, 100, 1000, 10_000].map((n) =>
    rowOf(reported(measured(['sort', 'merge', String(n)], n * 3, 'Linear', n))),
  );

  test('a row each, named by what the group does not say', () => {
    const plot = violinPlot('sort', rows)!;
    expect(plot.y!.scale.ticks.map(({ label }) => label)).toEqual([
      'merge/10',
      'merge/100',
      'merge/1000',
      'merge/10000',
    ]);
    expect(plot.x!.title).toContain('logarithmic');
    expect(violinPlot('sort', rows.slice(0, 1))).toBeUndefined();
  });

  test('a line for a function whose input is a number, with how it grows', () => {
    const series = seriesOf('sort', rows);
    expect(series).toHaveLength(1);
    expect(growthWords(series[0]!.growth)).toMatch(/^O\(n\), off by \d\.\d%$/);
    const plot = linesPlot('sort', series)!;
    expect(plot.body.match(/<circle/g)).toHaveLength(4);
    expect(plot.legend[0]!.text).toMatch(/^merge: O\(n\)/);
  });

  test('inputs that are no numbers have no line', () => {
    const words = ['small', ''].map((value) => rowOf(reported(measured(['sort', 'merge', value], 3))));
    expect(seriesOf('sort', words)).toEqual([]);
    expect(linesPlot('sort', [])).toBeUndefined();
  });
});

describe('scales', () => {
  test('ticks are round, within the axis, and told with the digits that they need', () => {
    const { ticks, at } = linearScale(16.61, 17.03, 400, 5);
    expect(ticks.map(({ label }) => label)).toEqual(['16.7', '16.8', '16.9', '17.0']);
    expect(ticks.every((tick) => tick.at >= 0 && tick.at <= 400)).toBe(true);
    expect(at(16.61)).toBe(0);
    expect(linearScale(0, 2.5e6, 100, 5, 1e6).ticks.map(({ label }) => label)).toEqual([
      '0',
      '0.5',
      '1.0',
      '1.5',
      '2.0',
      '2.5',
    ]);
  });

  test('both ends at one value: room around it', () => {
    const { at, ticks } = linearScale(5, 5, 100, 5);
    expect(at(5)).toBeCloseTo(50);
    expect(ticks.length).toBeGreaterThan(0);
  });

  test('logarithmic: powers of ten, and between them where there is room', () => {
    expect(logScale(1, 1e6, 600, String).ticks.map(({ label }) => label)).toEqual([
      '1',
      '10',
      '100',
      '1000',
      '10000',
      '100000',
      '1000000',
    ]);
    expect(logScale(90, 1100, 600, String).ticks.map(({ label }) => label)).toEqual(['100', '200', '500', '1000']);
    expect([5e5, 1e4, 2e12].map(tickTime)).toEqual(['500 µs', '10 µs', '2000 s']);
  });
});
