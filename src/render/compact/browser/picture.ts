import type { FlameRows } from '../../../embedded/flame-rows.ts';
import type { Words } from '../words.ts';

/** The picture's data as they are drawn. */
export interface Drawing {
  readonly rows: FlameRows;
  /** A weight is this many units: numerator, denominator. */
  readonly scale: readonly [number, number];
  /** Number of functions that `rows.frame` calls. */
  readonly functions: number;
  readonly words: Words;
  /** Of each frame of `rows` which of the picture's paths it is part of; the last one is that of the root `all`. */
  readonly shadeOf: Int32Array;
}

/** What kinds of pictures differ in: the flame graph of one profile, and that of two. */
export interface Picture {
  /** Id of the element with the picture's block of data. */
  readonly dataId: string;
  /** @param text that block */
  read(text: string): Drawing;
  /** What the legend tells apart, for those who do not see it. */
  readonly legendLabel: string;
  /** Keys and what they do, beside those of every picture. */
  readonly keys: readonly { readonly key: string; readonly what: string; act(): void }[];
  /** What stands left of the search field, at the legend's end, and on lines of their own below it. */
  tools(): readonly HTMLElement[];
  legendEnd(): readonly HTMLElement[];
  lines(): readonly HTMLElement[];
  /** What the browser shows beside the pointer. */
  tooltip(index: number): string;
  /** The numbers of a frame. */
  details(index: number): string;
  /** What the frames amount to whose entries of the legend are singled out. */
  chosen(): string;
  /** Frames are walked from the most important on. */
  importance(index: number): number;
  /** What an address keeps of the picture's own state; '' = as the picture opens. */
  address(): string;
  /** Takes that back; what follows from it is drawn later. */
  recall(said: string): void;
}

let current: Picture;

export function usePicture(picture: Picture): void {
  current = picture;
}

export function picture(): Picture {
  return current;
}
