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

/** UTF-16 units that the segmenter is given at once: its time grows with the square of that. */
const PIECE = 4096;

/** What a person sees as characters, each with the terminal columns it takes. */
export function* graphemes(text: string): Iterable<readonly [string, number]> {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + PIECE, text.length);
    if (end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end--;
    const piece = text.slice(start, end);
    let last = '';
    for (const { segment } of segmenter.segment(piece)) {
      if (last !== '') yield [last, graphemeWidth(last)];
      start += last.length;
      last = segment;
    }
    // Where the piece was cut may be in the middle of a character: it is read again, from its start
    if (end < text.length && last.length < piece.length) continue;
    yield [last, graphemeWidth(last)];
    start += last.length;
  }
}

/** How many terminal columns a text takes: CJK and emoji take two, combining marks none. */
export function stringWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const [, columns] of graphemes(text)) width += columns;
  return width;
}

/** The longest start of a text that fits `width` columns; never cuts a character in two. */
function startOf(characters: Iterable<readonly [string, number]>, width: number): string {
  let used = 0;
  let text = '';
  for (const [character, columns] of characters) {
    if (used + columns > width) break;
    used += columns;
    text += character;
  }
  return text;
}

/** UTF-16 units, beyond which a text is looked at only as far as its width asks: to measure megabytes takes seconds. */
const LONGEST = 16_384;

function fits(text: string, width: number): boolean {
  if (text.length <= LONGEST) return stringWidth(text) <= width;
  let used = 0;
  for (const [, columns] of graphemes(text)) {
    used += columns;
    if (used > width) return false;
  }
  return true;
}

/** At most `width` columns: the end is cut and `…` put in its place. */
export function shortenEnd(text: string, width: number): string {
  if (fits(text, width)) return text;
  return width < 1 ? '' : `${startOf(graphemes(text), width - 1)}…`;
}

/** At most `width` columns: the middle is cut and `…` put in its place, so that a path keeps its file name. */
export function shortenMiddle(text: string, width: number): string {
  if (fits(text, width)) return text;
  if (width < 1) return '';
  const head = startOf(graphemes(text), Math.floor((width - 1) / 3));
  const near = Math.max(LONGEST, 2 * width);
  const last = [...graphemes(text.slice(-near))].reverse();
  // The first may be half of a character
  if (text.length > near) last.pop();
  const tail = startOf(last, width - 1 - stringWidth(head));
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
