import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FlameRows } from '../../embedded/flame-rows.ts';
import { rowCount } from '../../embedded/flame-rows.ts';
import { packageRoot } from '../../package-root.ts';
import { type Background, backgroundColors } from '../background.ts';
import { escapeXml } from '../escape.ts';
import type { FlameSvgOptions } from '../flame-svg.ts';
import type { Shade } from './shades.ts';
import { baselineOf, type Colored, staticLabels, staticPaths } from './static-picture.ts';
import { staticLine } from './static-texts.ts';
import { compactStyle } from './style.ts';
import type { Words } from './words.ts';

const STATIC_WIDTH = 1200;
const MARGIN = 10;
const FOOTER_HEIGHT = 30;

/** What a compact picture is made of, whatever it shows. */
export interface CompactParts {
  readonly title: string;
  /** For those who do not see it. */
  readonly description: string;
  readonly rows: FlameRows;
  readonly shades: readonly Shade[];
  /** Of each frame its shade; of the root the one behind all. */
  readonly shadeOf: Int32Array;
  readonly words: Words;
  /** The header of the still picture, and its height in px. */
  readonly heading: { readonly svg: string; readonly height: number };
  readonly notes: readonly string[];
  /** In what the script shows weights. */
  readonly unit: { readonly name: string; readonly divisor: number };
  readonly order: string;
  /** Further settings of the script. */
  readonly settings?: readonly (readonly [name: string, value: string])[];
  /** Rules behind those of every picture. */
  readonly style?: string;
  /** Elements before the frames that draw nothing themselves. */
  readonly definitions?: string;
  /** The elements that hold what was drawn, to be read back. */
  readonly embedded: Iterable<string>;
  /** What the script draws from, and the id of the element that holds it. */
  readonly data: Iterable<string>;
  readonly dataId: 'data' | 'comparison';
  readonly script: string;
}

/** px of the picture and of its frames where scripts do not run. */
export function staticWidth(options: Pick<FlameSvgOptions, 'width'>): {
  readonly picture: number;
  readonly frames: number;
} {
  const picture = options.width ?? STATIC_WIDTH;
  return { picture, frames: picture - 2 * MARGIN };
}

/** The document: header, frames, notes as a still picture, then data and script. */
export function* compactDocument(parts: CompactParts, options: Omit<FlameSvgOptions, 'embed'>): Iterable<string> {
  const { inverted = false, fontSize = 12, frameHeight = 16 } = options;
  const { rows, heading, unit } = parts;
  const { picture: width, frames: stageWidth } = staticWidth(options);
  const view = { zoomed: 0, width: stageWidth, rowHeight: frameHeight, inverted };
  const colored: Colored = parts;
  const stageTop = heading.height + 10;
  const stageHeight = rowCount(rows) * frameHeight;
  const height = stageTop + stageHeight + 10 + FOOTER_HEIGHT;
  const settings = [
    ['unit-name', unit.name],
    ['divisor', unit.divisor],
    ['row-height', frameHeight],
    ['baseline', baselineOf(frameHeight, fontSize)],
    ['font-width', (options.fontWidth ?? 0) * fontSize],
    ['cut', options.truncate ?? 'right'],
    ['orientation', inverted ? 'down' : 'up'],
    ['order', parts.order],
    ['width', width],
    ['fluid', options.width === undefined],
    ['name-type', options.nameType ?? ''],
    ['search', options.search ?? ''],
    ...(parts.settings ?? []),
  ] as const;
  yield `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<svg class="pforge-flame" version="1.1" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" xmlns="http://www.w3.org/2000/svg"
${settings.map(([name, setting]) => `data-${name}="${escapeXml(String(setting))}"`).join(' ')}>
<title>${escapeXml(parts.title)}</title>
<desc>${escapeXml(parts.description)}</desc>
<style>${compactStyle({ ...options, fontSize }, options.background !== undefined)}${parts.style ?? ''}</style>
${parts.definitions ?? ''}${groundElements(options.background ?? '#ffffff')}
<g id="static">
${heading.svg}
${staticLine('notes', parts.notes.join('  ·  '), height - 11, view.width, 13)}
</g>
`;
  yield* parts.embedded;
  yield `<svg id="frames" x="${MARGIN}" y="${stageTop}" width="${view.width}" height="${stageHeight}">
`;
  yield* staticPaths(colored, view, options.strokeColor);
  yield staticLabels(colored, parts.words, view, { ...options, fontSize });
  yield `</svg>\n<metadata id="${parts.dataId}">`;
  yield* parts.data;
  yield `</metadata>
<script><![CDATA[
${parts.script}]]></script>
</svg>
`;
}

function groundElements(background: Background): string {
  const [top, bottom] = backgroundColors(background);
  if (top === bottom) return `<rect id="ground" width="100%" height="100%" fill="${top}"/>`;
  return `<defs><linearGradient id="ground-colors" x1="0" x2="0" y1="0" y2="1"><stop stop-color="${top}" offset="5%"/><stop stop-color="${bottom}" offset="95%"/></linearGradient></defs>
<rect id="ground" width="100%" height="100%" fill="url(#ground-colors)"/>`;
}

const PIECE = 1 << 16;

/** Many short texts as few long ones: each is a write. */
export function* inPieces(texts: Iterable<string>): Iterable<string> {
  let piece = '';
  for (const text of texts) {
    piece += text;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

const scripts = new Map<string, string>();

/** What the build made for pictures to run, always the same bytes: nothing of a profile is ever written into it. */
export function pictureScript(name: 'compact' | 'diff'): string {
  let script = scripts.get(name);
  if (script === undefined) {
    script = readFileSync(join(packageRoot(), `dist/browser/${name}.js`), 'utf8');
    scripts.set(name, script);
  }
  return script;
}
