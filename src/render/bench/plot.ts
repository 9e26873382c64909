import { escapeXml } from '../escape.ts';
import { fitText, textWidth } from '../text-width.ts';
import { plotStyle } from './plot-style.ts';
import type { Scale } from './scale.ts';

/** One axis: its scale and what it tells of. */
interface Axis {
  readonly scale: Scale;
  readonly title: string;
}

/** A sign and what it stands for. */
export interface LegendEntry {
  /** A class of {@link plotStyle}. */
  readonly mark: string;
  readonly kind: 'line' | 'area' | 'point';
  readonly text: string;
}

/** A plot that is ready to be drawn: inside of a page, or as a file of its own. */
export interface Plot {
  /** Criterion's name of the file, without `.svg`. */
  readonly name: string;
  /** What it shows, one line. */
  readonly title: string;
  readonly size: PlotSize;
  readonly x?: Axis;
  readonly y?: Axis;
  /** On the right-hand side. */
  readonly y2?: Axis;
  readonly legend: readonly LegendEntry[];
  /** SVG in px of the plotting area: {@link plotArea}. */
  readonly body: string;
}

export interface PlotSize {
  readonly width: number;
  readonly height: number;
  /** Room for names of rows, px. */
  readonly left?: number;
}

/** Two, or three small ones, fit beside each other in the report. */
export const LARGE: PlotSize = { width: 588, height: 380 };
export const SMALL: PlotSize = { width: 386, height: 250 };

const LEFT = 64;
const RIGHT = 16;
const RIGHT_OF_AXIS = 64;
const TOP = 40;
const BOTTOM = 48;
const LEGEND_ROW = 20;

/** The plotting area inside of a plot. */
export function plotArea(size: PlotSize, hasSecondAxis = false): { readonly width: number; readonly height: number } {
  const right = hasSecondAxis ? RIGHT_OF_AXIS : RIGHT;
  return { width: size.width - (size.left ?? LEFT) - right, height: size.height - TOP - BOTTOM };
}

/** A file of its own: a picture that needs no script and loads nothing. */
export function* plotFile(plot: Plot): Iterable<string> {
  yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  yield plotElement(plot, true);
}

/** @param styled with the style sheet inside; a page brings it once */
export function plotElement(plot: Plot, styled = false): string {
  const { size, title, x, y, y2, body } = plot;
  const area = plotArea(size, y2 !== undefined);
  const rows = legendRows(plot.legend, size.width - 32);
  const height = size.height + rows.length * LEGEND_ROW;
  const parts = [
    `<svg class="plot" version="1.1" width="${size.width}" height="${height}" viewBox="0 0 ${size.width} ${height}" role="img" xmlns="http://www.w3.org/2000/svg">`,
    `<title>${escapeXml(title)}</title>`,
    styled ? `<style>${plotStyle()}</style><rect class="ground" width="100%" height="100%"/>` : '',
    `<text class="heading" x="16" y="22">${escapeXml(fitText(title, size.width - 32, 14))}</text>`,
    `<g transform="translate(${size.left ?? LEFT} ${TOP})">`,
  ];
  if (y) parts.push(...verticalAxis(y, area, size.left ?? LEFT));
  if (x) parts.push(...horizontalAxis(x, area));
  if (y2) parts.push(...rightAxis(y2, area));
  // A view box of its own cuts off what lies beyond the axes, and needs no id
  parts.push(
    `<svg width="${area.width}" height="${area.height}" viewBox="0 0 ${area.width} ${area.height}">`,
    body,
    '</svg>',
    `<path class="axis" d="M0 0V${area.height}H${area.width}${y2 ? 'V0' : ''}"/>`,
    '</g>',
    ...rows.map((row, i) => legendRow(row, size.height + i * LEGEND_ROW)),
    '</svg>\n',
  );
  return parts.filter(Boolean).join('\n');
}

