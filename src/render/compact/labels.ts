import { type FlameRows, firstFrom, rowOf } from '../../embedded/flame-rows.ts';
import type { View } from './strokes.ts';

/** px between a frame's edge and its label. */
export const LABEL_PADDING = 4;
/** px of the narrowest frame with a label. */
const NARROWEST = 26;

/**
 * The frames that get a label in some rows, from left to right and row by row; where they are too many, the widest.
 * Frames below the zoomed one are as wide as the stage.
 */
export function labelledFrames(
  rows: FlameRows,
  view: View,
  fromRow: number,
  toRow: number,
  most: number,
): readonly number[] {
  const zoomedRow = rowOf(rows, view.zoomed);
  const found: number[] = [];
  for (let i = rows.parent[view.zoomed]!, row = zoomedRow - 1; i >= 0; i = rows.parent[i]!, row--) {
    if (row >= fromRow && row <= toRow) found.push(i);
  }
  found.reverse();
  const from = rows.start[view.zoomed]!;
  const to = from + rows.weight[view.zoomed]!;
  const least = to > from ? (NARROWEST / view.width) * (to - from) : 0;
  const below = found.length;
  for (let row = Math.max(zoomedRow, fromRow); row <= toRow; row++) {
    const low = row === zoomedRow ? view.zoomed : firstFrom(rows, row, from);
    const high = row === zoomedRow ? low + 1 : rows.rowStart[row + 1]!;
    for (let i = low; i < high && (rows.start[i]! < to || row === zoomedRow); i++) {
      if (rows.weight[i]! >= least) found.push(i);
    }
  }
  if (found.length <= most) return found;
  const room = Math.max(0, most - below);
  const widths = Float64Array.from(found.slice(below), (i) => rows.weight[i]!).sort();
  const enough = widths[widths.length - room] ?? Number.POSITIVE_INFINITY;
  return found.filter((i, place) => place < below || rows.weight[i]! >= enough).slice(0, most);
}

/** How labels are measured and cut. */
export interface LabelFont {
  /** px of a character. */
  advance(character: string): number;
  /** The side on which a name that does not fit is cut. */
  readonly cut: 'left' | 'right';
}

/**
 * Name and place where both fit, else the name, else as much of it as fits and `…`; '' where not even three characters fit.
 * @param place `parser.js:120`; '' = unknown
 * @param room px
 */
export function fitLabel(name: string, place: string, room: number, font: LabelFont): string {
  if (room <= 0) return '';
  if (place !== '' && fits(`${name} ${place}`, room, font)) return `${name} ${place}`;
  if (font.cut === 'left') return fitEnd(name, room, font);
  const dots = font.advance('…');
  let used = 0;
  let kept = 0;
  let end = 0;
  let cut = 0;
  for (const character of name) {
    used += font.advance(character);
    if (used > room) return kept < 3 ? '' : `${name.slice(0, cut)}…`;
    end += character.length;
    if (used + dots <= room) {
      cut = end;
      kept++;
    }
  }
  return name;
}

/** No more characters than this fit anywhere, so no more are looked at. */
const LONGEST = 4000;

function fitEnd(name: string, room: number, font: LabelFont): string {
  if (name.length < LONGEST && fits(name, room, font)) return name;
  const characters = [...name.slice(-LONGEST)];
  let used = font.advance('…');
  let from = characters.length;
  while (from > 0 && used + font.advance(characters[from - 1]!) <= room) used += font.advance(characters[--from]!);
  return characters.length - from < 3 ? '' : `…${characters.slice(from).join('')}`;
}

function fits(text: string, room: number, font: LabelFont): boolean {
  let used = 0;
  for (const character of text) {
    used += font.advance(character);
    if (used > room) return false;
  }
  return true;
}
