/** Objects that cannot be closed are looked for from each line that could begin one: not without end. */
const MOST_FAILURES = 100;

/**
 * JSON objects that stand among other text, each beginning a line, on one line or over several. What is cut off is passed
 * over, up to the next line that begins an object.
 */
export function* embeddedObjects(text: string): Iterable<unknown> {
  const start = /^[ \t]*\{/gm;
  let failures = 0;
  for (let match = start.exec(text); match !== null; match = start.exec(text)) {
    const from = match.index;
    const end = closingBrace(text, from);
    const value = end === undefined ? undefined : parsed(text.slice(from, end));
    if (value !== undefined) {
      yield value;
      start.lastIndex = end!;
    } else if (++failures > MOST_FAILURES) return;
    else start.lastIndex = from + match[0].length;
  }
}

function closingBrace(text: string, from: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return at + 1;
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
