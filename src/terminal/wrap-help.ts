/** Narrower than this beside what it explains, a text goes below it. */
const NARROWEST = 24;
const BELOW = 6;

/**
 * Help for a terminal: what explains a word or a command stays in its column, paragraphs are filled anew. Commands are
 * never broken, as people copy them. Where no terminal is, the text stays as it is.
 */
export function wrapHelp(text: string, { isTTY, columns }: { isTTY?: boolean; columns?: number }): string {
  if (isTTY !== true || columns === undefined || columns < 2 * NARROWEST) return text;
  const lines = text.split('\n');
  const wrapped: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.length <= columns) {
      wrapped.push(line);
      continue;
    }
    const [, head, words] = /^( +\S.*?\s{2,})(\S.*)$/.exec(line) ?? [];
    if (head !== undefined) {
      wrapped.push(...explained(head, words!, columns));
    } else if (/^ +(?:pforge-prof|echo) /.test(line)) {
      wrapped.push(line);
    } else {
      let paragraph = line;
      while (/^ {0,3}\S/.test(lines[i + 1] ?? '') && !/\S {2,}\S/.test(lines[i + 1]!)) paragraph += ` ${lines[++i]}`;
      wrapped.push(...filled(paragraph, /^ */.exec(line)![0], columns));
    }
  }
  return wrapped.join('\n');
}

function explained(head: string, words: string, columns: number): string[] {
  if (columns - head.length < NARROWEST) return [head.trimEnd(), ...filled(words, ' '.repeat(BELOW), columns)];
  const [first = '', ...rest] = filled(words, ' '.repeat(head.length), columns);
  return [`${head}${first.trimStart()}`, ...rest];
}

/** @param wanted indentation; less where a word would not fit behind it */
function filled(text: string, wanted: string, columns: number): string[] {
  const words = text.trim().split(/\s+/);
  const longest = Math.max(...words.map((word) => word.length));
  const indent = wanted.slice(0, Math.max(0, columns - longest));
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && indent.length + line.length + 1 + word.length > columns) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, indent + line];
}
