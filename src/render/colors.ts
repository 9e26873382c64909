import { frameLabel } from '../profile/frame-label.ts';
import { KINDS, type Kind, type Profile, TIERS, type Tier } from '../profile/profile.ts';
import { KIND_TITLES, TIER_TITLES } from './kind-titles.ts';
import { type DrawOf, drawByMix, drawByName } from './palettes/draws.ts';
import { HUES, type Hue, hex, hueColor } from './palettes/hues.ts';
import { LANGUAGES, type Language, type LanguageId } from './palettes/languages.ts';

/** Every `--colors`, the default first: ours, then those of flamegraph.pl and inferno. */
export const PALETTES = ['kind', 'tier', 'warm', ...HUES, ...(Object.keys(LANGUAGES) as LanguageId[])] as const;
export type PaletteId = (typeof PALETTES)[number];

/** A way to colour frames. */
export interface Palette {
  /** The groups it tells apart, in the order of the legend; none = no legend. */
  readonly groups: readonly { readonly id: string; readonly title: string }[];
  /** The id of the frame's group; any text where there are no groups. */
  groupOf(profile: Profile, frame: number): string;
  /** `#rrggbb`; the same name in the same group has the same colour in every picture. */
  fill(group: string, name: string): string;
}

/** Text on every fill of our own palettes; the contrast is at least 4.5:1 (WCAG AA), tested. See {@link labelColorOn}. */
export const LABEL_COLOR = '#16161d';

/** What the root `all` is filled with in every palette. */
export const ROOT_FILL = '#e9e7e2';

/** Hue, saturation and lightness of a group: from ... to, a name's hash picks the point between. Degrees, percent. */
interface Shade {
  readonly hue: readonly [number, number];
  readonly saturation: number;
  readonly lightness: readonly [number, number];
}

const KIND_SHADES: Readonly<Record<Kind, Shade>> = {
  app: { hue: [13, 31], saturation: 94, lightness: [65, 73] },
  dependency: { hue: [42, 50], saturation: 88, lightness: [62, 73] },
  runtime: { hue: [112, 142], saturation: 38, lightness: [66, 75] },
  native: { hue: [204, 216], saturation: 52, lightness: [70, 79] },
  builtin: { hue: [172, 184], saturation: 38, lightness: [65, 74] },
  kernel: { hue: [256, 270], saturation: 52, lightness: [77, 84] },
  gc: { hue: [330, 338], saturation: 92, lightness: [69, 74] },
  jit: { hue: [70, 84], saturation: 52, lightness: [62, 71] },
  inlined: { hue: [20, 34], saturation: 48, lightness: [79, 85] },
  wasm: { hue: [228, 238], saturation: 84, lightness: [77, 83] },
  unknown: { hue: [30, 50], saturation: 9, lightness: [77, 85] },
};

const TIER_SHADES: Readonly<Record<Tier, Shade>> = {
  interpreted: { hue: [4, 12], saturation: 88, lightness: [68, 74] },
  baseline: { hue: [30, 38], saturation: 92, lightness: [65, 72] },
  mid: { hue: [54, 62], saturation: 66, lightness: [61, 69] },
  optimized: { hue: [118, 134], saturation: 44, lightness: [62, 71] },
  none: { hue: [210, 225], saturation: 12, lightness: [80, 86] },
};

