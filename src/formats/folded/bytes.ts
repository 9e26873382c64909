import { constants as bufferConstants } from 'node:buffer';
import { UserError } from '../../errors.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Input, Notes } from '../format.ts';
import { ByteKeys, HASH_SEED, hashWord, viewOf } from '../text/byte-keys.ts';
import { FoldedLines, longerPath } from './lines.ts';
import type { FoldedStacks } from './stacks.ts';

/** Fits a core's own cache; a longer line makes it longer. */
const WINDOW = 1 << 20;
const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const BLANK = 32;
const HASH = 35;
const SEMICOLON = 59;
/** Longer numbers may not be exact. */
const DIGITS = 15;
/** Bytes behind the window, so that what stands at its end can be read by whole words. */
const SLACK = 4;

/**
 * Reads folded text in UTF-8 through a window of bytes. A label that was seen before makes no text, and the callers that
 * a line shares with the line before it, as sorted files have them, are not even looked up. Lines of any shape but
 * `frame;frame COUNT` are given to the reader by lines. Memory grows with what is distinct, and by 12 bytes a line.
 */
export class FoldedBytes {
  private readonly input: Input;
  private readonly stacks: FoldedStacks;
  private readonly odd: FoldedLines;
  private bytes: Buffer;
  private window: Buffer;
  private view: DataView;
  private keys = new ByteKeys();
  /** The last stack: its frames, where each ends behind the start of the line, and where the line lies. */
  private path = new Int32Array(64);
  private ends = new Int32Array(64);
  private depth = 0;
  /** The lines so far stand in the order of their bytes, each stack once. */
  private ascending = true;
  private lastStart = 0;
  private lastLength = 0;

  /** @param size of the window in bytes, for tests */
  constructor(input: Input, stacks: FoldedStacks, size = WINDOW) {
    this.input = input;
    this.stacks = stacks;
    this.odd = new FoldedLines(input, stacks);
    this.bytes = Buffer.allocUnsafeSlow(size + SLACK);
    this.window = this.bytes.subarray(0, size);
    this.view = viewOf(this.bytes);
  }

  /** @throws {UserError} a line longer than a text can be, or nothing that can be used */
  async read(notes: Notes): Promise<Profile> {
    let filled = 0;
    let start = hasMark(this.input.head) ? 3 : 0;
    await this.input.readInto(
      () => this.window.subarray(filled),
      (length) => {
        filled += length;
        if (filled < this.window.length) return;
        const done = this.lines(start, filled);
        if (done === start) this.grow();
        this.window.copyWithin(0, done, filled);
        filled -= done;
        start = 0;
      },
    );
    const done = this.lines(start, filled);
    if (done < filled) this.oddLine(done, filled);
    return this.odd.end(notes);
  }

  private grow(): void {
    const { length } = this.window;
    if (length > bufferConstants.MAX_STRING_LENGTH)
      throw new UserError(`${this.input.name} has a line that is too long`);
    const longer = Buffer.allocUnsafeSlow(length * 2 + SLACK);
    this.window.copy(longer);
    this.bytes = longer;
    this.window = longer.subarray(0, length * 2);
    this.view = viewOf(longer);
  }

  /**
   * Reads the whole lines between two places of the window.
   * @returns where the rest starts
   */
  private lines(from: number, to: number): number {
    const text = this.window.subarray(0, to);
    let start = from;
    let passed = 0;
    this.depth = 0;
    for (;;) {
      const end = text.indexOf(NEWLINE, start);
      if (end < 0) break;
      if (this.line(start, end)) passed++;
      else {
        this.odd.passed(passed);
        passed = 0;
        this.oddLine(start, end);
      }
      start = end + 1;
    }
    this.odd.passed(passed);
    return start;
  }

  private oddLine(from: number, to: number): void {
    const end = to > from && this.window[to - 1] === RETURN ? to - 1 : to;
    const numbered = this.stacks.maybeDifferential;
    this.odd.line(this.window.toString('utf8', from, end));
    this.depth = 0;
    this.ascending &&= this.stacks.sampleCount === 0;
    if (numbered !== this.stacks.maybeDifferential) this.keys = new ByteKeys();
  }

