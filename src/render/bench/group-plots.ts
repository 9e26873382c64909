import { type Complexity, type ComplexityGuess, guessComplexity } from '../../bench/complexity.ts';
import { timeText } from '../../bench/criterion/units.ts';
import { gaussianDensity } from '../../statistics/density.ts';
import { escapeXml } from '../escape.ts';
import { fitText } from '../text-width.ts';
import { type LegendEntry, type Plot, plotArea, tenths, upright } from './plot.ts';
import { SERIES_COUNT } from './plot-style.ts';
import { type ReportRow, shownEstimate } from './report.ts';
import { linearScale, logScale, tickTime, timeUnit } from './scale.ts';

const WIDTH = 960;
const NAME_WIDTH = 220;
const ROW = 34;
/** Times that are further apart than this are drawn on a logarithmic scale. */
const WIDE_SPAN = 20;
const VIOLIN_POINTS = 160;

/** The plots of a group, as far as there is something to draw. */
export function groupPlots(group: string, rows: readonly ReportRow[]): readonly Plot[] {
  return [violinPlot(group, rows), linesPlot(group, seriesOf(group, rows))].filter((plot) => plot !== undefined);
}

/** The densities of all benchmarks of a group on one scale, a row each. Undefined where fewer than two have samples. */
export function violinPlot(title: string, rows: readonly ReportRow[]): Plot | undefined {
  const drawn = rows.flatMap((row) => (row.averages === undefined ? [] : [{ row, values: row.averages }]));
  if (drawn.length < 2) return undefined;
  const size = { width: WIDTH, height: 88 + ROW * drawn.length, left: NAME_WIDTH };
  const { width, height } = plotArea(size);
  const densities = drawn.map(({ values }) => gaussianDensity(values, VIOLIN_POINTS));
  const centres = drawn.map(({ row, values }) => shownEstimate(row.estimates)?.point ?? values[0]!);
  const low = Math.min(...densities.map(({ x }) => x[0]!));
  const high = Math.max(...densities.map(({ x }) => x.at(-1)!));
  const least = Math.min(...drawn.map(({ values }) => values.reduce((a, b) => Math.min(a, b))));
  const unit = timeUnit(high);
  const isWide = Math.max(...centres) > WIDE_SPAN * Math.min(...centres) && least > 0;
  // The kernels' tails may reach below 0, of which there is no logarithm
  const floor = Math.max(low, least / 1.3);
  const x = isWide
    ? logScale(floor, high * 1.1, width, tickTime)
    : linearScale(Math.max(0, low), high, width, 8, unit.divisor);
  const body = drawn.map(({ row }, i) => {
    const middle = ROW * (i + 0.5);
    const { x: at, y } = densities[i]!;
    const peak = y.reduce((a, b) => Math.max(a, b), 0);
    const kept = Array.from(at.keys()).filter((k) => at[k]! >= (isWide ? floor : 0));
    const upper = kept.map((k) => `${tenths(x.at(at[k]!))} ${tenths(middle - (y[k]! / peak) * ROW * 0.42)}`);
    const lower = kept.map((k) => `${tenths(x.at(at[k]!))} ${tenths(middle + (y[k]! / peak) * ROW * 0.42)}`).reverse();
    const words = `${row.id.title}: ${timeText(centres[i]!).trim()}`;
    return (
      `<path class="own-line own-area" d="M${upper.join('L')}L${lower.join('L')}Z"><title>${escapeXml(words)}</title></path>` +
      upright('mean', x.at(centres[i]!), middle + ROW * 0.46, words, middle - ROW * 0.46)
    );
  });
  const names = drawn.map(({ row }, i) => ({
    at: height - ROW * (i + 0.5),
    label: fitText(nameIn(title, row), NAME_WIDTH - 20, 12),
  }));
  return {
    name: 'violin',
    title: `${title}: all times`,
    size,
    x: {
      scale: x,
      title: isWide ? 'average time of an iteration, logarithmic' : `average time of an iteration (${unit.name})`,
    },
    y: { scale: { at: (value) => value, ticks: names }, title: '' },
    legend: [],
    body: body.join(''),
  };
}

/** What of its title is not said by its group's. */
function nameIn(group: string, { id }: ReportRow): string {
  const { function: name, value } = id;
  return [name, value].filter((part) => part !== undefined).join('/') || (id.title === group ? group : id.title);
}