function* verticalAxis(
  { scale, title }: Axis,
  area: { width: number; height: number },
  left: number,
): Iterable<string> {
  for (const { at, label } of scale.ticks) {
    const y = tenths(area.height - at);
    yield `<path class="grid" d="M0 ${y}H${area.width}"/><text class="end" x="-8" y="${y + 4}">${escapeXml(label)}</text>`;
  }
  yield `<text class="middle" transform="translate(${16 - left} ${area.height / 2}) rotate(-90)">${escapeXml(title)}</text>`;
}

function* rightAxis({ scale, title }: Axis, area: { width: number; height: number }): Iterable<string> {
  for (const { at, label } of scale.ticks) {
    yield `<text x="${area.width + 8}" y="${tenths(area.height - at) + 4}">${escapeXml(label)}</text>`;
  }
  yield `<text class="middle" transform="translate(${area.width + RIGHT_OF_AXIS - 12} ${area.height / 2}) rotate(-90)">${escapeXml(title)}</text>`;
}

function* horizontalAxis({ scale, title }: Axis, area: { width: number; height: number }): Iterable<string> {
  let free = Number.NEGATIVE_INFINITY;
  for (const { at, label } of scale.ticks) {
    const x = tenths(at);
    const half = textWidth(label, 12) / 2;
    yield `<path class="grid" d="M${x} 0V${area.height}"/>`;
    // Numbers that would touch the one before are left out
    if (at - half < free) continue;
    free = at + half + 6;
    yield `<text class="middle" x="${x}" y="${area.height + 18}">${escapeXml(label)}</text>`;
  }
  yield `<text class="middle" x="${area.width / 2}" y="${area.height + 38}">${escapeXml(fitText(title, area.width, 12))}</text>`;
}

interface PlacedEntry extends LegendEntry {
  readonly x: number;
}

function legendRows(entries: readonly LegendEntry[], width: number): PlacedEntry[][] {
  const rows: PlacedEntry[][] = [];
  let x = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const text = fitText(entry.text, width - 24, 12);
    const needed = 24 + textWidth(text, 12) + 18;
    if (x + needed - 18 > width) {
      rows.push([]);
      x = 0;
    }
    rows.at(-1)!.push({ ...entry, text, x });
    x += needed;
  }
  return rows;
}

function legendRow(entries: readonly PlacedEntry[], top: number): string {
  const marks = entries.map(({ mark, kind, text, x }) => {
    const sign =
      kind === 'line'
        ? `<path class="${mark}" d="M0 6H16"/>`
        : kind === 'area'
          ? `<rect class="${mark}" y="1" width="16" height="10" rx="2"/>`
          : `<circle class="${mark}" cx="8" cy="6" r="3.5"/>`;
    return `<g transform="translate(${tenths(x)} 0)">${sign}<text x="22" y="10">${escapeXml(text)}</text></g>`;
  });
  return `<g transform="translate(16 ${top})">${marks.join('')}</g>`;
}

/** A line through points in px from the area's lower left corner. */
export function line(mark: string, x: readonly number[], y: readonly number[], height: number): string {
  return `<path class="${mark}" d="${through(x, y, height)}"/>`;
}

/** The area between a line and the axis. */
export function areaBelow(mark: string, x: readonly number[], y: readonly number[], height: number): string {
  if (x.length === 0) return '';
  return `<path class="${mark}" d="${through(x, y, height)}L${tenths(x.at(-1)!)} ${height}L${tenths(x[0]!)} ${height}Z"/>`;
}

/** An upright line through the whole area, or through a part of it. */
export function upright(mark: string, x: number, to: number, title: string, from = 0): string {
  return `<path class="${mark}" d="M${tenths(x)} ${tenths(from)}V${tenths(to)}"><title>${escapeXml(title)}</title></path>`;
}

export function point(mark: string, x: number, y: number, height: number, title: string): string {
  return `<circle class="${mark}" cx="${tenths(x)}" cy="${tenths(height - y)}" r="3"><title>${escapeXml(title)}</title></circle>`;
}

function through(x: readonly number[], y: readonly number[], height: number): string {
  return `M${x.map((at, i) => `${tenths(at)} ${tenths(height - y[i]!)}`).join('L')}`;
}

export function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
