import type { Palette } from '../colors.ts';

/** Colours of functions by name, `#rrggbb`, as a palette file holds them. */
export type PaletteMap = Map<string, string>;

/**
 * Reads a palette file of flamegraph.pl and inferno: lines of `name->rgb(r,g,b)`. The last `->` divides, as names may hold
 * one.
 * @returns the colours, and how many lines were no such line
 */
export function readPaletteMap(text: string): { readonly colors: PaletteMap; readonly ignored: number } {
  const colors: PaletteMap = new Map();
  let ignored = 0;
  for (const line of text.split(/\r?\n/)) {
    if (line === '') continue;
    const [, name, ...channels] =
      /^(.*)->\s*rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)\s*$/.exec(line) ?? [];
    const values = channels.map(Number);
    if (name === undefined || values.some((value) => value > 255)) ignored++;
    else colors.set(name, `#${values.map((value) => value.toString(16).padStart(2, '0')).join('')}`);
  }
  return { colors, ignored };
}

/** The file's text: sorted by name, as flamegraph.pl writes it. */
export function writePaletteMap(colors: PaletteMap): string {
  const channels = (color: string): string =>
    [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)).join();
  return [...colors]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, color]) => `${name}->rgb(${channels(color)})\n`)
    .join('');
}

/** A palette in which a function that the map knows keeps its colour; each other one's is added to the map. */
export function consistent(palette: Palette, colors: PaletteMap): Palette {
  // The legend's swatches are no functions
  const titles = new Set(palette.groups.map(({ title }) => title));
  return {
    ...palette,
    fill(group, name) {
      if (titles.has(name)) return palette.fill(group, name);
      let fill = colors.get(name);
      if (fill === undefined) {
        fill = palette.fill(group, name);
        // A name that breaks a line cannot be found again
        if (!/[\r\n]/.test(name)) colors.set(name, fill);
      }
      return fill;
    },
  };
}
