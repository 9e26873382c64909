/**
 * Regular expressions that take time in proportion to the text, whatever the pattern: all ways to match are walked side
 * by side (Thompson, "Regular Expression Search Algorithm", 1968; Pike's loop), so `(a|a)*b` cannot hang a page that has
 * no other thread to put it in. Without groups that capture, look around or refer back.
 */
export type Matcher = (text: string) => boolean;

type Test = (code: number) => boolean;

type Step =
  | { readonly kind: 'char'; readonly test: Test }
  | { readonly kind: 'split'; first: number; second: number }
  | { readonly kind: 'jump'; to: number }
  | { readonly kind: 'assert'; readonly what: '^' | '$' | 'b' | 'B' }
  | { readonly kind: 'match' };

type Node =
  | { readonly kind: 'char'; readonly test: Test }
  | { readonly kind: 'assert'; readonly what: '^' | '$' | 'b' | 'B' }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Node[] }
  | Repeat;

interface Repeat {
  readonly kind: 'repeat';
  readonly part: Node;
  readonly least: number;
  readonly most: number;
}

const MOST_STEPS = 3000;
const DEEPEST_GROUP = 100;

/**
 * @param anyCase letters match both cases
 * @throws {SyntaxError} the pattern is none, or needs what cannot be done in linear time
 */
export function linearRegexp(pattern: string, anyCase: boolean): Matcher {
  const steps: Step[] = [];
  compile(new Parser(pattern, anyCase).parse(), steps);
  steps.push({ kind: 'match' });
  return (text) => run(steps, text);
}

function add(steps: Step[], step: Step): number {
  if (steps.length >= MOST_STEPS) throw new SyntaxError('too long');
  return steps.push(step) - 1;
}

function compile(node: Node, steps: Step[]): void {
  if (node.kind === 'char' || node.kind === 'assert') {
    add(steps, node);
  } else if (node.kind === 'repeat') {
    compileRepeat(node, steps);
  } else if (node.kind === 'sequence') {
    for (const part of node.parts) compile(part, steps);
  } else {
    const ends: { kind: 'jump'; to: number }[] = [];
    for (const part of node.parts.slice(0, -1)) {
      const split = { kind: 'split' as const, first: steps.length + 1, second: 0 };
      add(steps, split);
      compile(part, steps);
      const jump = { kind: 'jump' as const, to: 0 };
      ends.push(jump);
      add(steps, jump);
      split.second = steps.length;
    }
    compile(node.parts.at(-1)!, steps);
    for (const jump of ends) jump.to = steps.length;
  }
}

function compileRepeat({ part, least, most }: Repeat, steps: Step[]): void {
  for (let i = 0; i < least; i++) compile(part, steps);
  if (most === Number.POSITIVE_INFINITY) {
    const split = { kind: 'split' as const, first: steps.length + 1, second: 0 };
    const back = add(steps, split);
    compile(part, steps);
    add(steps, { kind: 'jump', to: back });
    split.second = steps.length;
    return;
  }
  const splits: { kind: 'split'; first: number; second: number }[] = [];
  for (let i = least; i < most; i++) {
    const split = { kind: 'split' as const, first: steps.length + 1, second: 0 };
    splits.push(split);
    add(steps, split);
    compile(part, steps);
  }
  for (const split of splits) split.second = steps.length;
}

function run(steps: readonly Step[], text: string): boolean {
  const seen = new Int32Array(steps.length).fill(-1);
  let now: number[] = [];
  let next: number[] = [];
  const pending: number[] = [];
  for (let at = 0; at <= text.length; at++) {
    // A match may start anywhere
    if (follow(0, at, now)) return true;
    if (at === text.length) return false;
    const code = text.charCodeAt(at);
    next.length = 0;
    for (const place of now) {
      const step = steps[place]!;
      if (step.kind === 'char' && step.test(code) && follow(place + 1, at + 1, next)) return true;
    }
    [now, next] = [next, now];
  }
  return false;

  /** Adds every step that can be reached without a character; true = a match. */
  function follow(from: number, at: number, into: number[]): boolean {
    pending.push(from);
    while (pending.length > 0) {
      const place = pending.pop()!;
      if (seen[place] === at) continue;
      seen[place] = at;
      const step = steps[place]!;
      if (step.kind === 'match') {
        pending.length = 0;
        return true;
      }
      if (step.kind === 'char') into.push(place);
      else if (step.kind === 'jump') pending.push(step.to);
      else if (step.kind === 'split') pending.push(step.second, step.first);
      else if (holds(step.what, text, at)) pending.push(place + 1);
    }
    return false;
  }
}

function holds(what: '^' | '$' | 'b' | 'B', text: string, at: number): boolean {
  if (what === '^') return at === 0;
  if (what === '$') return at === text.length;
  const edge = (at > 0 && isWord(text.charCodeAt(at - 1))) !== (at < text.length && isWord(text.charCodeAt(at)));
  return edge === (what === 'b');
}

const isDigit: Test = (code) => code >= 48 && code <= 57;
const isWord: Test = (code) =>
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
