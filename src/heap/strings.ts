const BACKSLASH = 92;

/**
 * The strings of a snapshot, kept as they stand in the file (UTF-8, JSON escapes, without quotes) and made strings when
 * they are asked for: a snapshot has millions, a report shows some hundred.
 */
export class HeapStrings {
  private readonly bytes: Buffer;
  /** Where each string starts, and where the last ends. */
  private readonly starts: Uint32Array | Float64Array;
  /** What was added by {@link add}. */
  private readonly added: { readonly text: string; readonly origin: number }[] = [];

  /** @param starts count + 1 offsets into `bytes` */
  constructor(bytes: Buffer, starts: Uint32Array | Float64Array) {
    this.bytes = bytes;
    this.starts = starts;
  }

  get count(): number {
    return this.fileCount + this.added.length;
  }

  /** Those that the file has. */
  get fileCount(): number {
    return this.starts.length - 1;
  }

  /** @param index below `count` */
  text(index: number): string {
    const own = this.starts.length - 1;
    if (index >= own) return this.added[index - own]!.text;
    const start = this.starts[index]!;
    const end = this.starts[index + 1]!;
    const { bytes } = this;
    let wide = false;
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!;
      if (byte === BACKSLASH) return JSON.parse(`"${bytes.toString('utf8', start, end)}"`) as string;
      if (byte >= 128) wide = true;
    }
    return bytes.toString(wide ? 'utf8' : 'latin1', start, end);
  }

  /** Bytes that the string takes in the file: a measure of its length that costs nothing. */
  byteLength(index: number): number {
    const own = this.starts.length - 1;
    if (index >= own) return Buffer.byteLength(this.added[index - own]!.text);
    return this.starts[index + 1]! - this.starts[index]!;
  }

  /**
   * Puts a string behind the others.
   * @param origin the file's string that it stands for
   * @returns its index
   */
  add(text: string, origin: number): number {
    this.added.push({ text, origin });
    return this.count - 1;
  }

  /** Index of the file's string that a string is, or was made of. */
  origin(index: number): number {
    return index < this.fileCount ? index : this.added[index - this.fileCount]!.origin;
  }

  /** Indexes, in ascending order, of the file's strings in which `word` (ASCII without escapes) stands. */
  containing(word: string): number[] {
    const { bytes, starts } = this;
    const found: number[] = [];
    for (let at = bytes.indexOf(word); at >= 0; ) {
      const index = this.indexAt(at);
      const end = starts[index + 1]!;
      // The word may begin in one string and end in the next
      if (at + word.length <= end) found.push(index);
      at = bytes.indexOf(word, at + word.length <= end ? end : at + 1);
    }
    return found;
  }

  /** Index of the string whose text is `text`; -1 where there is none. ASCII without escapes only. */
  find(text: string): number {
    const { bytes, starts } = this;
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) {
      const index = this.indexAt(at);
      if (starts[index] === at && starts[index + 1] === at + text.length) return index;
    }
    return -1;
  }

  /** The string in which a byte stands. */
  private indexAt(at: number): number {
    const { starts } = this;
    let low = 0;
    let high = starts.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (starts[middle]! <= at) low = middle;
      else high = middle;
    }
    return low;
  }
}
