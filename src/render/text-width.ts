/**
 * Advance widths in 1/1000 em for U+0020..U+007E: those of Helvetica (= Arial, Liberation Sans) by Adobe's core-font
 * metrics, or those of DejaVu Sans (nearly Verdana's), whichever are larger. A picture without scripts cannot measure its
 * text, and must not let it run over.
 */
const WIDEST = [
  318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
  636, 636, 636, 337, 337, 838, 838, 838, 556, 1015, 684, 686, 722, 770, 667, 611, 778, 752, 295, 500, 667, 557, 863,
  748, 787, 667, 787, 722, 667, 611, 732, 684, 989, 685, 667, 685, 390, 337, 390, 838, 556, 500, 613, 635, 550, 635,
  615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
  337, 636, 838,
];

/** Not less than what fonts have: Latin and Greek capitals, CJK, emoji. */
function advance(code: number): number {
  if (code < 0x20) return 0;
  if (code < 0x7f) return WIDEST[code - 0x20]!;
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
