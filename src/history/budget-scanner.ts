import { UserError } from '../errors.ts';
import type { NamePattern } from './budget-expression.ts';
import type { CheckLimit } from './check-report.ts';

/** One step of a path: `.median`, `['a b']`, `('JSON.parse')`, `(/re/i)`. */
export interface Segment {
  readonly pattern: NamePattern;
  /** It stood in parentheses: a name, never a number. */
  readonly isArgument: boolean;
}

interface Amount {
  readonly sign: '' | '+' | '-';
  readonly amount: number;
  readonly unit: string;
  /** Where it begins. */
  readonly start: number;
}

const BLANK = /\s*/y;
const WORD = /[a-z_]+/iy;
/** Percentiles have a dot in them. */
const PERCENTILE = /p(?:\(\s*(\d+(?:\.\d+)?)\s*\)|(\d+(?:\.\d+)?))(?![\w*-]|\s*[.[(])/iy;
const BARE = /[\p{L}\p{N}_$*:@/+-]+/uy;
const OPERATOR = /<=|>=|==|!=|<|>|=/y;
const AMOUNT = /([+-]?)\s*(\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?)\s*(%|[a-zµμ]*(?:\/[a-z]+)?)/iy;
const REGEXP = /\/((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([a-z]*)/y;

/** Goes through the text of a budget, and knows where it is. */
export class BudgetScanner {
  position = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
    this.blank();
  }

  /** Where the next thing begins. */
  next(): number {
    this.blank();
    return this.position;
  }

  /** @returns undefined where none begins */
  word(): string | undefined {
    this.blank();
    return this.take(WORD)?.[0];
  }

  keyword(word: string): boolean {
    const before = this.position;
    if (this.word() === word) return true;
    this.position = before;
    return false;
  }

  /** All steps of a path, up to what is no step. @throws {UserError} one is broken */
  segments(): Segment[] {
    const found: Segment[] = [];
    for (;;) {
      this.blank();
      const open = this.text[this.position];
      if (open === '.') {
        this.position++;
        found.push({ pattern: this.bare(), isArgument: false });
      } else if (open === '[' || open === '(') {
        this.position++;
        found.push({ pattern: this.argument(), isArgument: open === '(' });
        this.blank();
        const close = open === '[' ? ']' : ')';
        if (this.text[this.position] !== close) throw this.wrong(`here '${close}' is missing`);
        this.position++;
      } else return found;
    }
  }

  operator(): CheckLimit['operator'] {
    this.blank();
    const start = this.position;
    const operator = this.take(OPERATOR)?.[0];
    if (operator === '=') throw this.wrong("'=' compares nothing", 'use <, <=, >, >=, == or !=', start);
    if (operator === undefined) throw this.wrong('a comparison is missing', 'such as < 5ms');
    return operator as CheckLimit['operator'];
  }

  amount(): Amount {
    this.blank();
    const start = this.position;
    const [, sign, digits, unit] = this.take(AMOUNT) ?? [];
    if (digits === undefined) throw this.wrong('a limit is missing', 'such as 5ms, 64KiB, 20%, +5% of baseline');
    // `5 of baseline`: the word is no unit
    const isWord = unit === 'of';
    if (isWord) this.position -= 2;
    return {
      sign: sign as Amount['sign'],
      amount: Number(digits.replaceAll('_', '')),
      unit: isWord ? '' : unit!.replace('μ', 'µ'),
      start,
    };
  }

  end(): void {
    this.blank();
    if (this.position < this.text.length) {
      throw this.wrong(
        `'${this.text.slice(this.position, this.position + 20)}' is too much`,
        'one comparison a budget',
      );
    }
  }

  /** @param at where; default: here */
  wrong(what: string, hint?: string, at = this.position): UserError {
    return new UserError(`budget ${JSON.stringify(this.text)}, column ${at + 1}: ${what}`, {
      hint: hint ?? "budgets look like 'bench.parse.median < 1us' or 'load.p(99) < 50ms'",
    });
  }

  private bare(): NamePattern {
    this.blank();
    const percentile = this.take(PERCENTILE);
    if (percentile !== undefined) return { kind: 'text', text: `p(${percentile[1] ?? percentile[2]})` };
    const word = this.take(BARE)?.[0];
    if (word === undefined)
      throw this.wrong("a name is missing after '.'", "names with other characters stand in quotes: bench['a b'].mean");
    return { kind: word.includes('*') ? 'glob' : 'text', text: word };
  }

  /** `'text'`, `"text"` or `/regexp/`. */
  private argument(): NamePattern {
    this.blank();
    const start = this.position;
    const quote = this.text[start];
    if (quote === '/') return this.regexp();
    if (quote !== "'" && quote !== '"') throw this.wrong('a name in quotes or a /regexp/ is missing');
    let text = '';
    for (let at = start + 1; at < this.text.length; at++) {
      const character = this.text[at]!;
      if (character === quote) {
        this.position = at + 1;
        return { kind: text.includes('*') ? 'glob' : 'text', text };
      }
      text += character === '\\' && at + 1 < this.text.length ? this.text[++at] : character;
    }
    throw this.wrong(`the ${quote} that begins here has no end`, undefined, start);
  }

  private regexp(): NamePattern {
    const start = this.position;
    const [, source, flags] = this.take(REGEXP) ?? [];
    if (source === undefined) throw this.wrong('the / that begins here has no end', undefined, start);
    try {
      // Without `g` and `y`, whose state would make every other test of a name fail
      return { kind: 'regexp', pattern: new RegExp(source, `${flags!.replace(/[gyuv]/g, '')}u`) };
    } catch (error) {
      throw this.wrong(`it is no regular expression (${(error as Error).message})`, undefined, start);
    }
  }

  private blank(): void {
    this.take(BLANK);
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text);
    if (match === null) return undefined;
    this.position = pattern.lastIndex;
    return match;
  }
}
