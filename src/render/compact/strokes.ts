import { type FlameRows, firstFrom, rowCount, rowOf } from '../../embedded/flame-rows.ts';

/** Which part of the frames is drawn, and how large. */
export interface View {
  /** The frame that fills the width; 0 = all. */
  readonly zoomed: number;
  /** px of the stage. */
  readonly width: number;
  /** px of a row. */
  readonly rowHeight: number;
  /** Root on top. */
  readonly inverted: boolean;
}

/** Paths count in tenths of a pixel from left to right: short whole numbers. */
export const TENTHS = 10;
/** Frames at least so wide get so wide a gap on their right. Tenths of a px. */
const GAP_FROM = 40;
const GAP = 6;
const SMALL_GAP_FROM = 18;
const SMALL_GAP = 3;
/** Narrower frames that touch are drawn as one piece, up to so wide a piece. Tenths of a px. */
const NARROW = 8;
const TOUCHING = 3;
const WIDEST_PIECE = 25;

export interface LineStyle {
  /** Tenths of a px. */
  readonly leastWidth: number;
  /** Frames end a little before their right edge, so that neighbours of one colour are two. */
  readonly gaps: boolean;
}

const WITH_GAPS: LineStyle = { leastWidth: 1, gaps: true };

function gapOf(width: number): number {
  return width >= GAP_FROM ? GAP : width >= SMALL_GAP_FROM ? SMALL_GAP : 0;
}

/** The top of a row in px. */
export function rowTop(rows: FlameRows, view: View, row: number): number {
  return (view.inverted ? row : rowCount(rows) - 1 - row) * view.rowHeight;
}

/**
 * One path per shade: a frame is a horizontal line, to be stroked as thick as a row. Frames below the zoomed one are not
 * in it (they fill the width: {@link ancestorStrokes}). Each row costs as much as it has frames in the zoomed part.
 * @param shadeOf the shade of each frame of `rows`, -1 = not drawn
 */
export function frameStrokes(
  rows: FlameRows,
  shadeOf: Int32Array,
  shadeCount: number,
  view: View,
  lines: LineStyle = WITH_GAPS,
): string[] {
  const { start, weight, rowStart } = rows;
  const pen = new Pen(shadeCount, lines.leastWidth);
  const first = rowOf(rows, view.zoomed);
  const from = start[view.zoomed]!;
  const whole = weight[view.zoomed]!;
  const scale = whole > 0 ? (view.width * TENTHS) / whole : 0;
  for (let row = first; row < rowCount(rows); row++) {
    const low = row === first ? view.zoomed : firstFrom(rows, row, from);
    const high = row === first ? low + 1 : rowStart[row + 1]!;
    const y = rowTop(rows, view, row);
    let pieceLeft = -1;
    let pieceRight = -1;
    let pieceShade = -1;
    let widest = 0;
    let i = low;
    for (; i < high; i++) {
      const offset = start[i]! - from;
      if (offset >= whole && row !== first) break;
      const shade = shadeOf[i]!;
      // Weightless frames take part in another view of the same rows
      if (shade < 0 || (weight[i] === 0 && row !== first)) continue;
      const left = whole > 0 ? Math.round(offset * scale) : 0;
      const width = whole > 0 ? Math.round((offset + weight[i]!) * scale) - left : view.width * TENTHS;
      if (width >= NARROW) {
        if (pieceShade >= 0) pen.line(pieceShade, pieceLeft, y, pieceRight - pieceLeft);
        pieceShade = -1;
        pen.line(shade, left, y, lines.gaps ? width - gapOf(width) : width);
        continue;
      }
      if (pieceShade < 0 || left - pieceRight > TOUCHING || left + width - pieceLeft > WIDEST_PIECE) {
        if (pieceShade >= 0) pen.line(pieceShade, pieceLeft, y, pieceRight - pieceLeft);
        pieceLeft = left;
        pieceShade = shade;
        widest = weight[i]!;
      } else if (weight[i]! > widest) {
        pieceShade = shade;
        widest = weight[i]!;
      }
      pieceRight = left + width;
    }
    if (pieceShade >= 0) pen.line(pieceShade, pieceLeft, y, pieceRight - pieceLeft);
    // Nothing lies on a row in which nothing lies
    if (i === low) break;
  }
  return pen.paths;
}

/** The frames that lead to the zoomed one, each as wide as the stage; as in {@link frameStrokes}. */
export function ancestorStrokes(rows: FlameRows, shadeOf: Int32Array, shadeCount: number, view: View): string[] {
  const pen = new Pen(shadeCount, 1);
  let row = rowOf(rows, view.zoomed) - 1;
  for (let i = rows.parent[view.zoomed]!; i >= 0; i = rows.parent[i]!) {
    const shade = shadeOf[i]!;
    if (shade >= 0) pen.line(shade, 0, rowTop(rows, view, row), view.width * TENTHS);
    row--;
  }
  return pen.paths;
}

/** Writes lines of several paths, each from where the path's last one ended. */
class Pen {
  readonly paths: string[];
  private readonly x: Int32Array;
  private readonly y: Int32Array;

  private readonly leastWidth: number;

  constructor(count: number, leastWidth: number) {
    this.leastWidth = leastWidth;
    this.paths = new Array<string>(count).fill('');
    this.x = new Int32Array(count);
    this.y = new Int32Array(count);
  }

  line(path: number, x: number, y: number, length: number): void {
    const width = length < this.leastWidth ? this.leastWidth : length;
    const down = y - this.y[path]!;
    this.paths[path] += `m${x - this.x[path]!}${down < 0 ? '' : ' '}${down}h${width}`;
    this.x[path] = x + width;
    this.y[path] = y;
  }
}
