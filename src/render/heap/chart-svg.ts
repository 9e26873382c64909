import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../package-root.ts';
import { chosenRow, DETAILS, type HeapHistory, landmarks, titleOf, totalAt } from '../../profile/heap-history.ts';
import { formatValue } from '../../profile/units.ts';
import { escapeXml } from '../escape.ts';
import { fitText } from '../text-width.ts';
import { byteTicks, timeTicks } from './axis.ts';
import { type Band, bandsOf } from './bands.ts';
import { CHART, type ChartData } from './chart-data.ts';
import { chartStyle } from './chart-style.ts';
import { momentText, shareText } from './moment.ts';
import { siteLabel } from './site-table.ts';

export interface ChartOptions {
  /** Default: what it is of. */
  readonly title?: string;
  /** Bytes that the axis must reach. Default: the maximum */
  readonly most?: number;
  /** Which sites have a colour, as `rankedSites` gives them. Default: the largest */
  readonly ranking?: readonly string[];
}

/** px */
export const WIDTH = 1200;
const LEFT = 84;
const RIGHT = 24;
const PLOT_TOP = 86;
const PLOT_HEIGHT = 400;
const PLOT_WIDTH = WIDTH - LEFT - RIGHT;
const AXIS_HEIGHT = 46;
const ROW_HEIGHT = 20;
const BYTES_AT = 118;
const SHARE_AT = 178;
const NAME_AT = 192;

let script: string | undefined;

/** What runs inside the picture, always the same bytes: nothing of a recording is ever written into it. */
export function chartScript(): string {
  script ??= readFileSync(join(packageRoot(), 'dist/browser/heap-chart.js'), 'utf8');
  return script;
}

/** The heap over time, in layers by who allocated it: a picture that is right without scripts, and tells more with them. */
export function* chartSvg(history: HeapHistory, options: ChartOptions): Iterable<string> {
  yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  yield* chartElement(history, options, true);
}

/** @param scripted with the script inside; an HTML page brings it itself */
export function* chartElement(history: HeapHistory, options: ChartOptions, scripted: boolean): Iterable<string> {
  const { snapshots, timeUnit } = history;
  const bands = bandsOf(history, options.ranking);
  const { maximum, marked } = landmarks(history);
  const home = chosenRow(history, 'largest');
  const end = snapshots.time.reduce((most, time) => Math.max(most, time), 0) || 1;
  const { top, ticks } = byteTicks(options.most || totalAt(snapshots, maximum) || 1, PLOT_HEIGHT);
  const x = Array.from(snapshots.time, (time) => tenths((time / end) * PLOT_WIDTH));
  const legendTop = PLOT_TOP + PLOT_HEIGHT + AXIS_HEIGHT + 14;
  const height = legendTop + 28 + bands.length * ROW_HEIGHT + 34;
  const title = options.title ?? titleOf(history);
  const data: ChartData = {
    timeUnit,
    number: [...snapshots.number],
    time: [...snapshots.time],
    x,
    detail: [...snapshots.detail],
    bands: bands.map(({ values }) => Array.from(values, Math.round)),
    top,
    height: PLOT_HEIGHT,
    home,
  };
  const total = totalAt(snapshots, home);
  const moment = momentText(snapshots.number[home]!, snapshots.time[home]!, timeUnit, total, snapshots.detail[home]!);

  yield `<svg class="${CHART.root}" version="1.1" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" xmlns="http://www.w3.org/2000/svg">
<title>${escapeXml(title)}</title>
<desc>${escapeXml(`${moment}. ${bands.map(({ site }) => siteLabel(site)).join(', ')}`)}</desc>
<style>${chartStyle()}</style>
<rect class="ground" width="100%" height="100%"/>
<text class="heading" x="${LEFT}" y="32">${escapeXml(fitText(title, PLOT_WIDTH, 18))}</text>
<text x="${LEFT}" y="52">${escapeXml(fitText(subtitle(history), PLOT_WIDTH, 12))}</text>
<g class="${CHART.plot}" transform="translate(${LEFT} ${PLOT_TOP})">
<rect class="hit" width="${PLOT_WIDTH}" height="${PLOT_HEIGHT}"/>
`;
  for (const { at, label } of ticks) {
    const y = tenths(PLOT_HEIGHT - at);
    yield `<path class="grid" d="M0 ${y}H${PLOT_WIDTH}"/><text class="end" x="-8" y="${y + 4}">${label}</text>\n`;
  }
  yield* layers(bands, x, top, snapshots.length);
  yield* timeAxis(history, x, end);
  yield markElement(x[marked], snapshots, marked, marked === maximum ? 'peak' : 'peak as massif marked it', 0);
  if (maximum !== marked && totalAt(snapshots, maximum) > 0)
    yield markElement(x[maximum], snapshots, maximum, 'maximum', 1);
  yield `<rect class="frame" width="${PLOT_WIDTH}" height="${PLOT_HEIGHT}"/>
</g>
<g transform="translate(${LEFT} ${legendTop})">
<text class="${CHART.moment}" y="4">${escapeXml(moment)}</text>
`;
  // As they lie in the chart: the top one first
  for (let i = bands.length - 1, row = 0; i >= 0; i--, row++) yield legendRow(bands[i]!, i, home, total, row);
  const estimate =
    snapshots.detail.includes(0) && snapshots.detail.some((detail) => detail > 0)
      ? 'Ticks below the axis are snapshots with details; between them shares are estimated, the total is exact.'
      : '';
  yield `<text y="${28 + bands.length * ROW_HEIGHT + 18}">${estimate}</text>
</g>
<metadata class="${CHART.data}">${escapeXml(JSON.stringify(data))}</metadata>
`;
  if (scripted) yield `<script><![CDATA[\n${chartScript()}]]></script>\n`;
  yield '</svg>\n';
}

