/** More than the recordings of one run have. */
const MOST = 1 << 18;

/**
 * Names that were looked up before: what is asked for while a program is recorded costs nothing when the recording has
 * ended. Files that changed are other files.
 */
export class KnownNames {
  private readonly files = new Map<string, Map<number, string>>();
  private count = 0;

  /**
   * @param files that names are looked up in, and their state
   * @param offsets ascending
   * @param look finds what is not known yet; gets offsets, ascending
   * @returns of each offset its name
   */
  names(files: string, offsets: Float64Array, look: (left: Float64Array) => readonly string[]): string[] {
    const known = this.of(files);
    const left = offsets.filter((offset) => !known.has(offset));
    if (left.length > 0) {
      const found = look(left);
      for (const [i, offset] of left.entries()) known.set(offset, found[i]!);
    }
    const names = Array.from(offsets, (offset) => known.get(offset)!);
    this.count += left.length;
    if (this.count > MOST) {
      this.files.clear();
      this.count = 0;
    }
    return names;
  }

  private of(files: string): Map<number, string> {
    let known = this.files.get(files);
    if (known === undefined) {
      known = new Map();
      this.files.set(files, known);
    }
    return known;
  }
}
