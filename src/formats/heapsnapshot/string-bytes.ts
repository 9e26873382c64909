import { HeapStrings } from '../../heap/strings.ts';
import { FormatError, type Input } from '../format.ts';
import { typeOf } from '../json-stream/input.ts';
import type { ElementRun, Shape } from '../json-stream/shape.ts';
import { isHexDigit } from '../json-stream/window.ts';
import { grownTo } from './rooms.ts';

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const NEWLINE = 10;
const SPACE = 32;

/** Places in them are numbers of 32 bits. */
const MOST_BYTES = 0xffffffff;

/** The strings of a snapshot, as they come in: copied as they stand, never decoded. */
export class StringBytes implements ElementRun {
  behind = 0;
  readonly overLines = true;
  readonly goesOn = true;
  private bytes: Buffer = Buffer.allocUnsafeSlow(1 << 16);
  private filled = 0;
  private starts: Uint32Array = new Uint32Array(1 << 12);
  private count = 0;
  private readonly input: Input;

  constructor(input: Input) {
    this.input = input;
  }

  shape(): Shape {
    return { run: this, each: (value, index) => this.each(value, index) };
  }

  strings(): HeapStrings {
    this.starts[this.count] = this.filled;
    return new HeapStrings(this.bytes.subarray(0, this.filled), this.starts.slice(0, this.count + 1));
  }

  /** Takes strings without escapes, and with those of one letter; the others come through `each`. */
  take(bytes: Buffer, start: number, end: number): number {
    let count = 0;
    let pos = start;
    for (;;) {
      let open = pos;
      if (bytes[open] === NEWLINE) open++;
      if (open >= end || bytes[open] !== QUOTE) return count;
      const close = closingQuote(bytes, open + 1, end);
      if (close < 0 || close + 1 >= end || bytes[close + 1] !== COMMA) return count;
      this.add(bytes, open + 1, close);
      count++;
      pos = close + 2;
      this.behind = pos;
    }
  }

  private each(value: unknown, index: number): void {
    if (typeof value !== 'string') {
      throw new FormatError(this.input, `$.strings[${index}]`, `expected a string, found ${typeOf(value)}`);
    }
    const bytes = Buffer.from(JSON.stringify(value));
    this.add(bytes, 1, bytes.length - 1);
  }

  private add(bytes: Buffer, from: number, to: number): void {
    const needed = this.filled + to - from;
    if (needed > this.bytes.length) {
      if (needed > MOST_BYTES) throw new FormatError(this.input, '$.strings', 'its texts are too long');
      const longer = Buffer.allocUnsafeSlow(Math.min(MOST_BYTES, Math.max(needed, this.bytes.length * 2)));
      this.bytes.copy(longer, 0, 0, this.filled);
      this.bytes = longer;
    }
    bytes.copy(this.bytes, this.filled, from, to);
    if (this.count + 1 >= this.starts.length) this.starts = grownTo(this.starts, this.count + 2, 0xffffffff);
    this.starts[this.count++] = this.filled;
    this.filled = needed;
  }
}

/** @returns the quote that ends a string; -1 where it is not there, or something stands before it that needs a closer look */
function closingQuote(bytes: Buffer, from: number, end: number): number {
  for (let i = from; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) return i;
    if (byte < SPACE) return -1;
    if (byte !== BACKSLASH) continue;
    const letter = bytes[++i]!;
    if (letter === 117) {
      for (let k = 1; k <= 4; k++) if (i + k >= end || !isHexDigit(bytes[i + k]!)) return -1;
      i += 4;
    } else if (!isEscape(letter)) return -1;
  }
  return -1;
}

/** One of `"\/bfnrt`. */
function isEscape(byte: number): boolean {
  return (
    byte === QUOTE ||
    byte === BACKSLASH ||
    byte === 47 ||
    byte === 98 ||
    byte === 102 ||
    byte === 110 ||
    byte === 114 ||
    byte === 116
  );
}
