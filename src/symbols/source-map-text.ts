const KEY = Buffer.from('"sourcesContent"');
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPENING = 91;
const BACKSLASH = 92;
const CLOSING = 93;
/** Of `null`. */
const LETTERS = new Set(Buffer.from('nul'));
const BLANKS = new Set(Buffer.from(' \t\n\r'));

/**
 * The text of a source map without the texts of its sources: these make most of it, and where functions stood is not said
 * there. What stands in their place is an empty list.
 * @param json in UTF-8; where it is no JSON, neither is the text
 */
export function sourceMapText(json: Buffer): string {
  let text = '';
  let done = 0;
  for (let key = json.indexOf(KEY); key >= 0; key = json.indexOf(KEY, Math.max(done, key + 1))) {
    // Within a text there would be a backslash before its quotes
    if (json[key - 1] === BACKSLASH) continue;
    const list = skipBlanks(json, skipBlanks(json, key + KEY.length, COLON), OPENING);
    const end = endOfTexts(json, list);
    if (end < 0) continue;
    text += json.toString('utf8', done, list);
    done = end - 1;
  }
  return text + json.toString('utf8', done);
}

/** Behind blanks and the byte that is to follow them; far behind the end where it does not. */
function skipBlanks(json: Buffer, from: number, byte: number): number {
  let at = from;
  while (BLANKS.has(json[at]!)) at++;
  return json[at] === byte ? at + 1 : Number.POSITIVE_INFINITY;
}

/** Behind the bracket that closes a list of texts (and of `null`); -1 where it is something else. */
function endOfTexts(json: Buffer, from: number): number {
  for (let at = from; at < json.length; at++) {
    const c = json[at]!;
    if (c === CLOSING) return at + 1;
    if (c === QUOTE) at = endOfText(json, at);
    else if (c !== COMMA && !BLANKS.has(c) && !LETTERS.has(c)) return -1;
    if (at < 0) return -1;
  }
  return -1;
}

/** The quote that ends the text that another one begins; -1 where there is none. */
function endOfText(json: Buffer, start: number): number {
  for (let at = json.indexOf(QUOTE, start + 1); at >= 0; at = json.indexOf(QUOTE, at + 1)) {
    let from = at;
    while (json[from - 1] === BACKSLASH) from--;
    if ((at - from) % 2 === 0) return at;
  }
  return -1;
}
