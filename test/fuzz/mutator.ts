/** Bytes that have broken parsers before: prototype keys, numbers beyond numbers, controls, markup, separators. */
const TOKENS = [
  ...[
    '\0',
    '\n',
    '\n\n',
    '\t',
    '\r',
    ' ',
    '  ',
    ';',
    ':',
    ',',
    '"',
    '\\',
    '(',
    ')',
    '[',
    ']',
    '[]',
    '{',
    '}',
    '{}',
    '#',
    '%',
  ],
  ...[
    'null',
    'true',
    '__proto__',
    'constructor',
    'NaN',
    'Infinity',
    '</script>',
    ']]>',
    '<!--',
    '&#0;',
    '&a;',
    '<!DOCTYPE',
  ],
  ...[
    '\x1b[2J',
    '\x1b]0;x\x07',
    '\u202e',
    '\ufeff',
    '\ufffd',
    '😀',
    '\ud800',
    '->',
    ' (inlined)',
    '\\u0000',
    '//',
    '/*',
  ],
].map((text) => Buffer.from(text));
const NUMBERS = [
  ...[
    '-1',
    '0',
    '1',
    '-0',
    '0.5',
    '-9',
    '1e309',
    '-1e309',
    '1e308',
    '5e-324',
    '255',
    '65536',
    '2147483648',
    '4294967295',
  ],
  ...['9007199254740993', '18446744073709551615', '99999999999999999999', '1e', '0x10', '1.5.2', '١', ''],
].map((text) => Buffer.from(text));
/** What stands in the place of any value of JSON. */
const VALUES = [
  ...['null', 'true', '-1', '0', '0.5', '1e309', '9007199254740993', '""', '"x"', '[]', '{}', '[0]', '[[]]'],
  ...['{"__proto__":1}', '"__proto__"', '"constructor"', '[null]', '"\\u0000"', '"<script>"', '[-1,1e308]'],
].map((text) => Buffer.from(text));
/** Lengths and counts of binary formats. */
const WORDS = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
const BLOCK = 300;
/** What grows beyond this only makes runs slow: depth and size have tests of their own. */
const LONGEST = 48 * 1024;
const [NEWLINE, QUOTE, BACKSLASH] = [10, 34, 92] as const;

/**
 * Breaks inputs in ways that depend on its seed alone. All changes are made in one buffer, which is kept: an input is whole until
 * the next one is made.
 */
export class Mutator {
  private readonly work = Buffer.alloc(2 * LONGEST);
  private readonly spare = Buffer.alloc(2 * LONGEST);
  private length = 0;
  private state = 1;

  constructor(seed: number) {
    this.reseed(seed);
  }

