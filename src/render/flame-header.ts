import { escapeXml } from './escape.ts';
import { fitText, textWidth } from './text-width.ts';

/** One entry of the legend. */
export interface LegendEntry {
  /** Id of the palette's group. */
  readonly group: string;
  /** e.g. `node core 20.1%`. */
  readonly text: string;
  readonly fill: string;
}

export interface FlameHeader {
  readonly title: string;
  readonly subtitle: string;
  readonly legend: readonly LegendEntry[];
  /** px */
  readonly width: number;
}

const MARGIN = 12;
const LEGEND_ROW = 20;
const SWATCH = 11;

/** The static header of the picture: SVG elements, and the height in px that they take. */
export function flameHeader(header: FlameHeader): { readonly svg: string; readonly height: number } {
  const room = header.width - 2 * MARGIN;
  const lines = [
    staticLine('title', header.title, 28, room, 19.5),
    staticLine('subtitle', header.subtitle, 52, room, 13),
  ];
  let x = MARGIN;
  let y = 66;
  const entries: string[] = [];
  for (const { group, text, fill } of header.legend) {
    const width = SWATCH + 6 + textWidth(text, 12.5);
    if (x > MARGIN && x + width > header.width - MARGIN) {
      x = MARGIN;
      y += LEGEND_ROW;
    }
    entries.push(
      `<g data-group="${group}"><rect x="${x}" y="${y}" width="${SWATCH}" height="${SWATCH}" rx="3" fill="${fill}"/>` +
        `<text x="${x + SWATCH + 6}" y="${y + 10}">${escapeXml(text)}</text></g>`,
    );
    x = Math.round(x + width + 16);
  }
  if (entries.length > 0) lines.push(`<g id="legend">\n${entries.join('\n')}\n</g>`);
  return { svg: lines.join('\n'), height: entries.length > 0 ? y + LEGEND_ROW : 62 };
}

/**
 * A line of text that is cut to fit; the whole of it stands in `data-full`, for the script's own bars.
 * @param size px, a little more than the font's: the system's UI font may be wider than Helvetica
 */
export function staticLine(id: string, text: string, y: number, room: number, size: number): string {
  return `<text id="${id}" x="${MARGIN}" y="${y}" data-full="${escapeXml(text)}">${escapeXml(fitText(text, room, size))}</text>`;
}
