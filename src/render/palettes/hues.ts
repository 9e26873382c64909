import type { Draw } from './draws.ts';

/** The plain palettes of flamegraph.pl and inferno; both have the same ranges. */
export const HUES = ['hot', 'mem', 'io', 'red', 'green', 'blue', 'aqua', 'yellow', 'purple', 'orange'] as const;
export type Hue = (typeof HUES)[number];

/** A channel: from ... from + range (rounded down), by which of the three numbers. */
type Channel = readonly [from: number, range: number, by: 0 | 1 | 2];

const CHANNELS: Readonly<Record<Hue, readonly [Channel, Channel, Channel]>> = {
  hot: [
    [205, 50, 2],
    [0, 230, 0],
    [0, 55, 1],
  ],
  mem: [
    [0, 0, 0],
    [190, 50, 1],
    [0, 210, 0],
  ],
  io: [
    [80, 60, 0],
    [80, 60, 0],
    [190, 55, 1],
  ],
  red: [
    [200, 55, 0],
    [50, 80, 0],
    [50, 80, 0],
  ],
  green: [
    [50, 60, 0],
    [200, 55, 0],
    [50, 60, 0],
  ],
  blue: [
    [80, 60, 0],
    [80, 60, 0],
    [205, 50, 0],
  ],
  aqua: [
    [50, 60, 0],
    [165, 55, 0],
    [165, 55, 0],
  ],
  yellow: [
    [175, 55, 0],
    [175, 55, 0],
    [50, 20, 0],
  ],
  purple: [
    [190, 65, 0],
    [80, 60, 0],
    [190, 65, 0],
  ],
  orange: [
    [190, 65, 0],
    [90, 65, 0],
    [0, 0, 0],
  ],
};

/** Red, green and blue, whole numbers from 0 to 255. */
export type Rgb = readonly [number, number, number];

/** The colour of a plain palette at a draw. */
export function hueColor(hue: Hue, draw: Draw): Rgb {
  const channel = ([from, range, by]: Channel): number => from + Math.trunc(range * draw[by]);
  const [red, green, blue] = CHANNELS[hue];
  return [channel(red), channel(green), channel(blue)];
}

const BYTES = Array.from({ length: 256 }, (_none, byte) => byte.toString(16).padStart(2, '0'));

/** `#rrggbb` */
export function hex([red, green, blue]: Rgb): string {
  return `#${BYTES[red]}${BYTES[green]}${BYTES[blue]}`;
}