  /** Goes on as a new one of this seed would. */
  reseed(seed: number): void {
    this.state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) | 1;
  }

  /** A whole number from 0 to below `end` (xorshift32; Marsaglia 2003). */
  below(end: number): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return end === 0 ? 0 : (x >>> 0) % end;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** One to four changes of a seed. @param other what parts are taken from now and then */
  mutate(seed: Buffer, other: Buffer): Buffer<ArrayBuffer> {
    this.length = seed.copy(this.work, 0, 0, LONGEST);
    for (let left = 1 + this.below(4); left > 0; left--) this.change(other);
    this.length = Math.min(this.length, LONGEST);
    return this.work.subarray(0, this.length);
  }

  private change(other: Buffer): void {
    const { work, length } = this;
    const at = this.below(length + 1);
    const end = Math.min(length, at + this.below(BLOCK));
    switch (this.below(16)) {
      case 0:
        if (at < length) work[at] = this.below(256);
        return;
      case 1:
        if (at < length) work[at]! ^= 1 << this.below(8);
        return;
      case 2:
        // Seldom: it leaves little to read
        if (this.below(3) === 0) this.length = at;
        else this.splice(at, Math.min(length, at + 1 + this.below(4)), NOTHING);
        return;
      case 3:
        this.splice(at, at, this.pick(TOKENS));
        return;
      case 4:
        this.splice(at, Math.min(length, at + 1 + this.below(8)), this.pick(TOKENS));
        return;
      case 5:
      case 6:
        this.otherNumber(at);
        return;
      case 7:
        this.splice(at, end, NOTHING);
        return;
      case 8:
        this.double(at, end);
        return;
      case 9:
        this.swapLines(at, this.below(length + 1));
        return;
      case 10: {
        const from = this.below(other.length + 1);
        this.splice(at, end, other.subarray(from, from + this.below(BLOCK)));
        return;
      }
      case 11: {
        const word = this.pick(WORDS);
        if (at + 4 <= length) this.below(2) ? work.writeUInt32LE(word, at) : work.writeUInt32BE(word, at);
        return;
      }
      case 12:
      case 13:
        this.otherValue(at);
        return;
      case 14:
        this.withoutMember(at);
        return;
      default:
        this.double(this.lineStart(at), this.lineEnd(at));
    }
  }

  /** Puts bytes of elsewhere in the place of a part. */
  private splice(from: number, to: number, put: Uint8Array): void {
    const rest = Math.min(this.length - to, this.work.length - from - put.length);
    this.work.copyWithin(from + put.length, to, to + rest);
    this.work.set(put, from);
    this.length = from + put.length + rest;
    if (this.length > LONGEST) this.length = LONGEST;
  }

  /** A part stands twice. */
  private double(from: number, to: number): void {
    const more = to - from;
    if (this.length + more > LONGEST) return;
    this.work.copyWithin(to, from, this.length);
    this.length += more;
  }

  /** The number at or behind a place becomes another. */
  private otherNumber(at: number): void {
    let from = at;
    while (from < this.length && !isDigit(this.work[from]!)) from++;
    let end = from;
    while (end < this.length && isDigit(this.work[end]!)) end++;
    this.splice(from, end, this.pick(NUMBERS));
  }

  /** The value of JSON behind a place becomes another, even if it is a whole list or object: what is around stays valid. */
  private otherValue(at: number): void {
    const from = this.valueStart(at);
    if (from < this.length) this.splice(from, this.valueEnd(from), this.pick(VALUES));
  }

  /** An object loses a member, or a list an item, with its comma. */
  private withoutMember(at: number): void {
    let from = at;
    while (from < this.length && this.work[from] !== 44) from++;
    let end = this.valueEnd(from + 1);
    if (this.work[end] === 58) end = this.valueEnd(end + 1);
    if (from < this.length) this.splice(from, Math.min(this.length, end), NOTHING);
  }

  /** Behind the next `:`, `,` or `[`. */
  private valueStart(at: number): number {
    for (let i = at; i < this.length; i++) {
      const byte = this.work[i]!;
      if (byte === 58 || byte === 44 || byte === 91) return i + 1;
    }
    return this.length;
  }

  /** Where a value of JSON ends that starts here: at a comma, colon or bracket that is not its own. */
  private valueEnd(from: number): number {
    let depth = 0;
    let isText = false;
    for (let i = from; i < this.length; i++) {
      const byte = this.work[i]!;
      if (isText) {
        if (byte === BACKSLASH) i++;
        else if (byte === QUOTE) isText = false;
      } else if (byte === QUOTE) isText = true;
      else if (byte === 91 || byte === 123) depth++;
      else if (byte === 93 || byte === 125) {
        if (depth-- === 0) return i;
      } else if (depth === 0 && (byte === 44 || byte === 58)) return i;
    }
    return this.length;
  }

  private lineStart(at: number): number {
    return at === 0 ? 0 : Math.min(this.length, this.work.subarray(0, this.length).lastIndexOf(NEWLINE, at - 1) + 1);
  }

  /** Behind its newline, where it has one. */
  private lineEnd(at: number): number {
    const newline = this.work.subarray(0, this.length).indexOf(NEWLINE, at);
    return newline < 0 ? this.length : newline + 1;
  }

  /** Two lines change places. */
  private swapLines(one: number, another: number): void {
    const first = Math.min(one, another);
    const [a, aEnd] = [this.lineStart(first), this.lineEnd(first)];
    const second = Math.max(one, another);
    const [b, bEnd] = [this.lineStart(second), this.lineEnd(second)];
    if (aEnd > b) return;
    this.work.copy(this.spare, 0, a, bEnd);
    let at = a + this.spare.copy(this.work, a, b - a, bEnd - a);
    at += this.spare.copy(this.work, at, aEnd - a, b - a);
    this.spare.copy(this.work, at, 0, aEnd - a);
  }
}

const NOTHING = new Uint8Array(0);

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}
