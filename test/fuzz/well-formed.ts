/** Characters that XML 1.0 has no place for (§2.2). */
const NOT_XML =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const PART =
  /<\?xml[^?]*\?>|<!DOCTYPE [^<>[\]]*>|<!--(?:(?!--)[\s\S])*-->|<!\[CDATA\[[\s\S]*?\]\]>|<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
const BARE_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)/;
const ATTRIBUTE = /\s([\w:.-]+)="/g;

/**
 * An XML checker of the tests' own, stricter than XML is: what we write needs no more.
 * @throws {Error} the text is not well-formed: what, and the text around it
 */
export function checkXml(xml: string): void {
  const wrong = (what: string, at: number): never => {
    throw new Error(`not well-formed, ${what}: ${JSON.stringify(xml.slice(Math.max(0, at - 60), at + 60))}`);
  };
  const control = xml.search(NOT_XML);
  if (control >= 0) wrong('a character', control);
  if (/NaN|Infinity|undefined/.test(xml.replace(/>[^<]*</g, '><').replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, ''))) {
    // In attributes of our own; what stands in texts is the input's
    const at = xml.search(/ (?:x|y|width|height|d|points|transform)="[^"]*(?:NaN|Infinity|undefined)/);
    if (at >= 0) wrong('no number', at);
  }
  const open: string[] = [];
  for (let at = 0; at < xml.length; ) {
    PART.lastIndex = at;
    const part = PART.exec(xml);
    const [whole, end, name, attributes = '', empty, text] = part ?? wrong('neither tag nor text', at);
    if (text !== undefined && BARE_AMPERSAND.test(text)) wrong('a bare &', at);
    if (name !== undefined) {
      if (BARE_AMPERSAND.test(attributes)) wrong('a bare & in an attribute', at);
      const names = Array.from(attributes.matchAll(ATTRIBUTE), ([, attribute]) => attribute);
      if (new Set(names).size !== names.length) wrong('an attribute twice', at);
      if (end) {
        if (open.pop() !== name) wrong('a tag closed that is not open', at);
      } else if (!empty) open.push(name);
    }
    at += whole.length;
  }
  if (open.length > 0) wrong(`${open.join(', ')} not closed`, xml.length);
}

/**
 * Checks a page of ours: scripts are only those that its policy names by hash, and no text of the profile is markup.
 * @throws {Error} what stands there
 */
export function checkHtml(html: string, marker: string): void {
  if (!html.includes('Content-Security-Policy')) throw new Error('no policy');
  const outside = html.replace(/<script[^>]*>[\s\S]*?<\/script>/g, '').replace(/<style[^>]*>[\s\S]*?<\/style>/g, '');
  const at = outside.search(new RegExp(`<[a-z/][^>"']*${marker}|<${marker}`));
  if (at >= 0) throw new Error(`markup of the input: ${JSON.stringify(outside.slice(Math.max(0, at - 60), at + 60))}`);
}

const DRIVES_TERMINAL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

/** Checks text for a terminal without colours. @throws {Error} something in it would drive or reorder the terminal */
export function checkText(text: string): void {
  const at = text.search(DRIVES_TERMINAL);
  if (at >= 0) throw new Error(`a control character: ${JSON.stringify(text.slice(Math.max(0, at - 60), at + 60))}`);
  if (/\bNaN\b/.test(text) && !/NaN\(|'NaN|"NaN/.test(text)) {
    const nan = text.search(/(?:^|\s)NaN(?:%|\s)/m);
    if (nan >= 0) throw new Error(`no number: ${JSON.stringify(text.slice(Math.max(0, nan - 60), nan + 60))}`);
  }
}
