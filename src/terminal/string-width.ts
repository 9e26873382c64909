/** Made when a name first asks for it: making one takes longer than everything else at start-up. */
let segmenter: Intl.Segmenter | undefined;

/** Printable ASCII needs no segmenting; nearly every function name is that. */
const ASCII = /^[\x20-\x7e]*$/;

const EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f/u;
const ZERO_WIDTH = /^[\p{Mark}\p{Default_Ignorable_Code_Point}\p{Control}]+$/u;

/** East Asian Wide and Fullwidth (Unicode TR 11), in the ranges that terminals draw two columns wide. */
function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0x303e) ||
    (code >= 0x3041 && code <= 0xa4cf) ||
    (code >= 0xa960 && code <= 0xa97f) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1f64f) ||
    (code >= 0x1f900 && code <= 0x1f9ff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}

function graphemeWidth(grapheme: string): number {
  if (ZERO_WIDTH.test(grapheme)) return 0;
  return isWide(grapheme.codePointAt(0)!) || EMOJI.test(grapheme) ? 2 : 1;
}

/** What a person sees as characters, each with the terminal columns it takes. */
export function* graphemes(text: string): Iterable<readonly [string, number]> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (const { segment } of segmenter.segment(text)) yield [segment, graphemeWidth(segment)];
}

/** How many terminal columns a text takes: CJK and emoji take two, combining marks none. */
export function stringWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const [, columns] of graphemes(text)) width += columns;
  return width;
}

/** The longest start of a text that fits `width` columns; never cuts a character in two. */
function startOf(characters: readonly (readonly [string, number])[], width: number): string {
  let used = 0;
  let text = '';
  for (const [character, columns] of characters) {
    if (used + columns > width) break;
    used += columns;
    text += character;
  }
  return text;
}

/** At most `width` columns: the end is cut and `…` put in its place. */
export function shortenEnd(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  return width < 1 ? '' : `${startOf([...graphemes(text)], width - 1)}…`;
}

/** At most `width` columns: the middle is cut and `…` put in its place, so that a path keeps its file name. */
export function shortenMiddle(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  if (width < 1) return '';
  const characters = [...graphemes(text)];
  const head = startOf(characters, Math.floor((width - 1) / 3));
  const tail = startOf(characters.reverse(), width - 1 - stringWidth(head));
  return `${head}…${[...graphemes(tail)]
    .map(([character]) => character)
    .reverse()
    .join('')}`;
}

/** Fills up with spaces to `width` columns; a longer text stays as it is. */
export function padColumns(text: string, width: number, side: 'left' | 'right' = 'right'): string {
  const spaces = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return side === 'left' ? spaces + text : text + spaces;
}
