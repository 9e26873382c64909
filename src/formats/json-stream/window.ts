import { constants as bufferConstants } from 'node:buffer';
import { FormatError, type Input } from '../format.ts';

const START_BYTES = 1 << 20;
const NEWLINE = 10;
const QUOTE = 34;
const BACKSLASH = 92;

/** The text is no JSON, from some byte on. */
export class JsonSyntaxError extends FormatError {
  /** It was JSON up to the last byte. */
  readonly cut: boolean;
  /** What stands where no such byte may. */
  readonly byte: number | undefined;

  constructor(input: Input, where: string, byte?: number) {
    const cut = byte === undefined;
    const what = cut ? 'the JSON ends too early' : 'this is not valid JSON';
    super(input, where, what, cut ? 'the file was cut: record or copy it again' : undefined);
    this.cut = cut;
    this.byte = byte;
  }
}

/** What a byte in a string is: 0 stands for itself, 1 ends it, 2 escapes, 3 is not allowed, 4 is part of a character. */
const stringBytes = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === QUOTE ? 1 : byte === BACKSLASH ? 2 : byte < 32 ? 3 : byte < 128 ? 0 : 4,
);
const escapes: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'));

/** One of 0-9, a-f, A-F. */
export function isHexDigit(byte: number): boolean {
  const lower = byte | 32;
  return (byte >= 48 && byte <= 57) || (lower >= 97 && lower <= 102);
}

/**
 * The part of a JSON text that is in memory, UTF-8 without its byte order mark. What was read makes room for what comes;
 * it only grows where a single token is longer.
 */
export class JsonWindow {
  bytes: Buffer = Buffer.allocUnsafeSlow(START_BYTES);
  /** The next byte to read. */
  pos = 0;
  /** Where the bytes that are there end. */
  end = 0;
  /** No more bytes come. */
  last = false;
  private readonly input: Input;
  /** Where it goes on. */
  private next: Buffer | undefined;
  /** How many bytes came before `bytes[0]`. */
  private base = 0;
  private line = 1;
  /** The byte of the whole text at which the line starts. */
  private lineStart = 0;
  private countsLines = true;
  /** Of the string that was found last: it has escapes; it has characters beyond ASCII. */
  private escaped = false;
  private wide = false;

  constructor(input: Input) {
    this.input = input;
  }

  /** Where the next bytes go. */
  room(): Uint8Array {
    const rest = this.end - this.pos;
    const moves = this.next !== undefined && rest <= this.next.length >> 1;
    if (moves || this.bytes.length - this.end < this.bytes.length >> 1) {
      const needed = !moves && rest > this.bytes.length >> 1;
      if (needed && rest * 2 > bufferConstants.MAX_LENGTH) throw this.tooLong();
      const target = moves ? this.next! : needed ? Buffer.allocUnsafeSlow(this.bytes.length * 2) : this.bytes;
      if (moves) this.next = undefined;
      this.bytes.copy(target, 0, this.pos, this.end);
      this.base += this.pos;
      this.bytes = target;
      this.pos = 0;
      this.end = rest;
    }
    return this.bytes.subarray(this.end);
  }

  /** Goes on in this memory as soon as what is left has room there: who reads in it need not copy. */
  continueIn(bytes: Buffer): void {
    this.next = bytes;
  }

  /** Skips the byte order mark, at the start. */
  skipMark(): void {
    if (this.bytes[0] !== 0xef || this.bytes[1] !== 0xbb || this.bytes[2] !== 0xbf || this.end < 3) return;
    this.pos = 3;
    this.lineStart = 3;
  }

  /** Moves on to a byte, over line ends that nobody counts: places are told by their byte from here on. */
  skipTo(pos: number): void {
    this.pos = pos;
    this.countsLines = false;
  }

  /** The next byte that is no white space; -1 where there is none yet. */
  peek(): number {
    const { bytes, end } = this;
    for (let i = this.pos; i < end; i++) {
      const byte = bytes[i]!;
      if (byte > 32) {
        this.pos = i;
        return byte;
      }
      if (byte === NEWLINE) {
        this.line++;
        this.lineStart = this.base + i + 1;
      } else if (byte !== 32 && byte !== 13 && byte !== 9) throw this.wrong(i);
    }
    this.pos = end;
    return -1;
  }

  /** The quote that ends the string whose quote is at `pos`; -1 where it is not there yet. */
  stringEnd(): number {
    const { bytes, end } = this;
    this.escaped = false;
    this.wide = false;
    for (let i = this.pos + 1; i < end; i++) {
      const what = stringBytes[bytes[i]!]!;
      if (what === 0) continue;
      if (what === 1) return i;
      if (what === 4) this.wide = true;
      else if (what === 3) throw this.wrong(i);
      else {
        this.escaped = true;
        i = this.escapeEnd(i + 1);
        if (i < 0) return -1;
      }
    }
    return -1;
  }

