import { frameAt, ofFrames, rowCount, rowOf } from '../../../embedded/flame-rows.ts';
import { textWidth } from '../../text-width.ts';
import { fitLabel, LABEL_PADDING, type LabelFont, labelledFrames } from '../labels.ts';
import { ancestorStrokes, frameStrokes, rowTop, TENTHS, type View } from '../strokes.ts';
import { findMatches, type Matches } from './matches.ts';
import { model, shades } from './model.ts';
import { find, root, setAttributes, setting, stage, svg } from './page.ts';
import { picture } from './picture.ts';
import { state } from './state.ts';

export const rowHeight = Number(setting('row-height'));
const baseline = Number(setting('baseline'));
/** With the bars, the ground and their texts the picture stays below 2,000 nodes. */
const MOST_LABELS = 640;
/** Tenths of a px: a match is never too narrow to be seen. */
const NARROWEST_HIT = 10;
/** px of the narrowest outline of a frame. */
const NARROWEST_OUTLINE = 3;

let width = Number(stage.getAttribute('width'));
let matches: Matches | undefined;
/** The rows whose labels are there. */
let labelledRows = { from: 0, to: -1 };

const outlines = root.querySelector<SVGPathElement>('#outlines');
const marks = find<SVGGElement>('#marks');
const labels = find<SVGGElement>('#labels');
const thickness = rowHeight - 1;
const transform = `translate(0,${thickness / 2}) scale(${1 / TENTHS},1)`;
const behind = svg('g', { id: 'behind', fill: 'none', 'stroke-width': thickness, transform });
const behindPaths = shades.map(({ path }) => {
  const copy = path.cloneNode() as SVGPathElement;
  copy.removeAttribute('d');
  return copy;
});
const hits = svg('path', { id: 'hits', fill: 'none', 'stroke-width': thickness, transform });
const underlines = svg('path', {
  id: 'underlines',
  fill: 'none',
  'stroke-width': 2,
  transform: `translate(0,${thickness - 1}) scale(${1 / TENTHS},1)`,
});
const catcher = svg('rect', { id: 'catcher', width: '100%', height: '100%', fill: 'none', 'pointer-events': 'all' });
const pointedTitle = svg('title');
const pointed = svg('rect', { id: 'pointed', rx: 1, height: thickness });
const cursor = svg('rect', { id: 'cursor', rx: 1, height: thickness });

/** Puts what only a living picture has into the document. */
export function prepareStage(): void {
  // Everything of the stage can be pointed at, without asking the browser which of its paths is met
  stage.prepend(catcher);
  for (const element of outlines ? [marks, outlines] : [marks]) setAttributes(element, { 'pointer-events': 'none' });
  behind.append(...behindPaths);
  marks.after(behind, hits, underlines);
  for (const element of [behind, hits, underlines]) setAttributes(element, { 'pointer-events': 'none' });
  pointed.append(pointedTitle);
  pointed.classList.add('hidden');
  cursor.classList.add('hidden');
  stage.append(pointed, cursor);
}

export function view(): View {
  return { zoomed: state.zoomed, width, rowHeight, inverted: state.inverted };
}

/** @returns whether that is new */
export function setStageWidth(px: number): boolean {
  if (px === width) return false;
  width = px;
  setAttributes(stage, { width });
  return true;
}

export function currentMatches(): Matches | undefined {
  return matches;
}

/** Draws everything anew: after zooming, turning over, and in another width. */
export function drawFrames(): void {
  const { rows, shadeOf } = model();
  const drawn = frameStrokes(rows, shadeOf, shades.length, view());
  shades.forEach(({ path }, i) => {
    path.setAttribute('d', drawn[i]!);
  });
  if (outlines !== null) {
    const all = new Int32Array(shadeOf.length);
    outlines.setAttribute('d', frameStrokes(rows, all, 1, view(), { leastWidth: 1, gaps: false })[0]!);
  }
  const leading = ancestorStrokes(rows, shadeOf, shades.length, view());
  behindPaths.forEach((path, i) => {
    path.setAttribute('d', leading[i]!);
  });
  drawHits();
  drawLabels(true);
  outline(cursor, state.cursor);
  point(-1);
}

