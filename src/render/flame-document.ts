import type { ValueType } from '../profile/profile.ts';
import type { DisplayUnit } from '../profile/units.ts';
import { type Background, backgroundColors } from './background.ts';
import { escapeXml } from './escape.ts';
import { flameCaptions, type LegendEntry } from './flame-captions.ts';
import { type DrawnProfile, flameFrames, type LookOf } from './flame-frames.ts';
import type { FlameLayout } from './flame-layout.ts';
import { FLAME_SCRIPT } from './flame-script.ts';
import { flameStyle } from './flame-style.ts';
import type { FlameSvgOptions } from './flame-svg.ts';

const STATIC_WIDTH = 1200;
const MARGIN = 10;

/** px of the picture and of its frames. */
export function classicWidth({ width = STATIC_WIDTH }: Pick<FlameSvgOptions, 'width'>): {
  readonly picture: number;
  readonly frames: number;
} {
  return { picture: width, frames: width - 2 * MARGIN };
}

/** What a picture with one element a frame is made of, whatever it shows. */
export interface ClassicParts {
  readonly profile: DrawnProfile;
  readonly layout: FlameLayout;
  readonly title: string;
  /** What is drawn, in a few words. */
  readonly summary: readonly string[];
  readonly legend: readonly LegendEntry[];
  readonly notes: readonly string[];
  readonly valueType: ValueType;
  readonly unit: DisplayUnit;
  readonly order: string;
  readonly background: Background;
  /** The elements that hold what was drawn, to be read back. */
  readonly embedded: Iterable<string>;
  /** How each frame looks. */
  readonly lookOf: LookOf;
  /** What its `data-` attributes say beside what those of all pictures do. Default nothing. */
  readonly settings?: readonly (readonly [name: string, value: string])[];
}

/** The document: captions, frames, script. */
export function* classicDocument(parts: ClassicParts, options: Omit<FlameSvgOptions, 'embed'>): Iterable<string> {
  const { inverted = false, frameHeight = 16, fontSize = 12, subtitle = '' } = options;
  const { layout, unit, valueType } = parts;
  const { tree, rows } = layout;
  const { picture: width, frames: stageWidth } = classicWidth(options);

  // As inferno lays out its picture, so that every frame has the same coordinates
  const subtitleHeight = subtitle === '' ? 0 : 2 * fontSize;
  const above = (inverted ? 4 * fontSize + 4 : 3 * fontSize) + subtitleHeight;
  const below = inverted ? fontSize + 10 : 2 * fontSize + 10;
  const height = above + rows * frameHeight + below;
  const rootTop = inverted ? above : height - below - frameHeight + 1;
  const captions = flameCaptions({
    title: parts.title,
    subtitle,
    legend: parts.legend,
    notes: parts.notes.join('  ·  '),
    width,
    fontSize,
    lineAt: inverted ? above - fontSize : height - below / 2,
  });
  const baseline = Math.round((frameHeight - 1 + fontSize * 0.7) / 2);
  const data = [
    ['value-type', valueType.type],
    ['value-unit', valueType.unit],
    ['unit-name', unit.name],
    ['divisor', unit.divisor],
    ['summary', [...(subtitle === '' ? [] : [subtitle]), ...parts.summary].join('  ·  ')],
    ['name-type', options.nameType ?? ''],
    ['rows', rows],
    ['row-height', frameHeight],
    ['root-top', rootTop],
    ['baseline', baseline],
    ['orientation', inverted ? 'down' : 'up'],
    ['order', parts.order],
    ['cut', options.truncate ?? 'right'],
    ['width', width],
    ['fluid', options.width === undefined],
    ['left-out-frames', layout.narrow.frames + layout.tooDeep],
    ['left-out-weight', layout.narrow.weight],
    ['search', options.search ?? ''],
    ...(parts.settings ?? []),
  ] as const;
  yield `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<svg version="1.1" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:fg="http://github.com/jonhoo/inferno"
${data.map(([name, value]) => `data-${name}="${escapeXml(String(value))}"`).join(' ')}>
<style>${flameStyle({ ...options, fontSize })}</style>
${backgroundElements(parts.background)}
<g id="static">
${captions}
</g>
`;
  yield* parts.embedded;
  yield `<svg id="frames" x="${MARGIN}" width="${stageWidth}" total_samples="${tree.weight}">
`;
  yield* flameFrames(parts.profile, layout, {
    lookOf: parts.lookOf,
    unit,
    font: {
      size: fontSize,
      cut: options.truncate ?? 'right',
      ...(options.fontType === undefined ? {} : { family: options.fontType }),
      ...(options.fontWidth === undefined ? {} : { meanWidth: options.fontWidth }),
    },
    frameHeight,
    baseline,
    rootTop,
    rowStep: inverted ? frameHeight : -frameHeight,
    stageWidth,
    ...(options.attributes === undefined ? {} : { attributes: options.attributes }),
  });
  yield `</svg>
<script><![CDATA[
${FLAME_SCRIPT}]]></script>
</svg>
`;
}

function backgroundElements(background: Background): string {
  const [top, bottom] = backgroundColors(background);
  if (top === bottom) return `<rect width="100%" height="100%" fill="${top}"/>`;
  return `<defs><linearGradient id="background" x1="0" x2="0" y1="0" y2="1"><stop stop-color="${top}" offset="5%"/><stop stop-color="${bottom}" offset="95%"/></linearGradient></defs>
<rect width="100%" height="100%" fill="url(#background)"/>`;
}