  /** @returns the last byte of an escape whose second byte is at `at`; -1 where it is not there yet */
  private escapeEnd(at: number): number {
    const { bytes, end } = this;
    if (at >= end) return -1;
    if (bytes[at] !== 117) {
      if (!escapes.has(bytes[at]!)) throw this.wrong(at);
      return at;
    }
    for (let i = at + 1; i <= at + 4; i++) {
      if (i >= end) return -1;
      if (!isHexDigit(bytes[i]!)) throw this.wrong(i);
    }
    return at + 4;
  }

  /** The string from the quote at `pos` to the one at `close`, which {@link stringEnd} has just found. */
  text(close: number): string {
    if (close - this.pos > bufferConstants.MAX_STRING_LENGTH) throw this.tooLong();
    if (this.escaped) return JSON.parse(this.bytes.toString('utf8', this.pos, close + 1)) as string;
    return this.bytes.toString(this.wide ? 'utf8' : 'latin1', this.pos + 1, close);
  }

  /** Whether {@link text} is just the bytes. */
  get plain(): boolean {
    return !this.escaped && !this.wide;
  }

  /** Moves behind `word`, of which the first byte is at `pos`; false where it is not all there yet. */
  word(word: string): boolean {
    for (let i = 1; i < word.length; i++) {
      if (this.pos + i >= this.end) return false;
      if (this.bytes[this.pos + i] !== word.charCodeAt(i)) throw this.wrong(this.pos + i);
    }
    this.pos += word.length;
    return true;
  }

  /** The number at `pos`, and moves behind it; NaN where its end is not there yet. */
  number(): number {
    const { bytes, end, pos } = this;
    let i = pos;
    const negative = bytes[i] === 45;
    if (negative) i++;
    const start = i;
    let whole = 0;
    for (; i < end; i++) {
      const digit = bytes[i]! - 48;
      if (digit < 0 || digit > 9) break;
      whole = whole * 10 + digit;
    }
    const digits = i - start;
    if (i < end) {
      if (digits === 0) throw this.wrong(i);
      if (digits > 1 && bytes[start] === 48) throw this.wrong(start + 1);
      const next = bytes[i]!;
      if (next !== 46 && (next | 32) !== 101) {
        const value = digits <= 15 ? whole : Number(bytes.toString('latin1', start, i));
        this.pos = i;
        return negative ? -value : value;
      }
      i = this.fractionEnd(i);
      if (i > 0) return this.decimal(i);
    } else if (this.last && digits > 0) {
      if (digits > 1 && bytes[start] === 48) throw this.wrong(start + 1);
      return this.decimal(i);
    }
    return Number.NaN;
  }

  /** @returns where a number ends of which `.` or `e` is at `at`; -1 where that is not there yet */
  private fractionEnd(at: number): number {
    const { bytes, end } = this;
    let i = at;
    let from = i;
    if (bytes[i] === 46) {
      from = ++i;
      while (i < end && bytes[i]! >= 48 && bytes[i]! <= 57) i++;
      if (i < end && i === from) throw this.wrong(i);
    }
    if (i < end && (bytes[i]! | 32) === 101) {
      i++;
      if (i < end && (bytes[i] === 43 || bytes[i] === 45)) i++;
      from = i;
      while (i < end && bytes[i]! >= 48 && bytes[i]! <= 57) i++;
      if (i < end && i === from) throw this.wrong(i);
    }
    return i < end || (this.last && i > from) ? i : -1;
  }

  private decimal(end: number): number {
    const value = Number(this.bytes.toString('latin1', this.pos, end));
    this.pos = end;
    return value;
  }

  wrong(at: number): JsonSyntaxError {
    return new JsonSyntaxError(this.input, this.where(at), this.bytes[at]!);
  }

  cut(): JsonSyntaxError {
    return new JsonSyntaxError(this.input, this.where(this.end));
  }

  /** Lines that are no longer in memory are told by the byte, as nobody can count their columns. */
  private where(at: number): string {
    const start = this.lineStart - this.base;
    if (start < 0 || !this.countsLines) return `byte ${this.base + at + 1}`;
    return `line ${this.line}, column ${this.bytes.toString('utf8', start, at).length + 1}`;
  }

  private tooLong(): FormatError {
    return new FormatError(
      this.input,
      `byte ${this.base + this.pos + 1}`,
      'this text is too long to be held in memory',
    );
  }
}
