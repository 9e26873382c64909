import type { Analysis, Comparison } from '../../bench/criterion/analyse.ts';
import { outlierLabel } from '../../bench/criterion/tukey.ts';
import { timeText } from '../../bench/criterion/units.ts';
import { averageTimes } from '../../bench/measurement.ts';
import { type Density, gaussianDensity } from '../../statistics/density.ts';
import { mean } from '../../statistics/moments.ts';
import { areaBelow, LARGE, type LegendEntry, line, type Plot, plotArea, point, SMALL, upright } from './plot.ts';
import { countUnit, linearScale, timeUnit } from './scale.ts';

/** Room above the highest point of a curve. */
const HEADROOM = 1.08;

/** The density of the samples' times, each sample at its time and number of iterations, the mean and the fences. */
export function pdfPlot({ measurement, averages, tukey, estimates }: Analysis): Plot {
  const area = plotArea(LARGE, true);
  const density = gaussianDensity(averages);
  const x = timeAxis(density.x[0]!, density.x.at(-1)!, area.width);
  const { iterations, id } = measurement;
  const most = iterations.reduce((a, b) => Math.max(a, b), 0);
  const least = iterations.reduce((a, b) => Math.min(a, b), most);
  const unit = countUnit(most);
  const count = linearScale(least === most ? 0 : least * 0.9, most * HEADROOM, area.height, 6, unit.divisor);
  const { curve, axis } = curveOf(density, x.at, area.height, x.divisor);
  const labels = Array.from(averages, (value) => outlierLabel(value, tukey));
  const points = Array.from(averages, (value, i) => {
    const mark = pointMark(labels[i]);
    const words = `sample ${i + 1}: ${timeText(value).trim()}${labels[i] ? `, ${labels[i]}` : ''}`;
    return point(mark, x.at(value), count.at(iterations[i]!), area.height, words);
  });
  const fences = tukey.map((fence, i) =>
    upright(
      i === 0 || i === 3 ? 'severe-line' : 'mild-line',
      x.at(fence),
      area.height,
      `fence: ${timeText(fence).trim()}`,
    ),
  );
  const centre = estimates.mean.point;
  const legend: LegendEntry[] = [
    { mark: 'own-area', kind: 'area', text: 'density' },
    { mark: 'mean', kind: 'line', text: `mean ${timeText(centre).trim()}` },
    { mark: 'own-point', kind: 'point', text: 'sample' },
  ];
  if (labels.some((label) => label?.endsWith('mild')))
    legend.push({ mark: 'mild-point', kind: 'point', text: 'mild outlier' });
  if (labels.some((label) => label?.endsWith('severe')))
    legend.push({ mark: 'severe-point', kind: 'point', text: 'severe outlier' });
  return {
    name: 'pdf',
    title: `${id.title}: times of an iteration`,
    size: LARGE,
    x: x.axis,
    y: { scale: count, title: `iterations ${unit.name}`.trim() },
    y2: axis,
    legend,
    body: [
      areaBelow('own-area', curve.x, curve.y, area.height),
      ...fences,
      upright('mean', x.at(centre), area.height, `mean: ${timeText(centre).trim()}`),
      ...points,
    ].join(''),
  };
}

/** The density alone with the mean. */
export function smallPdfPlot({ measurement, averages, estimates }: Analysis): Plot {
  const area = plotArea(SMALL);
  const density = gaussianDensity(averages);
  const x = timeAxis(density.x[0]!, density.x.at(-1)!, area.width, 5);
  const { curve, axis } = curveOf(density, x.at, area.height, x.divisor);
  const centre = estimates.mean.point;
  return {
    name: 'pdf_small',
    title: measurement.id.title,
    size: SMALL,
    x: x.axis,
    y: axis,
    legend: [],
    body:
      areaBelow('own-area', curve.x, curve.y, area.height) +
      line('own-line', curve.x, curve.y, area.height) +
      upright('mean', x.at(centre), area.height, `mean: ${timeText(centre).trim()}`),
  };
}

/** Both densities with their means. */
export function bothPdfPlot({ measurement, averages }: Analysis, { base }: Comparison): Plot {
  const area = plotArea(LARGE);
  const baseAverages = averageTimes(base);
  const own = gaussianDensity(averages);
  const former = gaussianDensity(baseAverages);
  const x = timeAxis(Math.min(own.x[0]!, former.x[0]!), Math.max(own.x.at(-1)!, former.x.at(-1)!), area.width);
  const most = Math.max(highest(own), highest(former));
  const ofOwn = curveOf(own, x.at, area.height, x.divisor, most);
  const ofBase = curveOf(former, x.at, area.height, x.divisor, most);
  const words = (values: Float64Array): string => timeText(mean(values)).trim();
  const side = (mark: string, { curve }: typeof ofOwn, values: Float64Array, name: string): string =>
    areaBelow(`${mark}-area`, curve.x, curve.y, area.height) +
    line(`${mark}-line`, curve.x, curve.y, area.height) +
    upright(mark === 'own' ? 'mean' : 'base-mean', x.at(mean(values)), area.height, `${name}: ${words(values)}`);
  return {
    name: 'both/pdf',
    title: `${measurement.id.title}: times before and after`,
    size: LARGE,
    x: x.axis,
    y: ofOwn.axis,
    legend: [
      { mark: 'base-line', kind: 'line', text: `before: mean ${words(baseAverages)}` },
      { mark: 'own-line', kind: 'line', text: `after: mean ${words(averages)}` },
    ],
    body: side('base', ofBase, baseAverages, 'mean before') + side('own', ofOwn, averages, 'mean after'),
  };
}

/** @param mark the point's class for an outlier's label */
export function pointMark(label: string | undefined): string {
  if (label === undefined) return 'own-point';
  return label.endsWith('severe') ? 'severe-point' : 'mild-point';
}

function timeAxis(low: number, high: number, width: number, about = 8) {
  const unit = timeUnit(high);
  const scale = linearScale(low, high, width, about, unit.divisor);
  return { at: scale.at, divisor: unit.divisor, axis: { scale, title: `average time of an iteration (${unit.name})` } };
}

function highest({ y }: Density): number {
  return y.reduce((a, b) => Math.max(a, b), 0);
}

/** @param divisor of the x axis: densities are told for its unit */
function curveOf(
  density: Density,
  at: (value: number) => number,
  height: number,
  divisor: number,
  most = highest(density),
) {
  const scale = linearScale(0, most * HEADROOM, height, 5, 1 / divisor);
  const curve = { x: Array.from(density.x, at), y: Array.from(density.y, scale.at) };
  return { curve, axis: { scale, title: 'density' } };
}
