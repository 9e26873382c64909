/**
 * Advance widths of Helvetica (= Arial, Liberation Sans) in 1/1000 em for U+0020..U+007E, from Adobe's core-font
 * metrics. A picture without scripts cannot measure its text, so labels are fitted with these.
 */
const HELVETICA = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
  556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
  722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
  556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
  260, 334, 584,
];

/** Not less than what fonts have: Latin and Greek capitals, CJK, emoji. */
function advance(code: number): number {
  if (code < 0x20) return 0;
  if (code < 0x7f) return HELVETICA[code - 0x20]!;
  if (code < 0x600) return 800;
  return code < 0x1f000 ? 1050 : 1400;
}

const ELLIPSIS = 1000;

/** The width of a text in px at a font size in px. */
export function textWidth(text: string, fontSize: number): number {
  let width = 0;
  for (const character of text) width += advance(character.codePointAt(0)!);
  return (width * fontSize) / 1000;
}

/** The text, or as much of its start as fits into `width` px followed by `…`; '' where not even three characters fit. */
export function fitText(text: string, width: number, fontSize: number): string {
  const room = (width * 1000) / fontSize;
  let used = 0;
  let kept = '';
  let keptCount = 0;
  for (const character of text) {
    used += advance(character.codePointAt(0)!);
    if (used > room) return keptCount < 3 ? '' : `${kept}…`;
    if (used + ELLIPSIS <= room) {
      kept += character;
      keptCount++;
    }
  }
  return text;
}