/** The benchmarks of one function whose input is a number, in order of it. */
export interface Series {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly times: readonly number[];
  readonly growth: ComplexityGuess;
}

/** Functions that were measured with two numbers as input at least. */
export function seriesOf(group: string, rows: readonly ReportRow[]): Series[] {
  const byFunction = new Map<string, { size: number; time: number }[]>();
  for (const { id, estimates, unit } of rows) {
    const size = id.value === undefined || id.value.trim() === '' ? Number.NaN : Number(id.value);
    const time = shownEstimate(estimates)?.point;
    if (unit !== 'ns' || !Number.isFinite(size) || time === undefined || !(time > 0)) continue;
    const name = id.function ?? group;
    const points = byFunction.get(name);
    if (points === undefined) byFunction.set(name, [{ size, time }]);
    else points.push({ size, time });
  }
  return [...byFunction].flatMap(([name, points]) => {
    if (points.length < 2) return [];
    points.sort((a, b) => a.size - b.size);
    const sizes = points.map(({ size }) => size);
    const times = points.map(({ time }) => time);
    return [{ name, sizes, times, growth: guessComplexity(sizes, times) }];
  });
}

/** Time by input, a line a function, and the curve that it seems to follow. */
export function linesPlot(title: string, series: readonly Series[]): Plot | undefined {
  if (series.length === 0) return undefined;
  const size = { width: WIDTH, height: 420, left: 80 };
  const { width, height } = plotArea(size);
  const sizes = series.flatMap((one) => one.sizes);
  const times = series.flatMap((one) => one.times);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const [fastest, slowest] = [Math.min(...times), Math.max(...times)];
  const isWide = least > 0 && most > least * WIDE_SPAN;
  const unit = timeUnit(slowest);
  const x = isWide
    ? logScale(least / 1.15, most * 1.15, width, String)
    : linearScale(Math.min(0, least), most + (most - least) * 0.03, width, 8);
  const logarithmic = isWide && slowest > fastest * WIDE_SPAN;
  const y = logarithmic
    ? logScale(fastest * 0.8, slowest * 1.25, height, tickTime)
    : linearScale(0, slowest * 1.06, height, 6, unit.divisor);
  const legend: LegendEntry[] = [];
  const body = series.map((one, i) => {
    const mark = `s${i % SERIES_COUNT}`;
    legend.push({ mark, kind: 'line', text: `${one.name}: ${growthWords(one.growth)}` });
    const points = one.sizes.map((at, k) => {
      const words = `${one.name}, ${at}: ${timeText(one.times[k]!).trim()}`;
      return `<circle class="${mark}" cx="${tenths(x.at(at))}" cy="${tenths(height - y.at(one.times[k]!))}" r="3.5"><title>${escapeXml(words)}</title></circle>`;
    });
    const path = one.sizes.map((at, k) => `${tenths(x.at(at))} ${tenths(height - y.at(one.times[k]!))}`).join('L');
    const curve = 'at' in one.growth ? fitted(one.growth, one.sizes, isWide) : [];
    const fit = curve.map(([at, time]) => `${tenths(x.at(at))} ${tenths(height - y.at(time))}`).join('L');
    return `${fit === '' ? '' : `<path class="${mark} fit" d="M${fit}"/>`}<path class="${mark}" d="M${path}"/>${points.join('')}`;
  });
  return {
    name: 'lines',
    title: `${title}: time by input`,
    size,
    x: { scale: x, title: isWide ? 'input, logarithmic' : 'input' },
    y: { scale: y, title: logarithmic ? 'time, logarithmic' : `time (${unit.name})` },
    legend,
    body: body.join(''),
  };
}

export function growthWords(growth: ComplexityGuess): string {
  if ('undecided' in growth) return `growth undecided: ${growth.undecided}`;
  return `${growth.growth}, off by ${(growth.error * 100).toFixed(1)}%`;
}

function fitted({ at }: Complexity, sizes: readonly number[], isWide: boolean): [number, number][] {
  const [low, high] = [sizes[0]!, sizes.at(-1)!];
  return Array.from({ length: 60 }, (_, i) => {
    const part = i / 59;
    const size = isWide ? low * (high / low) ** part : low + (high - low) * part;
    return [size, at(size)] as [number, number];
  }).filter(([, time]) => time > 0);
}
