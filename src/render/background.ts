import type { PaletteId } from './colors.ts';

/** The gradients of flamegraph.pl and inferno, from top to bottom. */
const GRADIENTS = {
  yellow: ['#eeeeee', '#eeeeb0'],
  blue: ['#eeeeee', '#e0e0ff'],
  green: ['#eef2ee', '#e0ffe0'],
  grey: ['#f8f8f8', '#e8e8e8'],
} as const;

/** A gradient by name, or one flat colour, `#rrggbb`. */
export type Background = keyof typeof GRADIENTS | `#${string}`;

export const BACKGROUNDS = Object.keys(GRADIENTS) as (keyof typeof GRADIENTS)[];

/** The colours at the top and at the bottom. */
export function backgroundColors(background: Background): readonly [top: string, bottom: string] {
  return background in GRADIENTS ? GRADIENTS[background as keyof typeof GRADIENTS] : [background, background];
}

/** What flamegraph.pl and inferno put behind their palettes; white behind ours. */
export function backgroundOf(colors: PaletteId): Background {
  switch (colors) {
    case 'kind':
    case 'tier':
    case 'warm':
      return '#ffffff';
    case 'mem':
      return 'green';
    case 'io':
    case 'wakeup':
    case 'chain':
      return 'blue';
    case 'red':
    case 'green':
    case 'blue':
    case 'aqua':
    case 'yellow':
    case 'purple':
    case 'orange':
      return 'grey';
    default:
      return 'yellow';
  }
}
