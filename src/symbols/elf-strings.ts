import type { ElfFile } from './elf-file.ts';
import type { ElfSection } from './elf-headers.ts';

const FIRST_READ = 256;
const WINDOW = 1 << 16;
/** Longer names are none: the longest that compilers made known are some 100 kB. */
const MAX_NAME = 1 << 20;

/** Strings of a string table, read from the file one by one as they are wanted. */
export class ElfStrings {
  private readonly file: ElfFile;
  private readonly offset: number;
  private readonly size: number;
  /** Tables may share ends of strings; a table whose strings overlap a lot was made to harm. */
  private left: number;
  private window: Buffer = Buffer.alloc(0);
  private windowStart = 0;

  constructor(file: ElfFile, section: ElfSection | undefined) {
    this.file = file;
    this.offset = section?.offset ?? 0;
    this.size = section?.size ?? 0;
    this.left = 2 * Math.min(this.size, file.size) + MAX_NAME;
  }

  /** One byte of the table; 0 outside of it. For those who look at many. */
  byteAt(at: number): number {
    if (!(at >= this.windowStart && at < this.windowStart + this.window.length)) {
      this.windowStart = at;
      this.window = this.file.read(this.offset + at, Math.min(WINDOW, this.size - at));
    }
    return this.window[at - this.windowStart] ?? 0;
  }

  /** The string that begins at a byte of the table; '' where none does, or it has no end. */
  at(start: number): string {
    for (let length = FIRST_READ; ; length *= 4) {
      const most = Math.min(length, this.size - start, MAX_NAME);
      if (most <= 0 || this.left <= 0) return '';
      const bytes = this.file.read(this.offset + start, most);
      const end = bytes.indexOf(0);
      if (end !== -1) {
        this.left -= end;
        return bytes.toString('utf8', 0, end);
      }
      if (bytes.length < length) {
        this.left -= bytes.length;
        return '';
      }
    }
  }
}