/** Looks for the search term and the kinds again and draws what is found. */
export function search(): void {
  matches = findMatches();
  root.classList.toggle('searching', matches !== undefined);
  root.classList.toggle('by-group', matches === undefined && state.kinds.size > 0);
  for (const path of [...shades.map((shade) => shade.path), ...behindPaths]) {
    path.classList.toggle('chosen', state.kinds.has(path.getAttribute('data-group')!));
  }
  drawHits();
  drawLabels(true);
}

function drawHits(): void {
  let path = '';
  if (matches !== undefined) {
    const { rows } = model();
    const found = ofFrames(
      rows,
      Int32Array.from(matches.functions, (hit) => hit - 1),
      -1,
    );
    path =
      frameStrokes(rows, found, 1, view(), { leastWidth: NARROWEST_HIT, gaps: true })[0]! +
      absolute(ancestorStrokes(rows, found, 1, view())[0]!);
  }
  hits.setAttribute('d', path);
  underlines.setAttribute('d', path);
}

/** A path of its own starts at the origin; behind another one it must say so. */
function absolute(path: string): string {
  return path.replace(/^m/, 'M');
}

/** Labels of the rows in sight and of as many above and below, so that scrolling finds them there. */
export function drawLabels(anew: boolean): void {
  if (anew || !covers(labelledRows, rowsInSight(0))) labelRows(rowsInSight(1));
}

/** Labels of all rows, as paper shows them. */
export function drawAllLabels(): void {
  labelRows({ from: 0, to: rowCount(model().rows) - 1 });
}

function labelRows(asked: { from: number; to: number }): void {
  const { rows, words, shadeOf } = model();
  labelledRows = asked;
  const shown = view();
  const whole = rows.weight[state.zoomed]!;
  const from = rows.start[state.zoomed]!;
  const zoomedRow = rowOf(rows, state.zoomed);
  const used: SVGTextElement[] = [];
  const old = [...labels.children] as SVGTextElement[];
  for (const i of labelledFrames(rows, shown, labelledRows.from, labelledRows.to, MOST_LABELS)) {
    const row = rowOf(rows, i);
    const full = row <= zoomedRow || whole === 0;
    const room = (full ? width : (rows.weight[i]! / whole) * width) - 2 * LABEL_PADDING;
    const label = fitLabel(words.name(i), words.place(i), room, font);
    if (label === '') continue;
    const text = old[used.length] ?? svg('text');
    if (text.textContent !== label) text.textContent = label;
    const x = LABEL_PADDING + (full ? 0 : ((rows.start[i]! - from) / whole) * width);
    setAttributes(text, { x: x.toFixed(1), y: rowTop(rows, shown, row) + baseline });
    const hit = i > 0 && matches?.functions[rows.frame[i]!] === 1;
    const { ink, group } = shades[shadeOf[i]!]!;
    const dim = matches === undefined && state.kinds.size > 0 && !state.kinds.has(group);
    const className = `${ink}${hit ? ' hit' : ''}${dim ? ' dim' : ''}`.trim();
    if ((text.getAttribute('class') ?? '') !== className) setAttributes(text, { class: className });
    used.push(text);
  }
  for (let i = used.length; i < old.length; i++) old[i]!.remove();
  labels.append(...used.slice(old.length));
}

function covers(outer: { from: number; to: number }, inner: { from: number; to: number }): boolean {
  return outer.from <= inner.from && outer.to >= inner.to;
}

/** From the stage's px to the window's. Browsers are not of one mind on that of an inner <svg>, but on its children's. */
function stageMatrix(): DOMMatrix | null {
  return catcher.getScreenCTM();
}

/** @param screens rows beyond the window's edges, in windows */
function rowsInSight(screens: number): { from: number; to: number } {
  const { rows } = model();
  const last = rowCount(rows) - 1;
  const matrix = stageMatrix();
  if (matrix === null) return { from: 0, to: last };
  const top = (-screens * window.innerHeight - matrix.f) / matrix.d / rowHeight;
  const bottom = ((1 + screens) * window.innerHeight - matrix.f) / matrix.d / rowHeight;
  const [from, to] = state.inverted ? [top, bottom] : [last - bottom, last - top + 1];
  return { from: Math.max(0, Math.floor(from)), to: Math.min(last, Math.ceil(to)) };
}

