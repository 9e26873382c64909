import { type FlameRows, rowCount, rowOf } from '../../embedded/flame-rows.ts';
import { ROOT_FILL } from '../colors.ts';
import { escapeXml } from '../escape.ts';
import { textWidth } from '../text-width.ts';
import { fitLabel, LABEL_PADDING, labelledFrames } from './labels.ts';
import { inkOn, type Shade } from './shades.ts';
import { frameStrokes, rowTop, TENTHS, type View } from './strokes.ts';
import type { Words } from './words.ts';

/** Together with their texts, and titles of the widest, well below 2,000 nodes. */
const MOST_LABELS = 600;
const MOST_TITLES = 150;

/** Frames and their colours. */
export interface Colored {
  readonly rows: FlameRows;
  /** The root's is the one behind all others. */
  readonly shades: readonly Shade[];
  /** Of each frame of `rows` its shade. */
  readonly shadeOf: Int32Array;
}

/**
 * The frames as paths, one a shade, the root's last.
 * @param strokeColor of a line around each frame; undefined = none
 */
export function* staticPaths(
  { rows, shades, shadeOf }: Colored,
  view: View,
  strokeColor: string | undefined,
): Iterable<string> {
  const thickness = view.rowHeight - 1;
  const transform = `transform="translate(0,${thickness / 2}) scale(${1 / TENTHS},1)"`;
  if (strokeColor !== undefined) {
    // Behind each frame a little more of it, which shows where frames end
    const [path] = frameStrokes(rows, new Int32Array(shadeOf.length), 1, view, { leastWidth: 1, gaps: false });
    yield `<path id="outlines" fill="none" stroke="${strokeColor}" stroke-width="${thickness + 2}" ${transform} d="${path}"/>\n`;
  }
  yield `<g id="marks" fill="none" stroke-width="${thickness}" ${transform}>\n`;
  const all: readonly Shade[] = [...shades, { group: 'root', fill: ROOT_FILL }];
  const strokes = frameStrokes(rows, shadeOf, all.length, view);
  for (const [i, { group, fill, paint = fill }] of all.entries()) {
    const ink = inkOn(fill);
    yield `<path data-group="${escapeXml(group)}"${ink && ` data-ink="${ink}"`} stroke="${paint}" d="${strokes[i]}"/>\n`;
  }
  yield '</g>\n';
}

export interface StaticFont {
  /** px */
  readonly fontSize: number;
  /** Mean width of a character in font sizes, where labels are not to be measured. */
  readonly fontWidth?: number;
  readonly truncate?: 'left' | 'right';
}

/** Labels where they can be read, with a title where a person without scripts may point at. */
export function staticLabels(
  { rows, shades, shadeOf }: Colored,
  words: Words,
  view: View,
  { fontSize, fontWidth, truncate = 'right' }: StaticFont,
): string {
  const labelled = labelledFrames(rows, view, 0, rowCount(rows) - 1, MOST_LABELS);
  const widths = Float64Array.from(labelled, (i) => rows.weight[i]!).sort();
  const titledFrom = widths[Math.max(0, widths.length - MOST_TITLES)] ?? 0;
  const whole = rows.weight[0]!;
  const inks = shades.map(({ fill }) => inkOn(fill));
  const baseline = baselineOf(view.rowHeight, fontSize);
  const advance = (character: string): number =>
    fontWidth === undefined ? textWidth(character, fontSize) : fontWidth * fontSize;
  let titles = 0;
  let text = '<g id="labels">';
  for (const i of labelled) {
    const share = whole > 0 ? rows.weight[i]! / whole : 1;
    const room = share * view.width - 2 * LABEL_PADDING;
    const label = fitLabel(words.name(i), words.place(i), room, { advance, cut: truncate });
    if (label === '') continue;
    const x = LABEL_PADDING + (whole > 0 ? (rows.start[i]! / whole) * view.width : 0);
    const y = rowTop(rows, view, rowOf(rows, i)) + baseline;
    const ink = inks[shadeOf[i]!] ?? '';
    let title = '';
    if (rows.weight[i]! >= titledFrom && titles++ < MOST_TITLES) {
      title = `<title>${escapeXml(words.title(i))}</title>`;
    }
    // The line ends within the tag: between two it would be a node
    text += `<text\nx="${Number(x.toFixed(1))}" y="${y}"${ink && ` class="${ink}"`}>${title}${escapeXml(label)}</text>`;
  }
  return `${text}</g>\n`;
}

/** From a row's top to the baseline of its labels. */
export function baselineOf(rowHeight: number, fontSize: number): number {
  return Math.round((rowHeight - 1 + fontSize * 0.7) / 2);
}
