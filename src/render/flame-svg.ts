import type { CallTree } from '../profile/call-tree.ts';
import type { DrawnTree } from '../profile/drawn-tree.ts';
import { defaultValueIndex, type Profile, type ValueType } from '../profile/profile.ts';
import { type DisplayUnit, displayUnit, formatInUnit, formatPercent } from '../profile/units.ts';
import { type Background, backgroundOf } from './background.ts';
import { type Palette, type PaletteId, paletteOf } from './colors.ts';
import { embeddedIn } from './embedded-in.ts';
import type { LegendEntry } from './flame-captions.ts';
import { classicDocument, classicWidth } from './flame-document.ts';
import { paletteLooks } from './flame-frames.ts';
import {
  drawnLayout,
  type FlameLayout,
  type FlameOrder,
  flameLayout,
  groupsOfFrames,
  groupWeights,
} from './flame-layout.ts';
import type { FunctionAttributes } from './function-attributes.ts';
import { defaultNotes, leftOut, notEmbedded } from './picture-notes.ts';
import type { Renderer } from './renderer.ts';
import { summaryOf } from './summary.ts';

export interface FlameSvgOptions {
  /** Default `Flame Graph`, `Icicle Graph` or `Flame Chart`. */
  readonly title?: string;
  /** Second line of the title. Default none. */
  readonly subtitle?: string;
  /** px. Default: fluid, the picture fills the window (and is 1200 px wide where scripts do not run). */
  readonly width?: number;
  /** px of a row. Default 16. */
  readonly frameHeight?: number;
  /** px. Default 12. */
  readonly fontSize?: number;
  /** A CSS font family. Default: Helvetica and fonts of its widths. */
  readonly fontType?: string;
  /** Mean width of a character in font sizes, where labels are not to be measured. */
  readonly fontWidth?: number;
  /** Narrower frames are left out, and counted in a note. px at the static width (default 0.1), or percent of the whole. */
  readonly minWidth?: number | { readonly percent: number };
  /** Root on top (icicle). Default false: root at the bottom. */
  readonly inverted?: boolean;
  /** What stands left of what. Default `line`, as flamegraph.pl has it; `time` makes it a flame chart. */
  readonly order?: FlameOrder;
  /** Default `kind`; that is drawn as `warm` where no frame's kind is known. */
  readonly colors?: PaletteId;
  /** In the place of the palette that `colors` names. */
  readonly palette?: Palette;
  /** Default: what goes with `colors`. */
  readonly background?: Background;
  /** `#rrggbb`, as the next two. What a search finds is filled with it. */
  readonly searchColor?: string;
  /** Of titles and buttons. */
  readonly uiColor?: string;
  /** A line around each frame. Default none. */
  readonly strokeColor?: string;
  /** The side on which labels that do not fit are cut. Default `right`. */
  readonly truncate?: 'left' | 'right';
  /** Links, titles and classes of functions, by name. */
  readonly attributes?: FunctionAttributes;
  /** A search that is made when the picture opens. Default none. */
  readonly search?: string;
  /** What counts are called, e.g. `cycles`. Default: the value type's own name or unit. */
  readonly countName?: string;
  /** What frames are called where one is described, e.g. `Function:`. Default none. */
  readonly nameType?: string;
  /** Counts are shown multiplied by this. Widths and `fg:w` stay. Default 1. */
  readonly factor?: number;
  /** Index into `valueTypes`. Default: the profile's default. */
  readonly valueIndex?: number;
  /** The profile is that of a tree that was read for this picture: what is drawn. */
  readonly drawn?: DrawnTree;
  /** Shown in the status line. Default: the command line and the notes of the profile. */
  readonly notes?: readonly string[];
  /**
   * The profile that the picture holds in full, to be read back from it without loss; or its bytes, made by a
   * ProfileEncoder; false = none. Default: the one that is drawn (none with `drawn`, which is not all of it).
   */
  readonly embed?: Profile | Uint8Array | false;
}