const advances = new Map<string, number>();
let pen: CanvasRenderingContext2D | undefined;
let fontSize = 0;

const meanWidth = Number(setting('font-width'));
const font: LabelFont = {
  advance: (character) => (meanWidth > 0 ? meanWidth : measured(character)),
  cut: setting('cut') === 'left' ? 'left' : 'right',
};

/** Whether more letters fit than the still picture, which is cut for wide fonts, has put there. */
export function hasNarrowFont(): boolean {
  const letters = 'the quick::brown_FOX jumps';
  const width = [...letters].reduce((sum, letter) => sum + font.advance(letter), 0);
  return meanWidth === 0 && width < 0.97 * textWidth(letters, fontSize);
}

function measured(character: string): number {
  let px = advances.get(character);
  if (px === undefined) {
    if (pen === undefined) {
      const sample = labels.querySelector('text') ?? labels.appendChild(svg('text'));
      const style = getComputedStyle(sample);
      pen = (document.createElementNS('http://www.w3.org/1999/xhtml', 'canvas') as HTMLCanvasElement).getContext('2d')!;
      pen.font = `${style.fontSize} ${style.fontFamily}`;
      fontSize = Number.parseFloat(style.fontSize);
    }
    px = pen.measureText(character).width;
    advances.set(character, px);
  }
  return px;
}

/** Left edge and width of a frame in px, as it is drawn now; undefined where it is out of sight. */
export function spanOf(index: number): { readonly left: number; readonly width: number } | undefined {
  const { rows } = model();
  const from = rows.start[state.zoomed]!;
  const whole = rows.weight[state.zoomed]!;
  if (index === state.zoomed || whole === 0) return { left: 0, width };
  if (rowOf(rows, index) < rowOf(rows, state.zoomed)) {
    const leads = rows.start[index]! <= from && rows.start[index]! + rows.weight[index]! >= from + whole;
    return leads ? { left: 0, width } : undefined;
  }
  if (rows.start[index]! < from || rows.start[index]! >= from + whole) return undefined;
  return { left: ((rows.start[index]! - from) / whole) * width, width: (rows.weight[index]! / whole) * width };
}

function outline(rect: SVGRectElement, index: number): void {
  const span = index < 0 ? undefined : spanOf(index);
  rect.classList.toggle('hidden', span === undefined);
  if (span === undefined) return;
  const { rows } = model();
  setAttributes(rect, {
    x: span.left.toFixed(1),
    y: rowTop(rows, view(), rowOf(rows, index)),
    width: Math.max(NARROWEST_OUTLINE, span.width - (span.width > 2 ? 0.6 : 0)).toFixed(1),
  });
}

/** Outlines the frame under the pointer; its title is the browser's own tooltip. */
export function point(index: number): void {
  state.pointed = index;
  outline(pointed, index);
  if (index >= 0) pointedTitle.textContent = picture().tooltip(index);
}

export function drawCursor(): void {
  outline(cursor, state.cursor);
}

/** The frame at a point of the window, -1 where there is none. */
export function frameAtPoint(clientX: number, clientY: number): number {
  const matrix = stageMatrix();
  if (matrix === null) return -1;
  const { rows } = model();
  const line = Math.floor((clientY - matrix.f) / matrix.d / rowHeight);
  const row = state.inverted ? line : rowCount(rows) - 1 - line;
  const x = (clientX - matrix.e) / matrix.a;
  if (row < 0 || row >= rowCount(rows) || x < 0 || x >= width) return -1;
  let leading = state.zoomed;
  for (let depth = rowOf(rows, leading); depth > row; depth--) leading = rows.parent[leading]!;
  if (leading !== state.zoomed || row === rowOf(rows, leading)) return leading;
  return frameAt(rows, row, rows.start[state.zoomed]! + (x / width) * rows.weight[state.zoomed]!);
}
