/** As far before a function's start as its name is looked for, but for those of classes. */
const NEAR = 256;
const FAR = 65_536;
/** How many classes before a constructor may be looked at. */
const MOST_CLASSES = 16;
const wordCharacter = /[\w$#\u0080-\uffff]/;
const word = /^[\w$#.\u0080-\uffff]+$/;

/**
 * Where the name of a function stands in its script. V8 says where its parameters start (arrow functions: where they
 * start themselves), and names it by the word before (`name(`), by what it is assigned to (`name=function(`, `name:`), or
 * by its class (`class name{... constructor(`).
 * @param at offset of the function's start
 * @param name as V8 has it, without `get ` and `set `
 * @returns an offset; -1 where the name is not to be seen
 */
export function functionWord(script: string, at: number, name: string): number {
  if (!word.test(name) || name.length > NEAR) return -1;
  const from = Math.max(0, at - NEAR - name.length);
  let before = script.slice(from, at).trimEnd();
  if (endsInWord(before, name)) return from + before.length - name.length;
  if (endsInWord(before, 'constructor')) return className(script, from + before.length, name);
  const declared = /^class\s+/.exec(script.slice(at, at + 32))?.[0].length ?? 0;
  if (declared > 0 && startsWord(script, at + declared, name)) return at + declared;
  before = withoutKeywords(before);
  const sign = /\s*(?:[?|&]{0,2}=|:)\s*$/.exec(before);
  if (sign === null) return -1;
  before = before.slice(0, sign.index);
  return endsInWord(before, name) ? from + before.length - name.length : -1;
}

function endsInWord(text: string, name: string): boolean {
  return text.endsWith(name) && !wordCharacter.test(text.charAt(text.length - name.length - 1));
}

function startsWord(text: string, at: number, name: string): boolean {
  return text.startsWith(name, at) && !wordCharacter.test(text.charAt(at + name.length));
}

/** A text without `async`, `function`, `*` and `(` at its end. */
function withoutKeywords(text: string): string {
  let rest = text;
  for (const keyword of ['(', '*', 'function', 'async', '(']) {
    if (/^\w/.test(keyword) ? endsInWord(rest, keyword) : rest.endsWith(keyword)) {
      rest = rest.slice(0, rest.length - keyword.length).trimEnd();
    }
  }
  return rest;
}

/** Where the name of the class around a place stands; -1 where no class of this name is open there. */
function className(script: string, at: number, name: string): number {
  let from = at;
  for (let i = 0; i < MOST_CLASSES; i++) {
    from = script.lastIndexOf('class', from - 1);
    if (from < 0 || from < at - FAR) return -1;
    if (!isOpen(script, from, at)) continue;
    const declared = /^class\s+/.exec(script.slice(from, from + 32))?.[0].length ?? 0;
    if (declared > 0 && startsWord(script, from + declared, name)) return from + declared;
    const near = Math.max(0, from - NEAR);
    const before = script.slice(near, from).replace(/\s*=\s*$/, '');
    return endsInWord(before, name) ? near + before.length - name.length : -1;
  }
  return -1;
}

/** Whether a brace that opens behind `from` is still open at `to`. Braces in texts are counted too: then it is unknown. */
function isOpen(script: string, from: number, to: number): boolean {
  let depth = 0;
  for (let i = from; i < to; i++) {
    const c = script.charCodeAt(i);
    if (c === 123) depth++;
    else if (c === 125 && --depth <= 0) return false;
  }
  return depth > 0;
}
