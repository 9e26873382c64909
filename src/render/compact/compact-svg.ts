import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../package-root.ts';
import { defaultValueIndex, type Profile } from '../../profile/profile.ts';
import { displayUnit } from '../../profile/units.ts';
import { type Background, backgroundColors } from '../background.ts';
import { paletteOf } from '../colors.ts';
import { embeddedIn } from '../embedded-in.ts';
import { escapeXml } from '../escape.ts';
import { drawnLayout, flameLayout } from '../flame-layout.ts';
import { type FlameSvgOptions, leastFraction } from '../flame-svg.ts';
import { defaultNotes, leftOut, notEmbedded } from '../picture-notes.ts';
import type { Renderer } from '../renderer.ts';
import { summaryOf } from '../summary.ts';
import { chooseFrames } from './choose-frames.ts';
import { type FlameData, writeData } from './data-block.ts';
import { describeFrames } from './describe-frames.ts';
import { rowCount } from './flame-rows.ts';
import { description, frameWeights, legendOf } from './said-of-profile.ts';
import { baselineOf, staticLabels, staticPaths } from './static-picture.ts';
import { staticHeading, staticLine } from './static-texts.ts';
import { compactStyle } from './style.ts';
import { wordsOf } from './words.ts';

const STATIC_WIDTH = 1200;
const MARGIN = 10;
const FOOTER_HEIGHT = 30;
/** The data go into so much more detail, where that costs little. */
const FINER = 8;

/**
 * The picture that is drawn by default: a few dozen paths, one a colour, with labels where they can be read, and one block
 * of data (`<metadata>`, see data-block.ts) from which its script draws whatever one zooms into. A right picture without
 * the script; never more than 2,000 nodes, whatever the profile. No network, no inline handlers or styles; names are only
 * ever text. What tools read that know flamegraph.pl's pictures is flame-svg.ts (`--classic`), which also knows
 * `attributes`; all other options are the same.
 */
export const compactSvg: Renderer<FlameSvgOptions> = {
  id: 'svg',
  title: 'interactive flame graph (SVG)',
  extension: 'svg',
  render: (profile, options) => inPieces(drawCompact(profile, options)),
};

const PIECE = 1 << 16;

/** Many short texts as few long ones: each is a write. */
function* inPieces(texts: Iterable<string>): Iterable<string> {
  let piece = '';
  for (const text of texts) {
    piece += text;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

let script: string | undefined;

/** What runs inside the picture, always the same bytes: nothing of a profile is ever written into it. */
export function compactScript(): string {
  script ??= readFileSync(join(packageRoot(), 'dist/browser/compact.js'), 'utf8');
  return script;
}

function* drawCompact(profile: Profile, options: FlameSvgOptions): Iterable<string> {
  const { inverted = false, order = 'line', width = STATIC_WIDTH, fontSize = 12, frameHeight = 16 } = options;
  const valueIndex = options.valueIndex ?? defaultValueIndex(profile);
  const valueType = profile.valueTypes[valueIndex]!;
  const palette = options.palette ?? paletteOf(profile, options.colors);
  const plain = displayUnit(valueType);
  const unit = { divisor: plain.divisor / (options.factor ?? 1), name: options.countName ?? plain.name };

  const layout = options.drawn
    ? drawnLayout(options.drawn)
    : flameLayout(profile, { valueIndex, order, minFraction: heldFraction(options) });
  const total = layout.tree.weight;
  const samples = options.drawn?.samples ?? profile.samples.length;
  const chosen = chooseFrames(layout, leastFraction(options) * total, profile.frames.length);
  const { rows, scale } = chosen;
  const { shades, frames, strings } = describeFrames(profile, chosen.frames, palette);
  const data: FlameData = { ...valueType, scale, strings, frames, rows };
  const words = wordsOf(data, unit);
  const weights = options.drawn?.selfOf ?? frameWeights(layout, profile.frames.length);
  const value = words.value(rows.weight[0]!);
  const view = { zoomed: 0, width: width - 2 * MARGIN, rowHeight: frameHeight, inverted };

  const title = options.title ?? (order === 'time' ? 'Flame Chart' : inverted ? 'Icicle Graph' : 'Flame Graph');
  const summary = summaryOf(profile, valueIndex, options.countName, samples);
  if (options.factor !== undefined) summary[0] = value;
  const heading = staticHeading({
    title,
    subtitle: [...(options.subtitle ? [options.subtitle] : []), ...summary].join('  ·  '),
    legend: legendOf(profile, weights, total, palette),
    width,
  });
  const stageTop = heading.height + 10;
  const stageHeight = rowCount(rows) * frameHeight;
  const height = stageTop + stageHeight + 10 + FOOTER_HEIGHT;
  const notes = [
    ...(options.notes ?? defaultNotes(profile)),
    ...leftOut(layout, chosen.narrow, valueType.unit),
    ...notEmbedded(options),
  ].join('  ·  ');

  const settings = [
    ['unit-name', unit.name],
    ['divisor', unit.divisor],
    ['row-height', frameHeight],
    ['baseline', baselineOf(frameHeight, fontSize)],
    ['font-width', (options.fontWidth ?? 0) * fontSize],
    ['cut', options.truncate ?? 'right'],
    ['orientation', inverted ? 'down' : 'up'],
    ['order', order],
    ['width', width],
    ['fluid', options.width === undefined],
    ['name-type', options.nameType ?? ''],
    ['search', options.search ?? ''],
  ] as const;
  yield `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<svg class="pforge-flame" version="1.1" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" xmlns="http://www.w3.org/2000/svg"
${settings.map(([name, setting]) => `data-${name}="${escapeXml(String(setting))}"`).join(' ')}>
<title>${escapeXml(title)}</title>
<desc>${escapeXml(description(profile, weights, total, value, samples))}</desc>
<style>${compactStyle({ ...options, fontSize }, options.background !== undefined)}</style>
${groundElements(options.background ?? '#ffffff')}
<g id="static">
${heading.svg}
${staticLine('notes', notes, height - 11, view.width, 13)}
</g>
`;
  yield* embeddedIn(profile, options);
  yield `<svg id="frames" x="${MARGIN}" y="${stageTop}" width="${view.width}" height="${stageHeight}">
`;
  yield* staticPaths(data, shades, view, options.strokeColor);
  yield staticLabels(data, words, shades, view, { ...options, fontSize });
  yield '</svg>\n<metadata id="data">';
  yield* writeData(data);
  yield `</metadata>
<script><![CDATA[
${compactScript()}]]></script>
</svg>
`;
}

/** The part of the whole that a frame must have to be in the data at all. */
export function heldFraction(options: Pick<FlameSvgOptions, 'minWidth' | 'width'>): number {
  return options.minWidth === undefined ? leastFraction(options) / FINER : leastFraction(options);
}

function groundElements(background: Background): string {
  const [top, bottom] = backgroundColors(background);
  if (top === bottom) return `<rect id="ground" width="100%" height="100%" fill="${top}"/>`;
  return `<defs><linearGradient id="ground-colors" x1="0" x2="0" y1="0" y2="1"><stop stop-color="${top}" offset="5%"/><stop stop-color="${bottom}" offset="95%"/></linearGradient></defs>
<rect id="ground" width="100%" height="100%" fill="url(#ground-colors)"/>`;
}
