/** Whether a character is meant. */
export type Test = (code: number) => boolean;

/** A pattern as a tree. Only what has an answer in linear time: no references, nothing that looks around. */
export type Node =
  | { readonly kind: 'char'; readonly test: Test }
  | { readonly kind: 'assert'; readonly what: '^' | '$' | 'b' | 'B' }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Node[] }
  | Repeat;

export interface Repeat {
  readonly kind: 'repeat';
  readonly part: Node;
  readonly least: number;
  readonly most: number;
}

const DEEPEST_GROUP = 100;

const isDigit: Test = (code) => code >= 48 && code <= 57;
export const isWord: Test = (code) =>
  isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
const isSpace: Test = (code) => /\s/.test(String.fromCharCode(code));
const CLASSES: ReadonlyMap<string, Test> = new Map([
  ['d', isDigit],
  ['D', (code: number) => !isDigit(code)],
  ['w', isWord],
  ['W', (code: number) => !isWord(code)],
  ['s', isSpace],
  ['S', (code: number) => !isSpace(code)],
]);
const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['t', 9],
  ['n', 10],
  ['v', 11],
  ['f', 12],
  ['r', 13],
  ['0', 0],
]);

/**
 * @param anyCase letters match both cases
 * @throws {SyntaxError} the pattern is none, or needs what cannot be done in linear time
 */
export function parseRegexp(pattern: string, anyCase: boolean): Node {
  return new Parser(pattern, anyCase).parse();
}

class Parser {
  private at = 0;
  private depth = 0;
  private readonly pattern: string;
  private readonly anyCase: boolean;

  constructor(pattern: string, anyCase: boolean) {
    this.pattern = pattern;
    this.anyCase = anyCase;
  }

  parse(): Node {
    const node = this.choice();
    if (this.at < this.pattern.length) throw new SyntaxError('unmatched )');
    return node;
  }

  private choice(): Node {
    const parts = [this.sequence()];
    while (this.take('|')) parts.push(this.sequence());
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  }

  private sequence(): Node {
    const parts: Node[] = [];
    while (this.at < this.pattern.length && this.peek() !== '|' && this.peek() !== ')') {
      parts.push(this.repeated(this.atom()));
    }
    return { kind: 'sequence', parts };
  }

  private repeated(part: Node): Node {
    let node = part;
    for (let quantified = false; ; quantified = true) {
      const range = this.quantifier();
      if (range === undefined) return node;
      if (quantified || part.kind === 'assert') throw new SyntaxError('nothing to repeat');
      // Whether it takes much or little first does not change whether there is a match
      this.take('?');
      node = { kind: 'repeat', part, least: range[0], most: range[1] };
    }
  }

  private quantifier(): readonly [number, number] | undefined {
    if (this.take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.take('?')) return [0, 1];
    const found = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.pattern.slice(this.at, this.at + 12));
    if (!found) return undefined;
    this.at += found[0].length;
    const least = Number(found[1]);
    const most = found[2] === undefined ? least : found[3] === '' ? Number.POSITIVE_INFINITY : Number(found[3]);
    if (most < least) throw new SyntaxError('range out of order');
    return [least, most];
  }

  private atom(): Node {
    const character = this.pattern[this.at++]!;
    if (character === '(') return this.group();
    if (character === '[') return { kind: 'char', test: this.set() };
    if (character === '^' || character === '$') return { kind: 'assert', what: character };
    if (character === '.') return { kind: 'char', test: (code) => code !== 10 && code !== 13 };
    if (character === '\\') return this.escape();
    if (character === '*' || character === '+' || character === '?') throw new SyntaxError('nothing to repeat');
    return this.literal(character.charCodeAt(0));
  }

  private group(): Node {
    if (this.take('?') && !this.take(':')) throw new SyntaxError('only (?: ...)');
    if (++this.depth > DEEPEST_GROUP) throw new SyntaxError('too deep');
    const node = this.choice();
    if (!this.take(')')) throw new SyntaxError('( without )');
    this.depth--;
    return node;
  }

  private escape(): Node {
    const character = this.pattern[this.at];
    if (character === 'b' || character === 'B') {
      this.at++;
      return { kind: 'assert', what: character };
    }
    if (character !== undefined && /[1-9kpP]/.test(character)) throw new SyntaxError('no references');
    const escaped = this.escaped();
    return typeof escaped === 'number' ? this.literal(escaped) : { kind: 'char', test: escaped };
  }

  /** What follows a backslash: one character's code, or a class. */
  private escaped(): number | Test {
    const character = this.pattern[this.at++];
    if (character === undefined) throw new SyntaxError('\\ at the end');
    const wide = character === 'x' ? 2 : character === 'u' ? 4 : 0;
    const code = this.pattern.slice(this.at, this.at + wide);
    if (wide > 0 && code.length === wide && /^[0-9a-f]+$/i.test(code)) {
      this.at += wide;
      return Number.parseInt(code, 16);
    }
    return CLASSES.get(character) ?? CONTROLS.get(character) ?? character.charCodeAt(0);
  }

  private set(): Test {
    const negated = this.take('^');
    const tests: Test[] = [];
    while (!this.take(']')) {
      if (this.at >= this.pattern.length) throw new SyntaxError('[ without ]');
      const from = this.member();
      if (typeof from === 'number' && this.peek() === '-' && (this.pattern[this.at + 1] ?? ']') !== ']') {
        this.at++;
        const to = this.member();
        if (typeof to !== 'number' || to < from) throw new SyntaxError('range out of order');
        tests.push(this.cased((code) => code >= from && code <= to));
      } else {
        tests.push(typeof from === 'number' ? this.cased((code) => code === from) : from);
      }
    }
    return (code) => tests.some((test) => test(code)) !== negated;
  }

  private member(): number | Test {
    if (this.take('\\')) return this.take('b') ? 8 : this.escaped();
    return this.pattern.charCodeAt(this.at++);
  }

  private literal(code: number): Node {
    return { kind: 'char', test: this.cased((other) => other === code) };
  }

  private cased(test: Test): Test {
    if (!this.anyCase) return test;
    return (code) => test(code) || test(lowerOf(code)) || test(upperOf(code));
  }

  private peek(): string | undefined {
    return this.pattern[this.at];
  }

  private take(character: string): boolean {
    if (this.pattern[this.at] !== character) return false;
    this.at++;
    return true;
  }
}

function lowerOf(code: number): number {
  return String.fromCharCode(code).toLowerCase().charCodeAt(0);
}

function upperOf(code: number): number {
  return String.fromCharCode(code).toUpperCase().charCodeAt(0);
}