/** CSS Color 4 §7.1. Hue in degrees, saturation and lightness in percent. */
function hslToHex(hue: number, saturation: number, lightness: number): string {
  const l = lightness / 100;
  const a = (saturation / 100) * Math.min(l, 1 - l);
  const channel = (n: number): number => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (l - a * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return hex([channel(0), channel(8), channel(4)]);
}

function between([from, to]: readonly [number, number], at: number): number {
  return from + (to - from) * at;
}

function shadesPalette<Group extends string>(
  shades: Readonly<Record<Group, Shade>>,
  titles: Readonly<Record<Group, string>>,
  groupOf: (profile: Profile, frame: number) => Group,
  draw: DrawOf = drawByMix,
): Palette {
  // The order of the titles is the order of the legend.
  const groups = (Object.keys(titles) as Group[]).map((group) => ({ id: group, title: titles[group] }));
  return {
    groups,
    groupOf,
    fill(group, name) {
      const shade = shades[group as Group];
      const [u, v] = draw(name);
      return hslToHex(between(shade.hue, u), shade.saturation, between(shade.lightness, v));
    },
  };
}

function kindOf(profile: Profile, frame: number): Kind {
  return KINDS[profile.frames.kind[frame]!]!;
}

/** The look of flamegraph.pl's `hot`, lightened so that black text can be read on the darkest red. */
function warm(draw: DrawOf = drawByMix): Palette {
  const channel = (from: number, range: number, at: number): number => Math.round(from + range * at);
  return {
    groups: [],
    groupOf: kindOf,
    fill(_group, name) {
      const [u, v] = draw(name);
      return hex([channel(228, 27, v), channel(110, 104, u), channel(40, 52, v)]);
    },
  };
}

function huePalette(hue: Hue, draw: DrawOf = drawByName): Palette {
  return { groups: [], groupOf: kindOf, fill: (_group, name) => hex(hueColor(hue, draw(name))) };
}

function languagePalette({ meanings, hueOf }: Language, draw: DrawOf = drawByName): Palette {
  return {
    groups: [...meanings].map(([id, title]) => ({ id, title })),
    groupOf: (profile, frame) => hueOf(frameLabel(profile, frame)),
    fill: (group, name) => hex(hueColor(group as Hue, draw(name))),
  };
}

/** Frames that stand between two stacks, of waker and sleeper or of user and kernel, are grey in every palette. */
const SEPARATORS: ReadonlyMap<string, string> = new Map([
  ['--', '#a0a0a0'],
  ['-', '#c8c8c8'],
]);

/**
 * The palette a picture is drawn with. `kind` becomes `warm` where no frame's kind is known: all would be grey.
 * @param draw where in its range a function's colour lies; default: by the name, our palettes by a hash of it, those of
 *   flamegraph.pl as it does
 */
export function paletteOf(profile: Profile, id: PaletteId = 'kind', draw?: DrawOf): Palette {
  const palette = paletteById(profile, id, draw);
  return { ...palette, fill: (group, name) => SEPARATORS.get(name) ?? palette.fill(group, name) };
}

function paletteById(profile: Profile, id: PaletteId, draw: DrawOf | undefined): Palette {
  switch (id) {
    case 'kind':
      if (profile.frames.kind.every((kind) => kind === 0)) return warm(draw);
      return shadesPalette(KIND_SHADES, KIND_TITLES, kindOf, draw);
    case 'tier':
      return shadesPalette(TIER_SHADES, TIER_TITLES, (of, frame) => TIERS[of.frames.tier[frame]!]!, draw);
    case 'warm':
      return warm(draw);
    default:
      return id in LANGUAGES ? languagePalette(LANGUAGES[id as LanguageId], draw) : huePalette(id as Hue, draw);
  }
}

/** Of colours that were asked for before: the label's. */
const labelColors = new Map<string, string>();

/**
 * The colour of text on a fill, so that it can be read (contrast at least 4.5:1): {@link LABEL_COLOR} where that will do,
 * else black or white.
 * @param fill `#rrggbb`
 */
export function labelColorOn(fill: string): string {
  let color = labelColors.get(fill);
  if (color === undefined) {
    const light = luminance(fill) + 0.05;
    color =
      light / (luminance(LABEL_COLOR) + 0.05) >= 4.5
        ? LABEL_COLOR
        : light / 0.05 >= 1.05 / light
          ? '#000000'
          : '#ffffff';
    labelColors.set(fill, color);
  }
  return color;
}

/** Relative luminance, WCAG 2.2. */
function luminance(color: string): number {
  const linear = (at: number): number => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5);
}
