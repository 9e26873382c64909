import { InvalidArgumentError } from 'commander';

/**
 * Splits a command that is given as one option into words: at blanks; `'...'` and `"..."` hold blanks; a backslash takes
 * the next character as it is, but not within `'...'`. Nothing is expanded, and no shell runs: `sh -c '...'` is one.
 * @throws {InvalidArgumentError} a quote does not close, or there is no word
 */
export function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '\\' && quote !== "'") {
      if (++at >= text.length) throw new InvalidArgumentError('Nothing follows the last backslash.');
      word = (word ?? '') + text[at]!;
    } else if (quote !== '') {
      if (character === quote) quote = '';
      else word += character;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quote !== '') throw new InvalidArgumentError(`A ${quote} does not close.`);
  if (word !== undefined) words.push(word);
  if (words.length === 0) throw new InvalidArgumentError('It holds no command.');
  return words;
}

/** Words as a person would type them into a shell. */
export function joinWords(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}
