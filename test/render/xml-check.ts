const attribute = /\s+([A-Za-z_:][\w:.-]*)="([^<"]*)"/y;

/**
 * A strict reader of well-formed XML 1.0, as far as our pictures use it: every tag closed in order, attributes quoted
 * and unique, only legal characters, only the predefined and numeric entities.
 * @throws {Error} what is wrong, and where
 */
export function checkXml(text: string): void {
  const fail = (at: number, what: string): never => {
    throw new Error(`${what} at ${at}: ${JSON.stringify(text.slice(Math.max(0, at - 40), at + 60))}`);
  };
  const illegal = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.exec(text);
  if (illegal) fail(illegal.index, 'illegal character');
  const open: string[] = [];
  const checkText = (from: number, to: number): void => {
    const part = text.slice(from, to);
    const bad = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)|\]\]>/.exec(part);
    if (bad) fail(from + bad.index, 'bare & or ]]>');
    if (open.length === 0 && part.trim() !== '') fail(from, 'text outside of the root');
  };
  let at = text.startsWith('<?xml ') ? text.indexOf('?>') + 2 : 0;
  while (at < text.length) {
    const next = text.indexOf('<', at);
    checkText(at, next < 0 ? text.length : next);
    if (next < 0) break;
    if (text.startsWith('<![CDATA[', next)) {
      const end = text.indexOf(']]>', next);
      if (end < 0) fail(next, 'CDATA without an end');
      at = end + 3;
      continue;
    }
    const name = /[A-Za-z_][\w:.-]*/y;
    const closing = text[next + 1] === '/';
    name.lastIndex = next + (closing ? 2 : 1);
    const tag = name.exec(text)?.[0] ?? fail(next, 'not a tag');
    let cursor = name.lastIndex;
    if (closing) {
      if (open.pop() !== tag) fail(next, 'closes what is not open');
    } else {
      const seen = new Set<string>();
      for (;;) {
        attribute.lastIndex = cursor;
        const found = attribute.exec(text);
        if (!found) break;
        if (seen.has(found[1]!)) fail(cursor, 'attribute twice');
        seen.add(found[1]!);
        const value = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)/.exec(found[2]!);
        if (value) fail(cursor, 'bare & in an attribute');
        cursor = attribute.lastIndex;
      }
      if (text[cursor] === '/') cursor++;
      else open.push(tag);
    }
    if (text[cursor] !== '>') fail(cursor, 'tag without an end');
    at = cursor + 1;
  }
  if (open.length > 0) fail(text.length, `not closed: ${open.join(' ')}`);
}
