/** As far before a function's start as its name is looked for, but for those of classes. */
const NEAR = 256;
const FAR = 16_384;
const wordCharacter = /[\w$#\u0080-\uffff]/;
const classHead = /(?<![\w$.])class(?![\w$])[^{};]*$/;
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

/**
 * Where the name of the class around a place in its body stands; -1 where none of this name is seen. Braces in texts
 * count too: where they do not pair, nothing is found.
 */
function className(script: string, at: number, name: string): number {
  let depth = 1;
  let from = at;
  const last = Math.max(0, at - FAR);
  while (depth > 0) {
    from--;
    if (from < last) return -1;
    const c = script.charCodeAt(from);
    if (c === 125) depth++;
    else if (c === 123) depth--;
  }
  const near = Math.max(0, from - NEAR - name.length);
  const head = classHead.exec(script.slice(near, from));
  if (head === null) return -1;
  const start = near + head.index;
  const declared = head[0].length - head[0].replace(/^class\s+/, '').length;
  if (declared > 0 && startsWord(script, start + declared, name)) return start + declared;
  const before = script.slice(near, start).replace(/\s*=\s*$/, '');
  return endsInWord(before, name) ? near + before.length - name.length : -1;
}
