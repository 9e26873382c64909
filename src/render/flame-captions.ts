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

export interface FlameCaptions {
  readonly title: string;
  /** '' = none. */
  readonly subtitle: string;
  readonly legend: readonly LegendEntry[];
  readonly notes: string;
  /** px, as all that follow. */
  readonly width: number;
  readonly fontSize: number;
  /** Baseline of the line with the legend and the notes. */
  readonly lineAt: number;
}

const MARGIN = 10;
const SWATCH = 11;
const LINE_SIZE = 12;

/**
 * The words of the still picture, where flamegraph.pl has them: title and subtitle centred above the frames; legend and
 * notes on the line that it keeps for details. Each is cut to fit; the whole of it stands in `data-full`, for the script.
 */
export function flameCaptions(captions: FlameCaptions): string {
  const { width, fontSize, lineAt } = captions;
  const room = width - 2 * MARGIN;
  const lines = [centred('title', captions.title, 2 * fontSize, room, fontSize + 5)];
  if (captions.subtitle !== '') lines.push(centred('subtitle', captions.subtitle, 4 * fontSize, room, fontSize));
  let x = MARGIN;
  const entries = captions.legend.map(({ group, text, fill }) => {
    const length = SWATCH + 6 + textWidth(text, LINE_SIZE + 0.5);
    // The script's legend has room for all of them
    const hidden = x + length > width - MARGIN ? ' display="none"' : '';
    const entry =
      `<g data-group="${group}"${hidden}><rect x="${x}" y="${lineAt - SWATCH + 1}" width="${SWATCH}" height="${SWATCH}" fill="${fill}"/>` +
      `<text x="${x + SWATCH + 6}" y="${lineAt}">${escapeXml(text)}</text></g>`;
    x = Math.round(x + length + 14);
    return entry;
  });
  if (entries.length > 0) lines.push(`<g id="legend">\n${entries.join('\n')}\n</g>`);
  const notes = fitText(captions.notes, width - MARGIN - x, LINE_SIZE + 1);
  lines.push(
    `<text id="notes" x="${x}" y="${lineAt}" data-full="${escapeXml(captions.notes)}">${escapeXml(notes)}</text>`,
  );
  return lines.join('\n');
}

function centred(id: string, text: string, y: number, room: number, size: number): string {
  const fitted = escapeXml(fitText(text, room, size));
  return `<text id="${id}" x="50%" y="${y}" data-full="${escapeXml(text)}">${fitted}</text>`;
}
