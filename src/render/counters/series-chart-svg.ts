import type { CounterRuns } from '../../profile/counters/counter-runs.ts';
import { type Rates, seriesRates } from '../../profile/counters/series-rates.ts';
import { shortenMiddle } from '../../terminal/string-width.ts';
import { axisTicks } from '../axis-ticks.ts';
import { escapeXml } from '../escape.ts';
import { rateText } from './rate-text.ts';
import { subjectTitle } from './subject-title.ts';

/** Okabe and Ito's colours, told apart by people of every colour vision; on light and on dark ground. */
const LIGHT = ['#0072b2', '#d55e00', '#007a5a', '#a3478a', '#8a6d00', '#3478b8'];
const DARK = ['#56b4e9', '#f0915a', '#2fc29a', '#dd8fc3', '#e0c341', '#86b6e8'];

const WIDTH = 960;
const LEFT = 86;
const RIGHT = 24;
const TOP = 88;
const PANEL = 96;
const GAP = 46;
const BOTTOM = 52;
/** Bold letters of the title that fit. */
const LONGEST_TITLE = 84;
/** As many intervals can be pointed at; more are drawn as a line through the largest and smallest of each column. */
const MOST_STEPS = 400;

/**
 * What was counted over time (`-I`) as a picture: one panel a counter, as their units differ, over one axis of time. Each
 * interval is a step, since it is known as a whole only; its number shows when it is pointed at. Plain SVG without
 * scripts; colours follow the reader's light or dark mode.
 */
export function* seriesChartSvg(runs: CounterRuns): Iterable<string> {
  const panels = runs.series.filter(({ value }) => value.length > 0).map(seriesRates);
  const height = TOP + panels.length * (PANEL + GAP) - GAP + BOTTOM;
  const last = panels.reduce((latest, { end }) => Math.max(latest, end.at(-1)!), 0);
  const title = subjectTitle(runs);
  const shown = shortenMiddle(title, LONGEST_TITLE);
  const intervals = panels.reduce((most, { end }) => Math.max(most, end.length), 0);
  yield `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title about">\n`;
  yield `<title id="title">Counters over time: ${escapeXml(shown)}</title>\n`;
  yield `<desc id="about">${escapeXml(panels.map(describe).join('; '))}</desc>\n`;
  yield style();
  yield `<rect class="ground" width="${WIDTH}" height="${height}"/>\n`;
  yield `<text class="head" x="${LEFT}" y="28">${escapeXml(shown)}</text>\n`;
  const seconds = (last / 1e9).toFixed(last < 1e10 ? 2 : 0);
  yield `<text class="quiet" x="${LEFT}" y="46">${intervals} intervals in ${seconds} s; counts are per second</text>\n`;
  for (const [i, panel] of panels.entries()) {
    yield* drawPanel(panel, TOP + i * (PANEL + GAP), i % LIGHT.length, last);
  }
  yield* timeAxis(last, height - BOTTOM, panels.length);
  yield '</svg>\n';
}

function style(): string {
  const inks = (colors: readonly string[]): string => colors.map((color, i) => `.c${i}{--ink:${color}}`).join('');
  return `<style>
svg{font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;--ground:#fff;--text:#1b1f24;--quiet:#5b636d;--grid:#e4e7eb}
${inks(LIGHT)}
@media (prefers-color-scheme:dark){svg{--ground:#14171a;--text:#e8eaed;--quiet:#a0a8b2;--grid:#2c3238}${inks(DARK)}}
.ground{fill:var(--ground)}text{fill:var(--text)}.head{font-size:16px;font-weight:600}.quiet{fill:var(--quiet)}
.name{font-weight:600;fill:var(--ink)}.grid{stroke:var(--grid);fill:none}.line{stroke:var(--ink);fill:none;stroke-width:1.5;stroke-linejoin:round}
.area{fill:var(--ink);opacity:.16}.hit{fill:transparent}.hit:hover{fill:var(--ink);opacity:.3}.end{text-anchor:end}.middle{text-anchor:middle}
</style>
`;
}

function describe(panel: Rates): string {
  const { name, unit } = panel;
  const { least, most, mean } = rangeOf(panel);
  return `${name}: ${rateText(least, unit)} to ${rateText(most, unit)}, mean ${rateText(mean, unit)}`;
}

/** The mean is that of time: intervals differ in length. */
function rangeOf({ end, value }: Rates): { least: number; most: number; mean: number } {
  let [least, most, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < value.length; i++) {
    least = Math.min(least, value[i]!);
    most = Math.max(most, value[i]!);
    sum += value[i]! * (end[i]! - (i === 0 ? 0 : end[i - 1]!));
  }
  const last = end.at(-1)!;
  return { least, most, mean: last > 0 ? sum / last : sum };
}

