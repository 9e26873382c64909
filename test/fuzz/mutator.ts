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
/** Lengths and counts of binary formats. */
const WORDS = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
const BLOCK = 300;
/** What grows beyond this only makes runs slow: depth and size have tests of their own. */
const LONGEST = 48 * 1024;

/** Breaks inputs in ways that depend on its seed alone. */
export class Mutator {
  private state: number;

  constructor(seed: number) {
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
  mutate(seed: Buffer, other: Buffer): Buffer {
    let bytes = Buffer.from(seed);
    for (let left = 1 + this.below(4); left > 0; left--) bytes = this.changed(bytes, other);
    return bytes.length > LONGEST ? bytes.subarray(0, LONGEST) : bytes;
  }

  private changed(bytes: Buffer<ArrayBuffer>, other: Buffer): Buffer<ArrayBuffer> {
    const at = this.below(bytes.length + 1);
    const end = Math.min(bytes.length, at + this.below(BLOCK));
    switch (this.below(13)) {
      case 0:
        if (at < bytes.length) bytes[at] = this.below(256);
        return bytes;
      case 1:
        if (at < bytes.length) bytes[at]! ^= 1 << this.below(8);
        return bytes;
      case 2:
        return bytes.subarray(0, at);
      case 3:
        return spliced(bytes, at, at, this.pick(TOKENS));
      case 4:
        return spliced(bytes, at, Math.min(bytes.length, at + 1 + this.below(8)), this.pick(TOKENS));
      case 5:
      case 6:
        return this.otherNumber(bytes, at);
      case 7:
        return spliced(bytes, at, end, Buffer.alloc(0));
      case 8:
        return spliced(bytes, at, at, bytes.subarray(at, end));
      case 9:
        return this.swappedLines(bytes);
      case 10: {
        const from = this.below(other.length + 1);
        return spliced(bytes, at, end, other.subarray(from, from + this.below(BLOCK)));
      }
      case 11: {
        const word = this.pick(WORDS);
        if (at + 4 <= bytes.length) this.below(2) ? bytes.writeUInt32LE(word, at) : bytes.writeUInt32BE(word, at);
        return bytes;
      }
      default:
        return this.doubledLine(bytes);
    }
  }

  /** The number at or behind a place becomes another. */
  private otherNumber(bytes: Buffer<ArrayBuffer>, at: number): Buffer<ArrayBuffer> {
    let from = at;
    while (from < bytes.length && !isDigit(bytes[from]!)) from++;
    let end = from;
    while (end < bytes.length && isDigit(bytes[end]!)) end++;
    return spliced(bytes, from, end, this.pick(NUMBERS));
  }

  private swappedLines(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
    const lines = bytes.toString('latin1').split('\n');
    const [a, b] = [this.below(lines.length), this.below(lines.length)];
    [lines[a], lines[b]] = [lines[b]!, lines[a]!];
    return Buffer.from(lines.join('\n'), 'latin1');
  }

  private doubledLine(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
    const at = this.below(bytes.length + 1);
    const from = bytes.lastIndexOf('\n', at - 1) + 1;
    const newline = bytes.indexOf('\n', at);
    return spliced(bytes, from, from, bytes.subarray(from, newline < 0 ? bytes.length : newline + 1));
  }
}

function spliced(bytes: Buffer, from: number, to: number, put: Uint8Array): Buffer<ArrayBuffer> {
  return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(to)]);
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}
