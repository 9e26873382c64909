import { KINDS, type Kind, type Profile, TIERS, type Tier } from '../profile/profile.ts';
import { KIND_TITLES, TIER_TITLES } from './kind-titles.ts';

/** Every `--colors`, the default first. */
export const PALETTES = ['kind', 'tier', 'hot'] as const;
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

/** Text on every fill; the contrast is at least 4.5:1 (WCAG AA), tested for every palette. */
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

/** FNV-1a, 32 bit, over UTF-16 units: two independent numbers in [0, 1) from a name. */
function nameHash(name: string): readonly [number, number] {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  // The last characters reach the high bits only after one more mix.
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  hash ^= hash >>> 13;
  return [(hash & 0xffff) / 0x10000, (hash >>> 16) / 0x10000];
}

function hex(red: number, green: number, blue: number): string {
  return `#${[red, green, blue].map((c) => Math.round(c).toString(16).padStart(2, '0')).join('')}`;
}

/** CSS Color 4 §7.1. Hue in degrees, saturation and lightness in percent. */
function hslToHex(hue: number, saturation: number, lightness: number): string {
  const l = lightness / 100;
  const a = (saturation / 100) * Math.min(l, 1 - l);
  const channel = (n: number): number => {
    const k = (n + hue / 30) % 12;
    return 255 * (l - a * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return hex(channel(0), channel(8), channel(4));
}

function between([from, to]: readonly [number, number], at: number): number {
  return from + (to - from) * at;
}

function shadeFill(shade: Shade, name: string): string {
  const [u, v] = nameHash(name);
  return hslToHex(between(shade.hue, u), shade.saturation, between(shade.lightness, v));
}

function shadesPalette<Group extends string>(
  shades: Readonly<Record<Group, Shade>>,
  titles: Readonly<Record<Group, string>>,
  groupOf: (profile: Profile, frame: number) => Group,
): Palette {
  // The order of the titles is the order of the legend.
  const groups = (Object.keys(titles) as Group[]).map((group) => ({ id: group, title: titles[group] }));
  return { groups, groupOf, fill: (group, name) => shadeFill(shades[group as Group], name) };
}

function kindOf(profile: Profile, frame: number): Kind {
  return KINDS[profile.frames.kind[frame]!]!;
}

/** The look of flamegraph.pl's `hot`, lightened so that black text can be read on the darkest red. */
const hot: Palette = {
  groups: [],
  groupOf: kindOf,
  fill: (_group, name) => {
    const [u, v] = nameHash(name);
    return hex(228 + 27 * v, 110 + 104 * u, 40 + 52 * v);
  },
};

const byId: Readonly<Record<PaletteId, Palette>> = {
  kind: shadesPalette(KIND_SHADES, KIND_TITLES, kindOf),
  tier: shadesPalette(TIER_SHADES, TIER_TITLES, (profile, frame) => TIERS[profile.frames.tier[frame]!]!),
  hot,
};

/** The palette a picture is drawn with. `kind` becomes `hot` where no frame's kind is known: all would be grey. */
export function paletteOf(profile: Profile, id: PaletteId = 'kind'): Palette {
  return id === 'kind' && profile.frames.kind.every((kind) => kind === 0) ? hot : byId[id];
}
