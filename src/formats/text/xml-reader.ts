import { StringDecoder } from 'node:string_decoder';
import { FormatError, type Input } from '../format.ts';

/** Told of the parts of an XML document, in order. Texts come in pieces, already decoded. */
export interface XmlHandler {
  /** `<name a="b">`, also the first half of `<name/>`. */
  open(name: string, attributes: ReadonlyMap<string, string>): void;
  text(text: string): void;
  /** `</name>`, also the second half of `<name/>`. */
  close(name: string): void;
}

/** A tag longer than this is no tag: an attribute that is never closed must not take all memory. */
const LONGEST_TAG = 1 << 20;
/** What is nested deeper was made to harm: each level is remembered until it closes. */
const DEEPEST = 1 << 20;
/** `&#1114111;` and its hexadecimal spelling with some zeros. */
const LONGEST_REFERENCE = 16;

/** `<!DOCTYPE svg PUBLIC "..." "...">`: names and texts, and nothing within `[ ]`, where entities would be declared. */
const plainDoctype = /^<!DOCTYPE\s+[^\s<>[\]"']+(?:\s+(?:PUBLIC|SYSTEM)(?:\s+(?:"[^"<]*"|'[^'<]*'))+)?\s*>/;
const LONGEST_DOCTYPE = 1024;

const attribute = /\s+([^\s=<>/"'&]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const elementName = /^[^\s=<>/"'&!?\d.-][^\s=<>/"'&]*/;
const entities: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

/**
 * Reads XML (UTF-8) as a stream and checks that its tags are well formed and nested; memory does not grow with the
 * document. Document type declarations are refused, so the only entities are the five of XML and numeric ones.
 * @param doctype skip one that declares nothing, as pictures have it
 * @param isEnough asked now and then: nothing more need be read
 * @returns the elements that the document ends in without closing them, outermost first; empty when it is complete
 * @throws {FormatError} with the line, what is not XML
 */
export async function readXml(
  input: Input,
  handler: XmlHandler,
  { doctype = false, isEnough }: { readonly doctype?: boolean; readonly isEnough?: () => boolean } = {},
): Promise<readonly string[]> {
  const reader = new XmlReader(input, handler, doctype);
  const decoder = new StringDecoder('utf8');
  for await (const chunk of input.chunks()) {
    reader.push(decoder.write(Buffer.from(chunk)));
    if (isEnough?.()) return [];
  }
  reader.push(decoder.end());
  return reader.end();
}

class XmlReader {
  private readonly input: Input;
  private readonly handler: XmlHandler;
  private readonly doctype: boolean;
  private readonly open: string[] = [];
  private rest = '';
  private at = 0;
  private line = 1;
  private started = false;
  /** What ends the comment, instruction or CDATA section that was begun. */
  private skipTo = '';
  private sawRoot = false;

  constructor(input: Input, handler: XmlHandler, doctype: boolean) {
    this.input = input;
    this.handler = handler;
    this.doctype = doctype;
  }

  push(chunk: string): void {
    const text = this.started ? chunk : chunk.replace(/^\ufeff/, '');
    this.started ||= chunk !== '';
    this.rest = this.rest === '' ? text : this.rest + text;
    this.at = 0;
    while (this.at < this.rest.length && this.step());
    this.line += lineEnds(this.rest, this.at);
    this.rest = this.rest.slice(this.at);
    this.at = 0;
  }

  end(): readonly string[] {
    // What is left is a tag, a reference or a comment without its end
    if (this.rest !== '' && this.open.length === 0) throw this.error('the document ends within a tag', CUT);
    if (!this.sawRoot) throw this.error('there is no element', CUT);
    return this.open;
  }

  /** Takes one part; false when its end has not been read yet. */
  private step(): boolean {
    if (this.skipTo !== '') return this.skip();
    if (this.rest[this.at] !== '<') return this.takeText();
    if (this.rest[this.at + 1] === '!' || this.rest[this.at + 1] === '?') return this.begin();
    const end = tagEnd(this.rest, this.at);
    if (end < 0) {
      if (this.rest.length - this.at > LONGEST_TAG) throw this.error('this tag does not end');
      return false;
    }
    this.tag(this.rest.slice(this.at + 1, end));
    this.at = end + 1;
    return true;
  }

  private takeText(): boolean {
    let end = this.rest.indexOf('<', this.at);
    const whole = end >= 0;
    if (!whole) end = this.rest.length;
    let text = this.rest.slice(this.at, end);
    const reference = text.lastIndexOf('&');
    if (!whole && reference >= 0 && text.length - reference < LONGEST_REFERENCE && !text.includes(';', reference)) {
      text = text.slice(0, reference);
      if (text === '') return false;
    }
    if (this.open.length > 0) this.handler.text(this.decoded(text));
    else if (text.trim() !== '') {
      this.at += text.length - text.trimStart().length;
      throw this.error('there is text outside of the document');
    }
    this.at += text.length;
    return true;
  }

  /** `<!--`, `<![CDATA[`, `<?`; all else with `<!` is a declaration. */
  private begin(): boolean {
    const { rest, at } = this;
    const [start, end] = rest.startsWith('<?', at)
      ? ['<?', '?>']
      : rest[at + 2] === '['
        ? ['<![CDATA[', ']]>']
        : ['<!--', '-->'];
    if (rest.startsWith(start, at)) {
      if (end === ']]>' && this.open.length === 0) throw this.error('there is text outside of the document');
      this.skipTo = end;
      this.at += start.length;
      return true;
    }
    if (start.startsWith(rest.slice(at))) return false;
    if (this.doctype && !this.sawRoot) return this.skipDoctype();
    throw this.error('declarations (`<!DOCTYPE`, `<!ENTITY`) are not read');
  }

  private skipDoctype(): boolean {
    const text = this.rest.slice(this.at, this.at + LONGEST_DOCTYPE);
    const end = plainDoctype.exec(text)?.[0].length;
    if (end !== undefined) {
      this.at += end;
      return true;
    }
    if (text.length < LONGEST_DOCTYPE && !/[[>]/.test(text.replace(/"[^"]*"|'[^']*'/g, ''))) return false;
    throw this.error('document type declarations with content (`[`, `<!ENTITY`) are not read');
  }

  private skip(): boolean {
    const found = this.rest.indexOf(this.skipTo, this.at);
    // The start of its end may stand at the end of what has been read
    const end = found < 0 ? Math.max(this.at, this.rest.length - this.skipTo.length + 1) : found;
    if (this.skipTo === ']]>' && end > this.at) this.handler.text(this.rest.slice(this.at, end));
    if (found >= 0) {
      this.at = end + this.skipTo.length;
      this.skipTo = '';
      return true;
    }
    this.at = end;
    return false;
  }

  private tag(text: string): void {
    if (text.startsWith('/')) {
      const name = text.slice(1).trimEnd();
      const last = this.open.pop();
      if (name !== last)
        throw this.error(
          last === undefined ? `</${cut(name)}> closes nothing` : `</${cut(name)}> where <${last}> is open`,
        );
      this.handler.close(last);
      return;
    }
    const name = elementName.exec(text)?.[0];
    if (name === undefined) throw this.error(`this is no tag: <${cut(text)}`);
    if (this.open.length === 0 && this.sawRoot)
      throw this.error(`<${cut(name)}> stands behind the end of the document`);
    this.sawRoot = true;
    const empty = text.endsWith('/');
    const attributes = this.attributes(text, name.length, text.length - (empty ? 1 : 0));
    this.handler.open(name, attributes);
    if (empty) this.handler.close(name);
    else if (this.open.push(name) > DEEPEST) throw this.error(`elements are nested deeper than ${DEEPEST}`);
  }

  private attributes(text: string, from: number, to: number): ReadonlyMap<string, string> {
    if (from === to) return NO_ATTRIBUTES;
    const found = new Map<string, string>();
    attribute.lastIndex = from;
    let at = from;
    for (let match = attribute.exec(text); match !== null; match = attribute.exec(text)) {
      const [, name, double, single] = match;
      if (found.has(name!)) throw this.error(`the attribute ${cut(name!)} is there twice`);
      found.set(name!, this.decoded(double ?? single!));
      at = attribute.lastIndex;
    }
    if (text.slice(at, to).trim() !== '') throw this.error(`this is no attribute: ${cut(text.slice(at, to).trim())}`);
    return found;
  }

  private decoded(text: string): string {
    if (!text.includes('&')) return text;
    return text.replace(/&([^;&]{0,16};)?/g, (whole, reference: string | undefined, offset: number) => {
      const word = reference?.slice(0, -1) ?? '';
      const known = entities.get(word);
      if (known !== undefined) return known;
      const code = /^#\d{1,7}$/.test(word)
        ? Number(word.slice(1))
        : /^#x[\da-f]{1,6}$/i.test(word)
          ? Number(`0x${word.slice(2)}`)
          : 0;
      if (code > 0 && code <= 0x10ffff && (code & 0xfffff800) !== 0xd800) return String.fromCodePoint(code);
      this.at += offset;
      throw this.error(`${cut(whole)} stands for no character`);
    });
  }

  private error(what: string, hint?: string): FormatError {
    return new FormatError(this.input, `line ${this.line + lineEnds(this.rest, this.at)}`, what, hint);
  }
}

const CUT = 'the file was cut';

/** Where the tag that starts at `from` ends: its `>`, outside of quotes; -1 = not in this text. */
function tagEnd(text: string, from: number): number {
  let at = from;
  for (;;) {
    const end = text.indexOf('>', at);
    if (end < 0) return -1;
    const quote = openQuote(text, at, end);
    if (quote === '') return end;
    const close = text.indexOf(quote, end);
    if (close < 0) return -1;
    at = close + 1;
  }
}

/** The quote that is open at `to`, '' for none. Starts outside of quotes. */
function openQuote(text: string, from: number, to: number): string {
  let open = 0;
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    if (open === 0 ? code === 34 || code === 39 : code === open) open = open === 0 ? code : 0;
  }
  return open === 0 ? '' : String.fromCharCode(open);
}

function lineEnds(text: string, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function cut(text: string): string {
  return JSON.stringify(text.slice(0, 40)).slice(1, -1);
}
