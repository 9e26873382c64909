/** Text on a canvas, and the box that was painted before it. */
export interface PaintedLabel {
  readonly text: string;
  readonly x: number;
  readonly width: number;
  readonly color: string;
  readonly alpha: number;
  readonly box: { readonly x: number; readonly width: number; readonly color: string; readonly alpha: number };
}

/** Runs in a page before its own scripts: keeps in `window.painted` what is written into boxes on canvases. */
export const WATCH_LABELS = `
  window.painted = [];
  const context = CanvasRenderingContext2D.prototype;
  const { fillRect, fillText, clearRect } = context;
  context.clearRect = function (...rest) {
    window.painted = window.painted.filter(({ canvas }) => canvas !== this.canvas);
    return clearRect.apply(this, rest);
  };
  context.fillRect = function (x, y, width, height) {
    this.canvas.lastBox = { x, y, width, height, color: this.fillStyle, alpha: this.globalAlpha };
    return fillRect.call(this, x, y, width, height);
  };
  context.fillText = function (text, x, y) {
    const box = this.canvas.lastBox;
    if (box && box.width > 10 && y > box.y && y < box.y + box.height) {
      const { width } = this.measureText(text);
      window.painted.push({ canvas: this.canvas, text, x, width, color: this.fillStyle, alpha: this.globalAlpha, box });
    }
    return fillText.call(this, text, x, y);
  };
`;

/** An expression for the labels that are seen now. */
export const PAINTED_LABELS = 'window.painted.map(({ canvas, ...label }) => label)';

type Color = readonly [number, number, number];

function parsed(color: string): Color {
  const digits = /^#([0-9a-f]{6})$/.exec(color)![1]!;
  return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) as unknown as Color;
}

function over(color: Color, alpha: number, below: Color): Color {
  return color.map((channel, i) => channel * alpha + below[i]! * (1 - alpha)) as unknown as Color;
}

/** WCAG 2.2, relative luminance. */
function luminance(color: Color): number {
  const [red, green, blue] = color.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as unknown as Color;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The contrast of a label to its box (1 to 21). @param background `#rrggbb` of the page */
export function contrastOf({ color, alpha, box }: PaintedLabel, background: string): number {
  const fill = over(parsed(box.color), box.alpha, parsed(background));
  const text = over(parsed(color), alpha, fill);
  const [light, dark] = [luminance(fill), luminance(text)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}
