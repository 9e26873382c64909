import { fitText, textWidth } from './text-width.ts';

/** How labels are written and measured in a picture without scripts. */
export interface LabelFont {
  /** px */
  readonly size: number;
  /** A CSS font family as a person names it; undefined = ours, with the widths of Helvetica. */
  readonly family?: string;
  /** Mean width of a character, in font sizes; undefined = by the characters. */
  readonly meanWidth?: number;
  /** The side on which a text that is too long is cut. */
  readonly cut: 'left' | 'right';
}

/** Families in which all characters are as wide as this, in font sizes. */
const MONOSPACE = /mono|courier|consol|menlo|typewriter/i;
const MONOSPACE_WIDTH = 0.602;

/** Measures and cuts texts in a font. */
export interface LabelFitter {
  fits(text: string, room: number): boolean;
  /** The text, or as much of it as fits, with `…` where it is cut; '' where not even three characters fit. */
  fit(text: string, room: number): string;
}

export function labelFitter({ size, family, meanWidth, cut }: LabelFont): LabelFitter {
  const fixed = meanWidth ?? (family !== undefined && MONOSPACE.test(family) ? MONOSPACE_WIDTH : undefined);
  const cutAtEnd = (text: string, room: number): string =>
    fixed === undefined ? fitText(text, room, size) : fitCharacters(text, Math.floor(room / (size * fixed)));
  return {
    fits: (text, room) =>
      fixed === undefined
        ? text.length * size * 0.22 <= room && textWidth(text, size) <= room
        : text.length * size * fixed <= room,
    fit: cut === 'right' ? cutAtEnd : (text, room) => backwards(cutAtEnd(backwards(text), room)),
  };
}

function backwards(text: string): string {
  return [...text].toReversed().join('');
}

function fitCharacters(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  return most < 4 ? '' : `${characters.slice(0, most - 1).join('')}…`;
}
