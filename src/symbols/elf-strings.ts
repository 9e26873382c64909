import type { ElfFile } from './elf-file.ts';
import type { ElfSection } from './elf-headers.ts';

/** Names that belong together stand together: most of those that are asked for next are in what was read last. */
const WINDOW = 1 << 13;
/** Longer names are none: the longest that compilers made known are some 100 kB. */
const MAX_NAME = 1 << 20;

/** What strings are read from: a file, or a section that was inflated. */
type StringBytes = Pick<ElfFile, 'size' | 'read'>;

/** Strings of a string table, read from the file piece by piece as they are wanted. */
export class ElfStrings {
  private readonly file: StringBytes;
  private readonly offset: number;
  private readonly size: number;
  /** Tables may share ends of strings; a table whose strings overlap a lot was made to harm. */
  private left: number;
  private window: Buffer = Buffer.alloc(0);
  private windowStart = 0;

  constructor(file: StringBytes, section: Pick<ElfSection, 'offset' | 'size'> | undefined) {
    this.file = file;
    this.offset = section?.offset ?? 0;
    this.size = section?.size ?? 0;
    this.left = 2 * Math.min(this.size, file.size) + MAX_NAME;
  }

  /** One byte of the table; 0 outside of it. */
  byteAt(at: number): number {
    if (this.windowOffset(at) === -1) this.read(at, WINDOW);
    return this.window[at - this.windowStart] ?? 0;
  }

  /** The string that begins at a byte of the table; '' where none does, or it has no end. */
  at(start: number): string {
    const from = this.windowOffset(start);
    let end = from === -1 ? -1 : this.window.indexOf(0, from);
    for (let length = WINDOW; end === -1 && length <= MAX_NAME && this.left > 0; length *= 8) {
      this.read(start, length);
      end = this.window.indexOf(0);
      if (end === -1) this.left -= this.window.length;
    }
    if (end === -1) return '';
    this.left -= end - (start - this.windowStart);
    return this.window.toString('utf8', start - this.windowStart, end);
  }

  private windowOffset(at: number): number {
    return at >= this.windowStart && at < this.windowStart + this.window.length ? at - this.windowStart : -1;
  }

  private read(at: number, length: number): void {
    this.windowStart = at;
    this.window = this.file.read(this.offset + at, Math.min(length, this.size - at));
  }
}
