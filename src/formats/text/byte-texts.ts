/** Numbers texts as bytes: the same bytes have the same number, in the order in which they are met. */
export class ByteTexts {
  /** Hashes by number, and where each text ends in `bytes`. */
  private hashes = new Int32Array(256);
  private ends = new Int32Array(257);
  private slots = new Int32Array(1024).fill(-1);
  private bytes = new Uint8Array(1 << 14);
  private view = new DataView(this.bytes.buffer);
  private count = 0;

  /**
   * The number of the text with a hash that stands at `start`, whatever follows it; -1 where none is known.
   * @param hash of the text: of any parts of it, but the same for the same bytes
   */
  find(hash: number, source: DataView, start: number, end: number): number {
    const mask = this.slots.length - 1;
    for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      const found = this.slots[slot]!;
      if (found < 0) return -1;
      if (this.hashes[found] === hash && this.equals(found, source, start, end)) return found;
    }
  }

  /** Makes a text known. @returns its number */
  add(hash: number, source: Uint8Array, start: number, end: number): number {
    const number = this.count++;
    if (number === this.hashes.length) {
      this.hashes = grown(this.hashes);
      this.ends = grown(this.ends);
    }
    const from = this.ends[number]!;
    const to = from + end - start;
    if (to > this.bytes.length) {
      const larger = new Uint8Array(Math.max(to, this.bytes.length * 2));
      larger.set(this.bytes.subarray(0, from));
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    }
    this.bytes.set(source.subarray(start, end), from);
    this.hashes[number] = hash;
    this.ends[number + 1] = to;
    if (this.count * 2 > this.slots.length) {
      this.slots = new Int32Array(this.slots.length * 2).fill(-1);
      for (let i = 0; i < number; i++) this.place(i);
    }
    this.place(number);
    return number;
  }

  /** Four bytes at a time. */
  private equals(number: number, source: DataView, start: number, end: number): boolean {
    const { view } = this;
    const from = this.ends[number]!;
    const length = this.ends[number + 1]! - from;
    if (length !== end - start) return false;
    let i = 0;
    for (; i + 4 <= length; i += 4) if (view.getInt32(from + i) !== source.getInt32(start + i)) return false;
    for (; i < length; i++) if (view.getInt8(from + i) !== source.getInt8(start + i)) return false;
    return true;
  }

  private place(number: number): void {
    const mask = this.slots.length - 1;
    let slot = spread(this.hashes[number]!) & mask;
    while (this.slots[slot]! >= 0) slot = (slot + 1) & mask;
    this.slots[slot] = number;
  }
}

function spread(hash: number): number {
  const mixed = Math.imul(hash, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

function grown(column: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(column.length * 2);
  larger.set(column);
  return larger;
}
