import { escapeXml, visibleText } from '../escape.ts';
import { textWidth } from '../text-width.ts';
import { fitLabel } from './labels.ts';

/** One entry of the legend. */
export interface LegendEntry {
  /** Id of the palette's group. */
  readonly group: string;
  readonly title: string;
  /** e.g. `20.1%`: what the group's functions themselves weigh. */
  readonly share: string;
  readonly fill: string;
  /** Over the fill: a pattern's `url(#id)`. Default none. */
  readonly over?: string;
}

export interface Heading {
  readonly title: string;
  readonly subtitle: string;
  readonly legend: readonly LegendEntry[];
  /** px */
  readonly width: number;
  /** px at the right edge of the title's line that something else takes. Default none. */
  readonly taken?: number;
}

const MARGIN = 12;
const LEGEND_ROW = 20;
const SWATCH = 11;

/**
 * The header of a picture without scripts: SVG elements, and the height in px that they take; as high as the bar that the
 * script puts in its place, where the legend needs one line.
 */
export function staticHeading(heading: Heading): { readonly svg: string; readonly height: number } {
  const room = heading.width - 2 * MARGIN;
  const lines = [
    staticLine('heading', heading.title, 31, room - (heading.taken ?? 0), 19.5),
    staticLine('summary', heading.subtitle, 55, room, 13),
  ];
  let x = MARGIN;
  let y = 70;
  const entries: string[] = [];
  for (const { group, title, share, fill, over } of heading.legend) {
    const width = SWATCH + 6 + textWidth(`${title} ${share}`, 12.5);
    if (x > MARGIN && x + width > heading.width - MARGIN) {
      x = MARGIN;
      y += LEGEND_ROW;
    }
    const swatch = (paint: string): string =>
      `<rect x="${x}" y="${y}" width="${SWATCH}" height="${SWATCH}" rx="3" fill="${paint}"/>`;
    entries.push(
      `<g data-group="${escapeXml(group)}" data-title="${escapeXml(title)}">${swatch(fill)}${over === undefined ? '' : swatch(over)}` +
        `<text x="${x + SWATCH + 6}" y="${y + 10}" fill="#5b5d66">${escapeXml(`${title} ${share}`)}</text></g>`,
    );
    x = Math.round(x + width + 16);
  }
  if (entries.length > 0) lines.push(`<g id="legend">\n${entries.join('\n')}\n</g>`);
  return { svg: lines.join('\n'), height: entries.length > 0 ? y + 21 : 69 };
}

/**
 * A line of text that is cut to fit; the whole of it stands in `data-full`, for the script's own bars.
 * @param size px, a little more than the font's: the system's UI font may be wider than Helvetica
 */
export function staticLine(id: string, text: string, y: number, room: number, size: number): string {
  const shown = visibleText(text);
  const fitted = fitLabel(shown, '', room, { advance: (character) => textWidth(character, size), cut: 'right' });
  return `<text id="${id}" x="${MARGIN}" y="${y}" fill="#5b5d66" data-full="${escapeXml(text)}">${escapeXml(fitted)}</text>`;
}
