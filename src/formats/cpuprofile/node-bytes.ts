import { FormatError, type Input } from '../format.ts';
import { jsonObject } from '../json-stream/input.ts';
import { ByteTexts } from '../text/byte-texts.ts';
import { type CpuNodes, cpuFrameWords } from './tree.ts';

/** A word that is compared four bytes at a time. */
class Word {
  readonly length: number;
  readonly parts: Int32Array;
  /** The last four bytes. */
  readonly tail: number;

  constructor(text: string) {
    const bytes = Buffer.from(text);
    this.length = bytes.length;
    this.parts = Int32Array.from({ length: bytes.length >> 2 }, (_, i) => bytes.readInt32BE(i * 4));
    this.tail = bytes.readInt32BE(bytes.length - 4);
  }
}

const START = new Word('{"id":');
const CALL = new Word(',"callFrame":');
const NAME = new Word('{"functionName":"');
const SCRIPT = new Word('","scriptId":"');
const URL = new Word('","url":"');
const LINE = new Word('","lineNumber":');
const COLUMN = new Word(',"columnNumber":');
const HITS = new Word('},"hitCount":');
const CHILDREN = new Word(',"children":[');
const TICKS = new Word(',"positionTicks":[');
const TICK_LINE = new Word('{"line":');
const TICK_COUNT = new Word(',"ticks":');

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const ZERO = 48;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const CHILDREN_LETTER = 99;
const TICKS_LETTER = 112;
const CLOSE_OBJECT = 125;

/**
 * Reads nodes as V8 writes them, byte by byte: always the same keys in the same order, without white space
 * (`ProfileNode` of the inspector protocol). A function is looked up by its text as it stands, so it becomes words only
 * once. Nodes of any other shape are left to others. On a file of a hundred megabytes this is most of the work.
 */
export class CpuNodeBytes {
  private readonly input: Input;
  private readonly nodes: CpuNodes;
  /** The functions' texts by number, and what number they have in `nodes`. */
  private readonly texts = new ByteTexts();
  private readonly calls: number[] = [];
  /** How long a script's URL is, by the hash of its id. */
  private readonly urlLengths = new Int32Array(1 << 12).fill(-1);
  private children = new Int32Array(64);
  private bytes: Uint8Array = new Uint8Array(0);
  private view = new DataView(this.bytes.buffer);
  /** The next byte; the end of the bytes where they ran out. */
  private at = 0;
  private end = 0;
  /** The integer that was read last. */
  private integer = 0;
  private hash = 0;

  constructor(input: Input, nodes: CpuNodes) {
    this.input = input;
    this.nodes = nodes;
  }

  /** @returns the byte behind the node; 0 = it has another shape; -1 = it is not all there yet, as far as one can see */
  take(bytes: Uint8Array, start: number, end: number): number {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    this.at = start;
    this.end = end;
    if (this.node()) return this.at;
    return this.at === end ? -1 : 0;
  }

  private node(): boolean {
    if (!this.skip(START) || !this.skipInteger()) return false;
    const id = this.integer;
    if (!this.skip(CALL)) return false;
    const text = this.at;
    let call = this.knownCall();
    if (call < 0) {
      this.at = text;
      call = this.newCall();
    }
    if (call < 0 || !this.skip(HITS) || !this.skipInteger()) return false;
    const hits = this.integer;
    if (hits < 0) return false;
    let children = 0;
    if (this.isNext(CHILDREN_LETTER)) {
      if (!this.skip(CHILDREN)) return false;
      children = this.readIntegers();
      if (children < 0) return false;
    }
    if (this.isNext(TICKS_LETTER) && !this.skipTicks()) return false;
    if (this.at === this.end || this.bytes[this.at] !== CLOSE_OBJECT) return false;
    this.at++;
    this.nodes.addRow(id, call, hits, this.children, children);
    return true;
  }

  /**
   * Moves to the end of a function's text (its last bracket) if it is known. Where the parts stand is guessed, as all
   * of it is compared with what is known; even the URL's end is, as a script has but one.
   * @returns the function's number; -1 = not known
   */
  private knownCall(): number {
    const text = this.at;
    this.hash = 0;
    this.at += NAME.length;
    if (!this.skipText()) return -1;
    this.at += SCRIPT.length;
    if (!this.skipText()) return -1;
    const url = this.urlLengths[this.hash & (this.urlLengths.length - 1)]!;
    this.at += URL.length + url;
    if (url < 0 || this.at >= this.end || this.bytes[this.at] !== QUOTE) return -1;
    this.at += LINE.length;
    if (!this.skipInteger()) return -1;
    this.addToHash(this.integer);
    this.at += COLUMN.length;
    if (!this.skipInteger()) return -1;
    this.addToHash(this.integer);
    const known = this.texts.find(this.hash, this.view, text, this.at);
    return known < 0 ? -1 : this.calls[known]!;
  }

