import { graphemes } from './string-width.ts';

/** What we draw with ourselves, in characters that every terminal has; each takes the same one column. */
const LOOKALIKES = new Map([
  ['…', '~'],
  ['µ', 'u'],
  ['│', '|'],
  ['├', '|'],
  ['└', '`'],
  ['─', '-'],
  ['·', '.'],
  ['×', 'x'],
  ['±', '+'],
  ['σ', 's'],
  ['≡', '='],
]);

/** Text as whoever reads it can show it. @param ascii their locale has nothing else */
export function forLocale(text: string, { ascii }: { readonly ascii: boolean }): string {
  return ascii ? toAscii(text) : text;
}

/**
 * Text for a terminal whose locale is not UTF-8: every other character becomes as many `?` as the columns it takes, so
 * that what was aligned stays so.
 */
export function toAscii(text: string): string {
  return text.replace(/[^\x00-\x7f]+/g, (run) => {
    let plain = '';
    for (const [character, columns] of graphemes(run)) plain += LOOKALIKES.get(character) ?? '?'.repeat(columns);
    return plain;
  });
}
