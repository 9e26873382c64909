import type { LatencyHistogram } from '../../load/histogram.ts';
import { failedRequests, type LoadResult } from '../../load/result.ts';
import { judgedLatency } from '../../load/thresholds.ts';
import { plural } from '../../plural.ts';
import { escapeXml } from '../escape.ts';
import { fitText } from '../text-width.ts';
import { loadChartStyle, ROOT } from './chart-style.ts';
import { shortTime } from './load-numbers.ts';
import { latencyOverTime, rateOverTime } from './time-panels.ts';
import { type TimeScale, timeScale } from './time-scale.ts';

/** px */
const WIDTH = 1200;
export const LEFT = 76;
export const PLOT = WIDTH - LEFT - 32;
const PERCENTILES = { top: 112, height: 300 };
const LATENCY = { top: PERCENTILES.top + PERCENTILES.height + 92, height: 170 };
const RATE = { top: LATENCY.top + LATENCY.height + 76, height: 110 };
const HEIGHT = RATE.top + RATE.height + 52;

/** Latency by percentile, and latency and requests over time: plain SVG without scripts, by the reader's light or dark mode. */
export function* loadSvg(result: LoadResult): Iterable<string> {
  yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  yield* loadChart(result);
}

/** The picture, as a file or within a page. The result has a histogram. */
export function* loadChart(result: LoadResult): Iterable<string> {
  const { corrected, latency } = result;
  const main = judgedLatency(result).histogram!;
  const scale = timeScale(main.percentile(1), main.max, PERCENTILES.height);
  const title = `Latency of ${result.url || result.engine}`;
  yield `<svg class="${ROOT}" version="1.1" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" xmlns="http://www.w3.org/2000/svg">
<title>${escapeXml(title)}</title>
<desc>${escapeXml(subtitle(result))}</desc>
<style>${loadChartStyle()}</style>
<rect class="ground" width="100%" height="100%"/>
<text class="heading" x="${LEFT}" y="34">${escapeXml(fitText(title, PLOT, 18))}</text>
<text x="${LEFT}" y="56">${escapeXml(fitText(subtitle(result), PLOT, 12))}</text>
`;
  const open = corrected !== undefined;
  yield panelHead(PERCENTILES.top, 'Latency by percentile', open ? ['from when due', 'from when sent'] : []);
  yield `<g transform="translate(${LEFT} ${PERCENTILES.top})">\n`;
  yield* timeGrid(scale, PERCENTILES.height);
  const levels = levelsOf(main.count);
  yield* percentileAxis(levels, PERCENTILES.height);
  if (open && latency.histogram !== undefined) yield curve(latency.histogram, scale, levels, 'b', PERCENTILES.height);
  yield curve(main, scale, levels, 'a', PERCENTILES.height);
  yield* markers(main, scale, levels, PERCENTILES.height);
  yield '</g>\n';
  yield* latencyOverTime(result, LATENCY);
  yield* rateOverTime(result, RATE);
  yield '</svg>\n';
}

function subtitle(result: LoadResult): string {
  const { connections, threads, rate, seconds, requests, errors } = result;
  const model = rate === undefined ? 'closed model' : `open model, ${rate} requests/s`;
  const failed = failedRequests(errors);
  return [
    model,
    connections === undefined
      ? ''
      : `${connections} ${plural(connections, 'connection')}, ${threads} ${plural(threads ?? 0, 'thread')}`,
    `${requests} ${plural(requests, 'request')} in ${seconds.toFixed(1)} s`,
    `${(requests / Math.max(1e-9, seconds)).toFixed(1)} requests/s`,
    failed === 0 ? 'none failed' : `${failed} failed`,
  ]
    .filter(Boolean)
    .join('  ·  ');
}

/** Name of a panel and the keys of its lines. */
export function panelHead(top: number, name: string, keys: readonly string[]): string {
  let text = `<text class="name" x="${LEFT}" y="${top - 18}">${escapeXml(name)}</text>`;
  let x = LEFT + 190;
  for (const [i, key] of keys.entries()) {
    text += `<path class="curve ${'abc'[i]}" d="M${x} ${top - 22}h22"/><text x="${x + 28}" y="${top - 18}">${escapeXml(key)}</text>`;
    x += 60 + key.length * 7;
  }
  return `${text}\n`;
}

export function* timeGrid(scale: TimeScale, height: number): Iterable<string> {
  for (const { micros, label } of scale.ticks) {
    const y = tenths(height - scale.at(micros));
    yield `<path class="grid" d="M0 ${y}H${PLOT}"/><text class="end" x="-8" y="${y + 4}">${label}</text>\n`;
  }
}

/** The percentiles of the axis: as many nines as there are values for. */
function levelsOf(count: number): readonly number[] {
  const levels = [0, 50, 90, 99, 99.9, 99.99, 99.999, 99.9999];
  return levels.filter((level) => level === 0 || level === 50 || count * (1 - level / 100) >= 0.999);
}

/** Px of a percentile: equal steps for 0, 50, 90, and each nine, and what is beyond the last of them ends the axis. */
function across(percent: number, levels: readonly number[]): number {
  const nines = -Math.log10(1 - Math.min(percent, 99.99999) / 100);
  const end = -Math.log10(1 - levels.at(-1)! / 100) + 0.35;
  return Math.min(1, nines / end) * PLOT;
}

function* percentileAxis(levels: readonly number[], height: number): Iterable<string> {
  for (const level of levels) {
    const x = tenths(across(level, levels));
    yield `<path class="grid" d="M${x} 0V${height}"/><text class="middle" x="${x}" y="${height + 20}">${level} %</text>\n`;
  }
  yield `<path class="axis" d="M0 0V${height}H${PLOT}"/><text class="end" x="${PLOT}" y="${height + 20}">max</text>\n`;
}

function curve(
  histogram: LatencyHistogram,
  scale: TimeScale,
  levels: readonly number[],
  ink: string,
  height: number,
): string {
  const points: string[] = [];
  let seen = 0;
  let [lastX, lastY] = [-1, -1];
  for (const { value, count } of histogram.buckets()) {
    const y = tenths(height - scale.at(value));
    for (const at of [seen, seen + count]) {
      const x = tenths(at >= histogram.count ? PLOT : across((at / histogram.count) * 100, levels));
      // Steps that nobody can see are left out
      if (Math.abs(x - lastX) < 0.5 && Math.abs(y - lastY) < 0.5 && at < histogram.count) continue;
      points.push(`${x} ${y}`);
      [lastX, lastY] = [x, y];
    }
    seen += count;
  }
  return `<path class="curve ${ink}" d="M${points.join('L')}"/>\n`;
}

function* markers(
  histogram: LatencyHistogram,
  scale: TimeScale,
  levels: readonly number[],
  height: number,
): Iterable<string> {
  for (const level of [...levels.slice(1), 100]) {
    const micros = histogram.percentile(level);
    const x = tenths(level === 100 ? PLOT : across(level, levels));
    const y = tenths(height - scale.at(micros));
    const side = level === 100 ? ' end' : '';
    const at = level === 100 ? x - 8 : x - 6;
    yield `<circle class="dot a" cx="${x}" cy="${y}" r="3.5"/><text class="value end${side}" x="${at}" y="${y - 8}">${shortTime(micros)}</text>\n`;
  }
}

export function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
