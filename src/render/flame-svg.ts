import { defaultValueIndex, type Profile } from '../profile/profile.ts';
import { displayUnit, formatPercent, formatValue, groupDigits } from '../profile/units.ts';
import { type Palette, type PaletteId, paletteOf } from './colors.ts';
import { escapeXml } from './escape.ts';
import { flameFrames } from './flame-frames.ts';
import { flameHeader, type LegendEntry, staticLine } from './flame-header.ts';
import { type FlameLayout, flameLayout, groupWeights, MAX_ROWS } from './flame-layout.ts';
import { FLAME_SCRIPT } from './flame-script.ts';
import { flameStyle } from './flame-style.ts';
import type { Renderer } from './renderer.ts';
import { summaryOf } from './summary.ts';

export interface FlameSvgOptions {
  /** Default `Flame graph`. */
  readonly title?: string;
  /** Stands before the totals under the title. Default none. */
  readonly subtitle?: string;
  /** px. Default: fluid, the picture fills the window (and is 1200 px wide where scripts do not run). */
  readonly width?: number;
  /** px of a row. Default 16. */
  readonly frameHeight?: number;
  /** px. Default 12. */
  readonly fontSize?: number;
  /** Frames narrower than this many px at the static width are left out, and counted in a note. Default 0.1. */
  readonly minWidth?: number;
  /** Root on top (icicle). Default false: root at the bottom. */
  readonly inverted?: boolean;
  /** Default `kind`; that is drawn as `hot` where no frame's kind is known. */
  readonly colors?: PaletteId;
  /** A search that is made when the picture opens. Default none. */
  readonly search?: string;
  /** What counts are called, e.g. `cycles`. Default: the value type's own name or unit. */
  readonly countName?: string;
  /** Index into `valueTypes`. Default: the profile's default. */
  readonly valueIndex?: number;
  /** Shown in the status line. Default: the command line and the notes of the profile. */
  readonly notes?: readonly string[];
}

const STATIC_WIDTH = 1200;
const MARGIN = 10;
const FOOTER_HEIGHT = 30;

/**
 * A self-contained interactive SVG: zoom with a way back, search with the matched share, details, keyboard; and a right
 * static picture where scripts do not run. No network, no inline handlers; names are only ever text.
 *
 * Structure as inferno writes it: `<svg id="frames" total_samples>` holds one `<g>` per frame in preorder, each with a
 * `<title>name (N unit, P%)</title>` and a `<rect fg:x fg:w>`. `fg:x`, `fg:w` and `total_samples` are exact in the unit
 * of the value type (`data-value-unit`), so the call tree can be read back from the picture.
 */
export const flameSvg: Renderer<FlameSvgOptions> = {
  id: 'svg',
  title: 'interactive flame graph (SVG)',
  extension: 'svg',
  render: renderFlameSvg,
};

function* renderFlameSvg(profile: Profile, options: FlameSvgOptions): Iterable<string> {
  const valueIndex = options.valueIndex ?? defaultValueIndex(profile);
  const valueType = profile.valueTypes[valueIndex]!;
  const frameHeight = options.frameHeight ?? 16;
  const fontSize = options.fontSize ?? 12;
  const width = options.width ?? STATIC_WIDTH;
  const stageWidth = width - 2 * MARGIN;
  const inverted = options.inverted ?? false;
  const palette = paletteOf(profile, options.colors);
  const unit = displayUnit(valueType);
  const unitName = options.countName ?? unit.name;
  const layout = flameLayout(profile, { valueIndex, minFraction: (options.minWidth ?? 0.1) / stageWidth });
  const { tree, rows } = layout;

  const header = flameHeader({
    title: options.title ?? 'Flame graph',
    subtitle: [
      ...(options.subtitle ? [options.subtitle] : []),
      ...summaryOf(profile, valueIndex, options.countName),
    ].join('  ·  '),
    legend: legendOf(profile, layout, palette),
    width,
  });
  const stageTop = header.height + 4;
  const stageHeight = rows * frameHeight;
  const height = stageTop + stageHeight + 10 + FOOTER_HEIGHT;
  const baseline = Math.round((frameHeight - 1 + fontSize * 0.7) / 2);
  const notes = [...(options.notes ?? defaultNotes(profile)), ...leftOut(layout, valueType.unit)].join('  ·  ');

  const data = [
    ['value-type', valueType.type],
    ['value-unit', valueType.unit],
    ['unit-name', unitName],
    ['divisor', unit.divisor],
    ['rows', rows],
    ['row-height', frameHeight],
    ['baseline', baseline],
    ['orientation', inverted ? 'down' : 'up'],
    ['width', width],
    ['fluid', options.width === undefined],
    ['left-out-frames', layout.narrow.frames + layout.tooDeep],
    ['left-out-weight', layout.narrow.weight],
    ['search', options.search ?? ''],
  ] as const;
  yield `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<svg version="1.1" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" xmlns="http://www.w3.org/2000/svg" xmlns:fg="http://github.com/jonhoo/inferno"
${data.map(([name, value]) => `data-${name}="${escapeXml(String(value))}"`).join(' ')}>
<style>${flameStyle(fontSize)}</style>
<rect width="100%" height="100%" fill="#fff"/>
<g id="static">
${header.svg}
${staticLine('notes', notes, height - 11, stageWidth, 13)}
</g>
<svg id="frames" x="${MARGIN}" y="${stageTop}" width="${stageWidth}" height="${stageHeight}" total_samples="${tree.weight}">
`;
  yield* flameFrames(profile, layout, {
    palette,
    unit: { ...unit, name: unitName },
    frameHeight,
    fontSize,
    baseline,
    inverted,
    stageWidth,
  });
  yield `</svg>
<script><![CDATA[
${FLAME_SCRIPT}]]></script>
</svg>
`;
}

/** The groups that have self weight, with their shares, in the palette's order. */
function legendOf(profile: Profile, { tree }: FlameLayout, palette: Palette): LegendEntry[] {
  if (palette.groups.length === 0) return [];
  const weights = groupWeights(tree, (frame) => palette.groupOf(profile, frame));
  return (
    palette.groups
      // Thread rows are of no kind and have no weight of their own: they are no entry.
      .filter(({ id }) => weights.has(id) && (id !== 'unknown' || weights.get(id)! > 0))
      .map((group) => ({
        group: group.id,
        text: `${group.title} ${formatPercent(weights.get(group.id)!, tree.weight, 1)}`,
        fill: palette.fill(group.id, group.title),
      }))
  );
}

function defaultNotes({ meta }: Profile): string[] {
  return [...(meta.command ? [meta.command.join(' ')] : []), ...meta.notes];
}

/** What the picture does not show, in words. */
function leftOut({ narrow, tooDeep, tree }: FlameLayout, unit: string): string[] {
  const notes: string[] = [];
  if (tree.weight === 0) notes.push('no samples');
  if (narrow.frames > 0) {
    const share = formatPercent(narrow.weight, tree.weight);
    notes.push(
      `${groupDigits(narrow.frames)} frames too narrow to draw (${formatValue(narrow.weight, unit)}, ${share})`,
    );
  }
  if (tooDeep > 0) notes.push(`${groupDigits(tooDeep)} frames deeper than ${groupDigits(MAX_ROWS)} rows are not drawn`);
  return notes;
}
