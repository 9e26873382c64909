import type { Analysis, Comparison } from '../../bench/criterion/analyse.ts';
import { slopeThroughOrigin } from '../../bench/criterion/point-statistics.ts';
import { outlierLabel } from '../../bench/criterion/tukey.ts';
import { timeText } from '../../bench/criterion/units.ts';
import { averageTimes, type Measurement } from '../../bench/measurement.ts';
import { pointMark } from './pdf-plot.ts';
import { LARGE, type LegendEntry, type Plot, plotArea, point, tenths } from './plot.ts';
import { countUnit, linearScale, timeUnit } from './scale.ts';

/** How samples lie: the line through them where sampling was linear, else one after the other. */
export function samplePlot(analysis: Analysis): Plot {
  return analysis.estimates.slope === undefined ? iterationTimes(analysis) : regression(analysis);
}

/** Both runs' samples. Where only one was sampled linearly, one after the other. */
export function bothSamplesPlot(analysis: Analysis, { base }: Comparison): Plot {
  const linear = analysis.estimates.slope !== undefined && base.samplingMode === 'Linear';
  return linear ? bothRegressions(analysis, base) : bothIterationTimes(analysis, base);
}

function regression({ measurement, averages, tukey, estimates, r2 }: Analysis): Plot {
  const slope = estimates.slope!;
  const plane = planeOf([measurement]);
  const { iterations, times, id } = measurement;
  const points = Array.from(times, (time, i) => {
    const label = outlierLabel(averages[i]!, tukey);
    const words = `sample ${i + 1}: ${iterations[i]} iterations in ${timeText(time).trim()}${label ? `, ${label}` : ''}`;
    return point(pointMark(label), plane.x.at(iterations[i]!), plane.y.at(time), plane.height, words);
  });
  return {
    name: 'regression',
    title: `${id.title}: time by number of iterations`,
    size: LARGE,
    ...plane.axes,
    legend: [
      { mark: 'own-point', kind: 'point', text: 'sample' },
      {
        mark: 'own-line',
        kind: 'line',
        text: `slope ${timeText(slope.point).trim()}${r2 === undefined ? '' : `, R² ${r2.point.toFixed(4)}`}`,
      },
      { mark: 'own-area', kind: 'area', text: intervalWords(slope.confidenceLevel) },
    ],
    body: plane.wedge('own-area', slope.lower, slope.upper) + plane.ray('own-line', slope.point) + points.join(''),
  };
}

function bothRegressions({ measurement, estimates }: Analysis, base: Measurement): Plot {
  const slope = estimates.slope!;
  const former = slopeThroughOrigin(base.iterations, base.times);
  const plane = planeOf([measurement, base]);
  return {
    name: 'both/regression',
    title: `${measurement.id.title}: time by number of iterations, before and after`,
    size: LARGE,
    ...plane.axes,
    legend: [
      { mark: 'base-line', kind: 'line', text: `before: slope ${timeText(former).trim()}` },
      { mark: 'own-line', kind: 'line', text: `after: slope ${timeText(slope.point).trim()}` },
      { mark: 'own-area', kind: 'area', text: intervalWords(slope.confidenceLevel) },
    ],
    body:
      plane.ray('base-line', former) +
      plane.wedge('own-area', slope.lower, slope.upper) +
      plane.ray('own-line', slope.point),
  };
}

function iterationTimes({ measurement, averages, tukey }: Analysis): Plot {
  const plane = sequenceOf([averages]);
  const points = Array.from(averages, (value, i) => {
    const label = outlierLabel(value, tukey);
    const words = `sample ${i + 1}: ${timeText(value).trim()}${label ? `, ${label}` : ''}`;
    return point(pointMark(label), plane.x(i), plane.y(value), plane.height, words);
  });
  return {
    name: 'iteration_times',
    title: `${measurement.id.title}: sample by sample`,
    size: LARGE,
    ...plane.axes,
    legend: [{ mark: 'own-point', kind: 'point', text: 'sample' }],
    body: points.join(''),
  };
}

function bothIterationTimes({ measurement, averages }: Analysis, base: Measurement): Plot {
  const former = averageTimes(base);
  const plane = sequenceOf([averages, former]);
  const points = (mark: string, name: string, values: Float64Array): string =>
    Array.from(values, (value, i) =>
      point(mark, plane.x(i), plane.y(value), plane.height, `${name}, sample ${i + 1}: ${timeText(value).trim()}`),
    ).join('');
  const legend: LegendEntry[] = [
    { mark: 'base-point', kind: 'point', text: 'before' },
    { mark: 'own-point', kind: 'point', text: 'after' },
  ];
  return {
    name: 'both/iteration_times',
    title: `${measurement.id.title}: sample by sample, before and after`,
    size: LARGE,
    ...plane.axes,
    legend,
    body: points('base-point', 'before', former) + points('own-point', 'after', averages),
  };
}

/** Iterations across, whole times upwards, both from 0. */
function planeOf(measurements: readonly Measurement[]) {
  const { width, height } = plotArea(LARGE);
  const mostIterations = largest(measurements.map(({ iterations }) => iterations));
  const mostTime = largest(measurements.map(({ times }) => times));
  const counts = countUnit(mostIterations);
  const unit = timeUnit(mostTime);
  const x = linearScale(0, mostIterations * 1.02, width, 8, counts.divisor);
  const y = linearScale(0, mostTime * 1.05, height, 6, unit.divisor);
  const end = (slope: number): string =>
    `${tenths(x.at(mostIterations))} ${tenths(height - y.at(slope * mostIterations))}`;
  return {
    x,
    y,
    height,
    axes: {
      x: { scale: x, title: `iterations ${counts.name}`.trim() },
      y: { scale: y, title: `time of a sample (${unit.name})` },
    },
    /** A line from the origin. @param slope nanoseconds an iteration */
    ray: (mark: string, slope: number): string => `<path class="${mark}" d="M0 ${height}L${end(slope)}"/>`,
    wedge: (mark: string, low: number, high: number): string =>
      `<path class="${mark}" d="M0 ${height}L${end(low)}L${end(high)}Z"/>`,
  };
}

/** Samples across, average times upwards. */
function sequenceOf(samples: readonly Float64Array[]) {
  const { width, height } = plotArea(LARGE);
  const count = Math.max(...samples.map(({ length }) => length));
  const high = largest(samples);
  const low = samples.reduce((least, values) => values.reduce((a, b) => Math.min(a, b), least), high);
  const room = (high - low) * 0.06 || high * 0.01;
  const unit = timeUnit(high);
  const x = linearScale(0, count + 1, width, 8);
  const y = linearScale(Math.max(0, low - room), high + room, height, 6, unit.divisor);
  return {
    height,
    x: (sample: number): number => x.at(sample + 1),
    y: y.at,
    axes: { x: { scale: x, title: 'sample' }, y: { scale: y, title: `average time (${unit.name})` } },
  };
}

function largest(columns: readonly Float64Array[]): number {
  return columns.reduce((most, values) => values.reduce((a, b) => Math.max(a, b), most), 0);
}

function intervalWords(level: number): string {
  return `${Number((level * 100).toPrecision(4))}% interval`;
}