/**
 * A self-contained interactive SVG with one element a frame: zoom with a way back, search with the matched share, details,
 * keyboard; and a right static picture where scripts do not run. No network, no inline handlers; names are only ever text.
 *
 * Frames lie where inferno and flamegraph.pl draw them, but that a frame is never split. Structure as inferno writes it:
 * `<svg id="frames" total_samples>` holds one `<g>` per frame in preorder, each with a `<title>name (N unit, P%)</title>`
 * and a `<rect fg:x fg:w>`. `fg:x`, `fg:w` and `total_samples` are exact in the unit of the value type
 * (`data-value-unit`), so the call tree can be read back from the picture.
 */
export const flameSvg: Renderer<FlameSvgOptions> = {
  id: 'svg',
  title: 'interactive flame graph (SVG)',
  extension: 'svg',
  render: renderFlameSvg,
};

function* renderFlameSvg(profile: Profile, options: FlameSvgOptions): Iterable<string> {
  const { inverted = false, order = 'line' } = options;
  const valueIndex = options.valueIndex ?? defaultValueIndex(profile);
  const valueType = profile.valueTypes[valueIndex]!;
  const palette = options.palette ?? paletteOf(profile, options.colors);
  const unit = unitOf(valueType, options);
  const layout = options.drawn
    ? drawnLayout(options.drawn)
    : flameLayout(profile, { valueIndex, order, minFraction: leastFraction(options) });
  const { tree } = layout;
  const summary = summaryOf(profile, valueIndex, options.countName, options.drawn?.samples);
  if (options.factor !== undefined) summary[0] = `${formatInUnit(tree.weight, unit)} ${unit.name}`;
  yield* classicDocument(
    {
      profile,
      layout,
      title: options.title ?? (order === 'time' ? 'Flame Chart' : inverted ? 'Icicle Graph' : 'Flame Graph'),
      summary,
      legend: legendOf(tree, selfOfGroups(profile, layout, palette, options.drawn), palette),
      notes: [
        ...(options.notes ?? defaultNotes(profile)),
        ...leftOut(layout, layout.narrow, valueType.unit),
        ...notEmbedded(options),
      ],
      valueType,
      unit,
      order,
      background: options.background ?? backgroundOf(options.colors ?? 'kind'),
      embedded: embeddedIn(profile, options),
      lookOf: paletteLooks(profile, palette, options.attributes),
    },
    options,
  );
}

/** The part of the whole that a frame must have to be drawn. */
export function leastFraction({ minWidth = 0.1, ...options }: Pick<FlameSvgOptions, 'minWidth' | 'width'>): number {
  return typeof minWidth === 'number' ? minWidth / classicWidth(options).frames : minWidth.percent / 100;
}

function unitOf(valueType: ValueType, { countName, factor = 1 }: FlameSvgOptions): DisplayUnit {
  const unit = displayUnit(valueType);
  return { divisor: unit.divisor / factor, name: countName ?? unit.name };
}

function selfOfGroups(
  profile: Profile,
  { tree }: FlameLayout,
  palette: Palette,
  drawn: DrawnTree | undefined,
): ReadonlyMap<string, number> {
  if (palette.groups.length === 0) return new Map();
  const groupOf = (frame: number): string => palette.groupOf(profile, frame);
  return drawn === undefined ? groupWeights(tree, groupOf) : groupsOfFrames(drawn.selfOf, groupOf);
}

/** The groups that have self weight, with their shares, in the palette's order. */
function legendOf({ weight }: CallTree, weights: ReadonlyMap<string, number>, palette: Palette): LegendEntry[] {
  return (
    palette.groups
      // Thread rows are of no kind and have no weight of their own: they are no entry.
      .filter(({ id }) => weights.has(id) && (id !== 'unknown' || weights.get(id)! > 0))
      .map((group) => ({
        group: group.id,
        text: `${group.title} ${formatPercent(weights.get(group.id)!, weight, 1)}`,
        fill: palette.fill(group.id, group.title),
      }))
  );
}
