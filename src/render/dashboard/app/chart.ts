import type { ShownSeries } from './history.ts';
import { valueWords } from './words.ts';

/** Room round the plot, px. */
export interface ChartRoom {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export const SMALL_ROOM: ChartRoom = { left: 6, right: 6, top: 6, bottom: 6 };
export const LARGE_ROOM: ChartRoom = { left: 84, right: 16, top: 14, bottom: 14 };
/** Lines of the scale. */
const TICKS = 4;

interface Colors {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly accent: string;
  readonly band: string;
  readonly good: string;
  readonly bad: string;
}

/** Where values are in a chart. */
interface Place {
  x(at: number): number;
  y(value: number): number;
}

/** The colours of the page, as the person's preference has them now. */
function colors(): Colors {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: of('ink'),
    soft: of('soft'),
    line: of('line'),
    accent: of('accent'),
    band: of('band'),
    good: of('good'),
    bad: of('bad'),
  };
}

/**
 * Draws a series: values with intervals, levels between changes, marks at changes and outliers.
 * @param marked a value that is pointed at; -1 = none
 */
export function drawChart(canvas: HTMLCanvasElement, series: ShownSeries, room: ChartRoom, marked = -1): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d')!;
  context.scale(ratio, ratio);
  const paint = colors();
  const range = rangeOf(series);
  const place: Place = {
    x: (at) => room.left + ((at + 0.5) / series.values.length) * (width - room.left - room.right),
    y: (value) =>
      height - room.bottom - ((value - range.low) / (range.high - range.low)) * (height - room.top - room.bottom),
  };
  if (room === LARGE_ROOM) drawScale(context, series.about.unit, range, place, width, room, paint);
  drawBand(context, series, place, paint);
  drawValues(context, series, place, paint, room === LARGE_ROOM);
  drawChanges(context, series, place, paint, [room.top, height - room.bottom]);
  if (marked >= 0) drawMark(context, series, place, paint, marked, [room.top, height - room.bottom]);
}

/** The value nearest to a point of the chart. */
export function valueAt(canvas: HTMLCanvasElement, series: ShownSeries, room: ChartRoom, x: number): number {
  const part = (x - room.left) / (canvas.clientWidth - room.left - room.right);
  return Math.max(0, Math.min(series.values.length - 1, Math.floor(part * series.values.length)));
}

/** From the least to the most, outliers left out so that they do not flatten the rest. */
function rangeOf({ values, about }: ShownSeries): { low: number; high: number } {
  const isOut = new Set(about.outliers);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [i, value] of values.entries()) {
    if (isOut.has(i)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  // Noise of a fraction of a percent shall not look like a change
  const margin = Math.max((high - low) * 0.15, Math.abs(high) * 0.02, Number.MIN_VALUE);
  return { low: low >= 0 ? Math.max(0, low - margin) : low - margin, high: high + margin };
}

function drawScale(
  context: CanvasRenderingContext2D,
  unit: string,
  { low, high }: { low: number; high: number },
  { y }: Place,
  width: number,
  room: ChartRoom,
  paint: Colors,
): void {
  context.font = '12px system-ui, sans-serif';
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  const rough = (high - low) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((one) => one >= rough)!;
  for (let value = Math.ceil(low / step) * step; value <= high; value += step) {
    context.strokeStyle = paint.line;
    context.beginPath();
    context.moveTo(room.left, y(value));
    context.lineTo(width - room.right, y(value));
    context.stroke();
    context.fillStyle = paint.soft;
    context.fillText(valueWords(value, unit), room.left - 8, y(value), room.left - 10);
  }
}

function drawBand(
  context: CanvasRenderingContext2D,
  { low, high, values }: ShownSeries,
  { x, y }: Place,
  paint: Colors,
): void {
  context.strokeStyle = paint.band;
  context.lineWidth = Math.max(1, Math.min(6, (x(1) - x(0)) * 0.6));
  context.beginPath();
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(low[i]! + high[i]!)) continue;
    context.moveTo(x(i), y(low[i]!));
    context.lineTo(x(i), y(high[i]!));
  }
  context.stroke();
}

function drawValues(
  context: CanvasRenderingContext2D,
  { values, about }: ShownSeries,
  { x, y }: Place,
  paint: Colors,
  isLarge: boolean,
): void {
  const isOut = new Set(about.outliers);
  context.strokeStyle = paint.accent;
  context.lineWidth = isLarge ? 1.5 : 1;
  context.lineJoin = 'round';
  context.beginPath();
  let isFirst = true;
  for (const [i, value] of values.entries()) {
    if (isOut.has(i)) continue;
    if (isFirst) context.moveTo(x(i), y(value));
    else context.lineTo(x(i), y(value));
    isFirst = false;
  }
  context.stroke();
  context.fillStyle = paint.accent;
  if (x(1) - x(0) >= 5 || values.length === 1) {
    for (const [i, value] of values.entries()) if (!isOut.has(i)) dot(context, x(i), y(value), isLarge ? 2.5 : 1.5);
  }
  context.strokeStyle = paint.soft;
  for (const i of about.outliers) {
    const top = Math.max(6, Math.min(context.canvas.clientHeight - 6, y(values[i]!)));
    context.beginPath();
    context.moveTo(x(i) - 3, top - 3);
    context.lineTo(x(i) + 3, top + 3);
    context.moveTo(x(i) + 3, top - 3);
    context.lineTo(x(i) - 3, top + 3);
    context.stroke();
  }
}

/** A dashed line and a triangle, up where the value rose: the sign is not the colour alone. */
function drawChanges(
  context: CanvasRenderingContext2D,
  { about }: ShownSeries,
  { x, y }: Place,
  paint: Colors,
  [top, bottom]: readonly [number, number],
): void {
  context.lineWidth = 1.5;
  for (const { at, before, after, verdict } of about.changes) {
    const place = (x(at) + x(at - 1)) / 2;
    context.strokeStyle = verdict === 'regressed' ? paint.bad : paint.good;
    context.fillStyle = context.strokeStyle;
    context.setLineDash([4, 3]);
    context.beginPath();
    context.moveTo(place, top);
    context.lineTo(place, bottom);
    context.stroke();
    context.setLineDash([]);
    const tip = after > before ? -1 : 1;
    const middle = Math.max(top + 6, Math.min(bottom - 6, (y(before) + y(after)) / 2));
    context.beginPath();
    context.moveTo(place - 5, middle - tip * 4);
    context.lineTo(place + 5, middle - tip * 4);
    context.lineTo(place, middle + tip * 5);
    context.fill();
  }
}

function drawMark(
  context: CanvasRenderingContext2D,
  { values }: ShownSeries,
  { x, y }: Place,
  paint: Colors,
  at: number,
  [top, bottom]: readonly [number, number],
): void {
  context.strokeStyle = paint.ink;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x(at), top);
  context.lineTo(x(at), bottom);
  context.stroke();
  context.fillStyle = paint.ink;
  dot(context, x(at), Math.max(top, Math.min(bottom, y(values[at]!))), 4);
}

function dot(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