  /** Reads a function's text to its last bracket. @returns the function's number; -1 = another shape */
  private newCall(): number {
    const text = this.at;
    this.hash = 0;
    if (!this.skip(NAME) || !this.skipText() || !this.skip(SCRIPT) || !this.skipText()) return -1;
    const { hash } = this;
    if (!this.skip(URL)) return -1;
    const url = this.at;
    if (!this.skipText()) return -1;
    this.urlLengths[hash & (this.urlLengths.length - 1)] = this.at - url;
    this.hash = hash;
    if (!this.skip(LINE) || !this.skipInteger()) return -1;
    this.addToHash(this.integer);
    if (!this.skip(COLUMN) || !this.skipInteger()) return -1;
    this.addToHash(this.integer);
    const known = this.texts.find(this.hash, this.view, text, this.at);
    return known < 0 ? this.addCall(text) : this.calls[known]!;
  }

  private addCall(start: number): number {
    const { bytes, at } = this;
    const call = this.callOf(Buffer.from(bytes.buffer, bytes.byteOffset + start, at - start).toString());
    if (call >= 0) this.calls[this.texts.add(this.hash, bytes, start, at)] = call;
    return call;
  }

  /**
   * The number of a function.
   * @param text its JSON without the last bracket
   * @returns -1 where it is no JSON, or of wrong types
   */
  callOf(text: string): number {
    try {
      const words = cpuFrameWords(this.input, () => '', jsonObject(this.input, '', JSON.parse(`${text}}`)), 1);
      return this.nodes.calls.intern(words);
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof FormatError) return -1;
      throw error;
    }
  }

  private addToHash(value: number): void {
    this.hash = Math.imul(this.hash ^ value, 0x9e3779b1);
  }

  private skip(word: Word): boolean {
    const { view, at } = this;
    const { length, parts } = word;
    if (this.end - at < length) return this.runOut();
    for (let i = 0; i < parts.length; i++) if (view.getInt32(at + i * 4) !== parts[i]) return false;
    this.at = at + length;
    return view.getInt32(at + length - 4) === word.tail;
  }

  private runOut(): false {
    this.at = this.end;
    return false;
  }

  /** Whether a word comes next, by its third letter. */
  private isNext(letter: number): boolean {
    return this.at + 2 < this.end && this.bytes[this.at] === COMMA && this.bytes[this.at + 2] === letter;
  }

  /** Up to the quote that ends a string. */
  private skipText(): boolean {
    const { bytes, end } = this;
    let { hash } = this;
    for (let i = this.at; i < end; i++) {
      const byte = bytes[i]!;
      if (byte === QUOTE) {
        this.at = i;
        this.hash = hash;
        return true;
      }
      // Whether an escape is one is seen when the text becomes words
      if (byte === BACKSLASH) i++;
      hash = (Math.imul(hash, 31) + byte) | 0;
    }
    return this.runOut();
  }

  /** Up to nine digits, or -1. */
  private skipInteger(): boolean {
    const { bytes, end } = this;
    let i = this.at;
    const negative = bytes[i] === MINUS;
    if (negative) i++;
    const first = i;
    let value = 0;
    for (; i < end; i++) {
      const digit = bytes[i]! - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (i === end) return this.runOut();
    const digits = i - first;
    if (digits === 0 || digits > 9 || (bytes[first] === ZERO && (digits > 1 || negative))) return false;
    this.integer = negative ? -value : value;
    this.at = i;
    return true;
  }

  /** Reads a list behind its bracket into `children`. @returns how many; -1 where they are no integers */
  private readIntegers(): number {
    for (let count = 0; ; ) {
      if (!this.skipInteger()) return -1;
      if (count === this.children.length) {
        const larger = new Int32Array(count * 2);
        larger.set(this.children);
        this.children = larger;
      }
      this.children[count++] = this.integer;
      const next = this.bytes[this.at++];
      if (next === CLOSE_ARRAY) return count;
      if (next !== COMMA) return -1;
    }
  }

  private skipTicks(): boolean {
    if (!this.skip(TICKS)) return false;
    for (;;) {
      if (!this.skip(TICK_LINE) || !this.skipInteger() || !this.skip(TICK_COUNT) || !this.skipInteger()) return false;
      if (this.end - this.at < 2) return this.runOut();
      if (this.bytes[this.at++] !== CLOSE_OBJECT) return false;
      const next = this.bytes[this.at++];
      if (next === CLOSE_ARRAY) return true;
      if (next !== COMMA) return false;
    }
  }
}
