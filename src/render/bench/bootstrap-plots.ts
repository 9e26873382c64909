import type { Analysis, Comparison } from '../../bench/criterion/analyse.ts';
import { changeText, timeText } from '../../bench/criterion/units.ts';
import type { Estimate } from '../../bench/estimates.ts';
import { type Density, gaussianDensity } from '../../statistics/density.ts';
import { areaBelow, type LegendEntry, line, type Plot, plotArea, SMALL, tenths, upright } from './plot.ts';
import { linearScale, timeUnit } from './scale.ts';

const NAMES = { mean: 'mean', median: 'median', std_dev: 'SD', median_abs_dev: 'MAD', slope: 'slope' } as const;
type Statistic = keyof typeof NAMES;

/** How each estimate fell in the resamples; what is typical first. */
export function bootstrapPlots({ measurement, estimates, distributions }: Analysis): Plot[] {
  const known: readonly Statistic[] = ['slope', 'mean', 'median', 'std_dev', 'median_abs_dev'];
  return known.flatMap((statistic) => {
    const estimate = estimates[statistic];
    const values = distributions[statistic];
    if (estimate === undefined || values === undefined) return [];
    const unit = timeUnit(estimate.upper);
    return [
      distributionPlot({
        name: NAMES[statistic],
        title: `${measurement.id.title}: ${NAMES[statistic]}`,
        values,
        estimate,
        axis: `${NAMES[statistic]} (${unit.name})`,
        divisor: unit.divisor,
        words: (value) => timeText(value).trim(),
      }),
    ];
  });
}

/** How the change of mean and median fell, and the test. */
export function changePlots({ measurement }: Analysis, comparison: Comparison): Plot[] {
  const ofChange = (['mean', 'median'] as const).map((statistic) =>
    distributionPlot({
      name: `change/${statistic}`,
      title: `${measurement.id.title}: change of the ${statistic}`,
      values: comparison.distributions[statistic],
      estimate: comparison.change[statistic],
      axis: 'relative change (%)',
      divisor: 0.01,
      words: (value) => changeText(value).trim(),
      noise: comparison.noiseThreshold,
    }),
  );
  return Number.isFinite(comparison.t) ? [...ofChange, testPlot(measurement.id.title, comparison)] : ofChange;
}

interface DistributionParts {
  readonly name: string;
  readonly title: string;
  readonly values: Float64Array;
  readonly estimate: Estimate;
  readonly axis: string;
  readonly divisor: number;
  readonly words: (value: number) => string;
  /** Changes up to this much, either way, are noise. */
  readonly noise?: number;
}

function distributionPlot({ name, title, values, estimate, axis, divisor, words, noise }: DistributionParts): Plot {
  const { width, height } = plotArea(SMALL);
  const density = gaussianDensity(values);
  const { lower, upper, point, confidenceLevel } = estimate;
  const room = (upper - lower) * 0.5;
  const x = linearScale(
    Math.min(Math.max(density.x[0]!, lower - room), point),
    Math.max(Math.min(density.x.at(-1)!, upper + room), point),
    width,
    5,
    divisor,
  );
  const y = linearScale(0, highest(density) * 1.08, height, 4, 1 / divisor);
  const inside = within(density, lower, upper);
  const legend: LegendEntry[] = [
    { mark: 'mean', kind: 'line', text: `estimate ${words(point)}` },
    { mark: 'own-area', kind: 'area', text: `${Number((confidenceLevel * 100).toPrecision(4))}% interval` },
  ];
  let ground = '';
  if (noise !== undefined) {
    ground = `<rect class="noise" x="${tenths(x.at(-noise))}" width="${tenths(x.at(noise) - x.at(-noise))}" height="${height}"/>`;
    ground += upright('zero', x.at(0), height, 'no change');
    legend.push({ mark: 'noise', kind: 'area', text: `noise: ±${Number((noise * 100).toPrecision(3))}%` });
  }
  return {
    name,
    title,
    size: SMALL,
    x: { scale: x, title: axis },
    y: { scale: y, title: 'density' },
    legend,
    body:
      ground +
      areaBelow('own-area', Array.from(inside.x, x.at), Array.from(inside.y, y.at), height) +
      line('own-line', Array.from(density.x, x.at), Array.from(density.y, y.at), height) +
      upright('mean', x.at(point), height, `estimate: ${words(point)}`),
  };
}

/** Where t would lie by chance, and where it lies. */
function testPlot(title: string, { distributions, t, p, significanceLevel }: Comparison): Plot {
  const { width, height } = plotArea(SMALL);
  const density = gaussianDensity(distributions.t);
  const x = linearScale(Math.min(density.x[0]!, t * 1.1), Math.max(density.x.at(-1)!, t * 1.1), width, 6);
  const y = linearScale(0, highest(density) * 1.08, height, 4);
  const px = Array.from(density.x, x.at);
  const py = Array.from(density.y, y.at);
  return {
    name: 'change/t-test',
    title: `${title}: Welch's t test`,
    size: SMALL,
    x: { scale: x, title: 't' },
    y: { scale: y, title: 'density' },
    legend: [
      { mark: 'own-area', kind: 'area', text: 't by chance' },
      {
        mark: 'base-line',
        kind: 'line',
        text: `t = ${t.toPrecision(3)}, p = ${p.toFixed(2)} ${p < significanceLevel ? '<' : '≥'} ${significanceLevel}`,
      },
    ],
    body:
      areaBelow('own-area', px, py, height) +
      line('own-line', px, py, height) +
      upright('base-line', x.at(t), height, `t: ${t.toPrecision(3)}`),
  };
}

function within({ x, y }: Density, low: number, high: number): Density {
  let from = x.findIndex((at) => at >= low);
  if (from < 0) from = x.length;
  let to = x.findIndex((at) => at > high);
  if (to < 0) to = x.length;
  return { x: x.subarray(from, to), y: y.subarray(from, to) };
}

function highest({ y }: Density): number {
  return y.reduce((a, b) => Math.max(a, b), 0);
}