/** Round numbers as they are read: of bytes, in the unit that they are shown in. */
function ticksOf(most: number, unit: string): number[] {
  const size = unit === 'bytes' && most >= 1024 ? 1024 ** Math.min(4, Math.floor(Math.log2(most) / 10)) : 1;
  return axisTicks(most / size, 3).map((tick) => tick * size);
}

function* drawPanel(panel: Rates, top: number, color: number, last: number): Iterable<string> {
  const { name, unit, end, value } = panel;
  const { least, most, mean } = rangeOf(panel);
  const ticks = ticksOf(most, unit);
  const scale = PANEL / ticks.at(-1)!;
  const y = (rate: number): string => (top + PANEL - rate * scale).toFixed(1);
  const x = (time: number): string => (LEFT + (time / last) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  yield `<g class="c${color}">\n<text x="${LEFT}" y="${top - 10}"><tspan class="name">${escapeXml(name)}</tspan>`;
  const range = `${rateText(least, unit)} to ${rateText(most, unit)}, mean ${rateText(mean, unit)}`;
  yield `<tspan class="quiet" dx="10">${escapeXml(range)}</tspan></text>\n`;
  for (const tick of ticks) {
    yield `<path class="grid" d="M${LEFT} ${y(tick)}H${WIDTH - RIGHT}"/>`;
    yield `<text class="quiet end" x="${LEFT - 8}" y="${(Number(y(tick)) + 4).toFixed(1)}">${escapeXml(rateText(tick, unit))}</text>\n`;
  }
  if (value.length > MOST_STEPS) {
    yield `<path class="line" d="${dense(panel, last, scale, top)}"/>\n</g>\n`;
    return;
  }
  let steps = `M${x(0)} ${y(value[0]!)}`;
  for (let i = 0; i < value.length; i++) steps += `V${y(value[i]!)}H${x(end[i]!)}`;
  yield `<path class="area" d="${steps}V${top + PANEL}H${x(0)}Z"/><path class="line" d="${steps}"/>\n`;
  for (let i = 0; i < value.length; i++) {
    const from = Number(x(i === 0 ? 0 : end[i - 1]!));
    const wide = Math.max(0, Number(x(end[i]!)) - from).toFixed(1);
    const text = `${seconds(i === 0 ? 0 : end[i - 1]!)} to ${seconds(end[i]!)} s: ${rateText(value[i]!, unit)}`;
    yield `<rect class="hit" x="${from}" y="${top}" width="${wide}" height="${PANEL}"><title>${escapeXml(`${name}, ${text}`)}</title></rect>`;
  }
  yield '\n</g>\n';
}

/** One upright stroke a column of the picture, from the smallest to the largest of the intervals that end in it. */
function dense({ end, value }: Rates, last: number, scale: number, top: number): string {
  let path = '';
  const columns = WIDTH - LEFT - RIGHT;
  for (let i = 0; i < value.length; ) {
    const column = Math.min(columns - 1, Math.floor((end[i]! / last) * columns));
    let [least, most] = [value[i]!, value[i]!];
    for (; i < value.length && Math.min(columns - 1, Math.floor((end[i]! / last) * columns)) === column; i++) {
      least = Math.min(least, value[i]!);
      most = Math.max(most, value[i]!);
    }
    const at = (rate: number): string => (top + PANEL - rate * scale).toFixed(1);
    path += `${path === '' ? 'M' : 'L'}${LEFT + column} ${at(most)}L${LEFT + column} ${at(least)}`;
  }
  return path;
}

function* timeAxis(last: number, bottom: number, panels: number): Iterable<string> {
  const ticks = axisTicks(last / 1e9, 8).filter((tick) => tick * 1e9 <= last * 1.0001);
  for (const tick of ticks) {
    const x = (LEFT + ((tick * 1e9) / last) * (WIDTH - LEFT - RIGHT)).toFixed(1);
    for (let panel = 0; panel < panels; panel++) {
      const top = TOP + panel * (PANEL + GAP);
      yield `<path class="grid" d="M${x} ${top + PANEL}v5"/>`;
    }
    yield `<text class="quiet middle" x="${x}" y="${bottom + 20}">${tick}</text>\n`;
  }
  yield `<text class="quiet end" x="${WIDTH - RIGHT}" y="${bottom + 40}">seconds</text>\n`;
}

function seconds(time: number): string {
  return (time / 1e9).toFixed(2);
}
