import { LABEL_COLOR, labelColorOn } from '../colors.ts';

/** One colour of the picture: all frames that have it are one path. */
export interface Shade {
  /** Id of the palette's group. */
  readonly group: string;
  /** `#rrggbb` */
  readonly fill: string;
  /** In the place of the fill, what paths are drawn with: a pattern of about that colour. */
  readonly paint?: string;
}

/** A picture has no more paths than this, whatever its palette. */
const MOST_SHADES = 48;

/**
 * Merges colours that are alike within a group, so that a picture of thousands of names needs a few dozen paths. The
 * grid of colours does not depend on the profile, so a name keeps its colour from one picture to the next.
 * @param groups of each function, its group
 * @param fills of each function, `#rrggbb`
 * @returns the shades, and which of them each function has
 */
export function mergeShades(
  groups: readonly string[],
  fills: readonly string[],
): { readonly shades: readonly Shade[]; readonly of: Int32Array } {
  for (let step = 12; ; step *= 1.5) {
    const rowOf = new Map<string, number>();
    const shades: Shade[] = [];
    const of = new Int32Array(fills.length);
    for (let i = 0; i < fills.length; i++) {
      const fill = onGrid(fills[i]!, step);
      const key = `${groups[i]} ${fill}`;
      let row = rowOf.get(key);
      if (row === undefined) {
        row = shades.length;
        rowOf.set(key, row);
        shades.push({ group: groups[i]!, fill });
      }
      of[i] = row;
    }
    if (shades.length <= MOST_SHADES || step > 255) return { shades, of };
  }
}

function onGrid(fill: string, step: number): string {
  const channel = (at: number): string => {
    const value = Number.parseInt(fill.slice(at, at + 2), 16);
    return Math.min(255, Math.round(Math.round(value / step) * step))
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

/** The ink of labels on a fill that LABEL_COLOR cannot be read on, as a class of the style sheet; '' = it can. */
export function inkOn(fill: string): '' | 'black' | 'white' {
  const color = labelColorOn(fill);
  return color === LABEL_COLOR ? '' : color === '#000000' ? 'black' : 'white';
}