  /** @returns false where the line has another shape than `frame;frame COUNT`; then nothing was done */
  private line(start: number, end: number): boolean {
    const { window, stacks } = this;
    const first = window[start]!;
    if (first === HASH || first === BLANK || first === TAB) return false;
    let cut = countStart(window, start, end) - 1;
    if (cut <= start || isBlank(window[cut - 1]!)) return false;
    const weight = decimal(window, cut + 1, end);
    if (!stacks.maybeDifferential) {
      this.stack(start, cut);
      stacks.add(this.path, this.depth, weight, this.ascending);
      return true;
    }
    // Until it is known which of the two it is, a file goes by the rarer shape
    const last = cut;
    cut = countStart(window, start, last) - 1;
    if (cut <= start || isBlank(window[cut - 1]!) || window[cut] !== BLANK) return false;
    if (window[cut + 1] === 48 && last > cut + 2) return false;
    const before = decimal(window, cut + 1, last);
    this.stack(start, cut);
    stacks.addTwo(this.path, this.depth, before, weight);
    return true;
  }

  /** Puts the frames of the text into the path; those that it shares with the line before are there already. */
  private stack(start: number, cut: number): void {
    const { window, view } = this;
    let depth = this.sharedDepth(start, cut);
    let at = depth === 0 ? start : start + this.ends[depth - 1]! + 1;
    while (at <= cut) {
      const from = at;
      let hash = HASH_SEED;
      for (;;) {
        const word = view.getInt32(at, true);
        // The highest bit of the first byte that is a semicolon (Warren, Hacker's Delight, 6-1), perhaps of later ones
        const zero = word ^ 0x3b3b3b3b;
        const found = (zero - 0x01010101) & ~zero & 0x80808080;
        if (found === 0 && at + 4 <= cut) {
          hash = hashWord(hash, word);
          at += 4;
          continue;
        }
        const left = Math.min(found === 0 ? 4 : (31 - Math.clz32(found & -found)) >> 3, cut - at);
        hash = hashWord(hash, word & ((1 << (left * 8)) - 1));
        at += left;
        break;
      }
      let frame = this.keys.get(hash, view, from, at);
      if (frame < 0) {
        frame = this.stacks.frame(window.toString('utf8', from, at));
        this.keys.set(hash, window, from, at, frame);
      }
      if (depth === this.path.length) {
        this.path = longerPath(this.path);
        this.ends = longerPath(this.ends);
      }
      this.path[depth] = frame;
      this.ends[depth++] = at - start;
      at++;
    }
    this.depth = depth;
    this.lastStart = start;
    this.lastLength = cut - start;
  }

  /** How many of the last line's frames the line at `start` begins with. */
  private sharedDepth(start: number, cut: number): number {
    let { depth } = this;
    if (depth === 0) return 0;
    const { window, view, ends } = this;
    const last = this.lastStart;
    const length = cut - start;
    const most = Math.min(this.lastLength, length);
    let same = 0;
    while (same + 4 <= most && view.getInt32(start + same) === view.getInt32(last + same)) same += 4;
    while (same < most && window[start + same] === window[last + same]) same++;
    if (same < most ? window[start + same]! < window[last + same]! : length <= this.lastLength) this.ascending = false;
    while (depth > 0 && ends[depth - 1]! > same) depth--;
    // Equal up to the end of a frame: it is the same frame only if it ends here as well
    if (depth > 0 && ends[depth - 1] === same && start + same < cut && window[start + same] !== SEMICOLON) depth--;
    return depth;
  }
}

/** Where the digits before `end` start, behind a blank; 0 where none stand there, or too many. */
export function countStart(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && bytes[at - 1]! >= 48 && bytes[at - 1]! <= 57) at--;
  return at < end && end - at <= DIGITS && at > start && isBlank(bytes[at - 1]!) ? at : 0;
}

export function decimal(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) value = value * 10 + bytes[at]! - 48;
  return value;
}

export function isBlank(byte: number): boolean {
  return byte === BLANK || byte === TAB;
}

/** A byte order mark. */
export function hasMark(head: Uint8Array): boolean {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
}