function subtitle({ command, description, snapshots }: HeapHistory): string {
  // Where valgrind wrote the recording, in a folder of ours for a while, says nothing of the program
  const options = description === '(none)' ? '' : description.replace(/--massif-out-file=\S+/g, '').trim();
  const words = [command, options, snapshotCount(snapshots.length)];
  return words.filter(Boolean).join('  ·  ').replaceAll('\n', ' ');
}

/** `1 snapshot`, `12 snapshots`. */
export function snapshotCount(count: number): string {
  return `${count} ${count === 1 ? 'snapshot' : 'snapshots'}`;
}

/** An area a band, each on the ones below it, and the line of the total. */
function* layers(bands: readonly Band[], x: readonly number[], top: number, length: number): Iterable<string> {
  const y = (bytes: number): number => tenths(PLOT_HEIGHT - (bytes / top) * PLOT_HEIGHT);
  const floor = new Float64Array(length);
  for (const [i, { site, color, values }] of bands.entries()) {
    const below = Array.from(floor, (bytes, row) => `${x[row]} ${y(bytes)}`);
    for (let row = 0; row < length; row++) floor[row] = floor[row]! + values[row]!;
    const above = Array.from(floor, (bytes, row) => `${x[row]} ${y(bytes)}`);
    const most = formatValue(
      values.reduce((a, b) => Math.max(a, b), 0),
      'bytes',
    );
    yield `<path class="${CHART.band}" data-band="${i}" fill="${color}" d="M${above.join('L')}L${below.reverse().join('L')}Z"><title>${escapeXml(siteLabel(site))}: at most ${most}</title></path>\n`;
  }
  yield `<path class="total" d="M${Array.from(floor, (bytes, row) => `${x[row]} ${y(bytes)}`).join('L')}"/>\n`;
}

function* timeAxis({ snapshots, timeUnit }: HeapHistory, x: readonly number[], end: number): Iterable<string> {
  const { unit, ticks } = timeTicks(end, timeUnit, PLOT_WIDTH);
  yield `<path class="axis" d="M0 0V${PLOT_HEIGHT}H${PLOT_WIDTH}"/>\n`;
  const detailed = x.filter((_, row) => DETAILS[snapshots.detail[row]!] !== 'none');
  if (detailed.length > 0)
    yield `<path class="detail" d="${detailed.map((at) => `M${at} ${PLOT_HEIGHT + 1}v4`).join('')}"/>\n`;
  for (const { at, label } of ticks) {
    yield `<text class="middle" x="${tenths(at)}" y="${PLOT_HEIGHT + 20}">${label}</text>`;
  }
  yield `\n<text class="end" x="${PLOT_WIDTH}" y="${PLOT_HEIGHT + 38}">${escapeXml(timeUnit === 'B' ? `${unit} allocated and freed` : unit)}</text>\n`;
}

/** A dashed line at a snapshot, with its name above the plot. */
function markElement(
  at: number | undefined,
  snapshots: HeapHistory['snapshots'],
  row: number,
  words: string,
  line: number,
): string {
  if (at === undefined) return '';
  const label = `${words}: ${formatValue(totalAt(snapshots, row), 'bytes')}`;
  const side = at > PLOT_WIDTH - 260 ? ` class="mark-label end" x="${at}"` : ` class="mark-label" x="${at}"`;
  const y = -6 - 14 * line;
  return `<path class="mark" d="M${at} ${y + 2}V${PLOT_HEIGHT}"/><text${side} y="${y}">${escapeXml(label)}</text>\n`;
}

function legendRow({ site, color, values }: Band, band: number, home: number, total: number, row: number): string {
  const y = 24 + row * ROW_HEIGHT;
  const name = siteLabel(site);
  const shown = fitText(name, PLOT_WIDTH - NAME_AT, 12);
  return `<g class="${CHART.row}" data-band="${band}" transform="translate(0 ${y})"><title>${escapeXml(name)}</title>
<rect class="hit" x="-6" y="-5" width="${PLOT_WIDTH + 6}" height="${ROW_HEIGHT}"/>
<rect y="-1" width="12" height="12" rx="3" fill="${color}"/>
<text class="number ${CHART.bytes}" x="${BYTES_AT}" y="9">${formatValue(values[home]!, 'bytes')}</text>
<text class="number ${CHART.share}" x="${SHARE_AT}" y="9">${shareText(values[home]!, total)}</text>
<text class="name" x="${NAME_AT}" y="9">${escapeXml(shown)}</text></g>
`;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
