import { escapeTerminal } from '../terminal/escape.ts';
import { shortenMiddle } from '../terminal/string-width.ts';

/** Longer names are cut in the middle: a report is read by people, and pasted. */
const LONGEST = 120;

/**
 * Untrusted text as a code span that holds in running text and in a table cell: the fence is longer than any run of
 * backticks in it, `|` is escaped as tables want it (GFM §4.10). Inside a code span nothing is a link, a mention, HTML or
 * emphasis. Control characters are shown as `\x1b`.
 */
export function codeSpan(text: string): string {
  const line = shortenMiddle(escapeTerminal(text), LONGEST);
  // A backslash before a pipe would take away the escape.
  const inert = line.replace(/\\+(?=\|)/g, (run) => '\\x5c'.repeat(run.length)).replaceAll('|', '\\|');
  if (inert.trim() === '') return '`[unknown]`';
  const fence = fenceFor(inert, 1);
  const pad = fence.length > 1 || /^ | $/.test(inert) ? ' ' : '';
  return `${fence}${pad}${inert}${pad}${fence}`;
}

/** Lines of text as a code block that nothing in them can end. */
export function codeBlock(text: string): string {
  const fence = fenceFor(text, 3);
  return `${fence}text\n${text.replace(/\n*$/, '\n')}${fence}\n`;
}

/**
 * Untrusted text in a sentence: no markup, no HTML, no table cell, no mention and no issue number (GitHub looks for
 * those in what is left after escapes; a comment between `@` and the name hides them).
 */
export function plainText(text: string): string {
  return escapeTerminal(text)
    .replace(/[\\`*_[\]|~]/g, (character) => `\\${character}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/@(?=\w)|#(?=\d)/g, (character) => `${character}<!-- -->`);
}

function fenceFor(text: string, least: number): string {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) if (run.length > longest) longest = run.length;
  return '`'.repeat(Math.max(least, longest + 1));
}
