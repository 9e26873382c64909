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
]);

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
