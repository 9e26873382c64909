import type { FrameWords } from './words.ts';

const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
/** How solid the place behind a name is: it can still be read (4.5:1) on the darkest fill. */
const PLACE_SOLID = 0.85;
const ELLIPSIS = '…';
/** Below this room (px) no label can be read. */
const LEAST_ROOM = 18;

/** A canvas as large as its box in pixels of the screen, with a context in px of the page. */
export function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = window.devicePixelRatio || 1;
  const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d')!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = FONT;
  context.textBaseline = 'middle';
  return context;
}

/** Widths of texts; measuring one is as slow as painting it. */
const widths = new Map<string, number>();

function textWidth(context: CanvasRenderingContext2D, text: string): number {
  let width = widths.get(text);
  if (width === undefined) {
    width = context.measureText(text).width;
    if (widths.size > 100_000) widths.clear();
    widths.set(text, width);
  }
  return width;
}

/** The text, or as much of its beginning as fits with an ellipsis; '' where that would be no word. */
function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (room < LEAST_ROOM) return '';
  // Names of templates are longer than any screen.
  const start = text.length > 400 ? text.slice(0, 400) : text;
  const width = textWidth(context, start);
  if (width <= room && start === text) return text;
  let length = Math.min(start.length, Math.floor((start.length * room) / width) + 1);
  while (length > 0 && textWidth(context, start.slice(0, length) + ELLIPSIS) > room) length--;
  // Half a surrogate pair is no character
  if (/[\ud800-\udbff]$/.test(start.slice(0, length))) length--;
  return length < 2 ? '' : start.slice(0, length) + ELLIPSIS;
}

/** Paints a frame's name into its box, and where it is written behind it where both fit. */
export function paintLabel(
  context: CanvasRenderingContext2D,
  words: FrameWords,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): void {
  const room = box.width - 8;
  const name = fitted(context, words.name, room);
  if (name === '') return;
  const middle = box.y + box.height / 2 + 0.5;
  context.fillText(name, box.x + 4, middle);
  if (words.shortPlace === '' || name !== words.name) return;
  const rest = room - textWidth(context, name) - 8;
  if (rest < textWidth(context, words.shortPlace)) return;
  const solid = context.globalAlpha;
  context.globalAlpha = solid * PLACE_SOLID;
  context.fillText(words.shortPlace, box.x + 4 + textWidth(context, name) + 8, middle);
  context.globalAlpha = solid;
}

/** Labels of fills that were asked for before. */
const labelColors = new Map<string, string>();
const LABELS = ['#16161d', '#ffffff'] as const;

/** The colour in which text can be read on a fill, which may be any colour of CSS. */
export function labelOn(context: CanvasRenderingContext2D, fill: string): string {
  let color = labelColors.get(fill);
  if (color === undefined) {
    // What is read back is `#rrggbb`, however it was written
    context.fillStyle = fill;
    const light = luminance(String(context.fillStyle));
    color = (light + 0.05) ** 2 > 0.05 * 1.05 ? LABELS[0] : LABELS[1];
    labelColors.set(fill, color);
  }
  return color;
}

/** WCAG 2.2, relative luminance of `#rrggbb`. */
function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
