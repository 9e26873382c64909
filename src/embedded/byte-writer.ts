/** The first byte of a column. */
export const ENCODINGS = {
  /** Whole numbers from 0 on. */
  unsigned: 0,
  /** Differences to the number before, zigzag: 0, -1, 1, -2, ... are 0, 1, 2, 3. */
  deltas: 1,
  /** IEEE 754 doubles, little endian. */
  doubles: 2,
} as const;

type Numbers = Int32Array | Float64Array | Uint8Array;

/** Bytes of a whole number below 2^53 in LEB128, at most. */
const LONGEST = 8;

/** Bytes that grow; integers as LEB128. What is written here, `byte-reader.ts` reads. */
export class ByteWriter {
  private bytes = new Uint8Array(1 << 16);
  private length = 0;

  /** One whole number from 0 to 2^53. */
  integer(value: number): void {
    if (this.length + LONGEST > this.bytes.length) this.reserve(LONGEST);
    this.put(value);
  }

  /** One IEEE 754 double, little endian. */
  double(value: number): void {
    this.reserve(8);
    new DataView(this.bytes.buffer).setFloat64(this.length, value, true);
    this.length += 8;
  }

  /** A column of whole numbers from 0 to 2^53. */
  unsigned(column: Numbers): void {
    this.reserve(1 + column.length * LONGEST);
    this.bytes[this.length++] = ENCODINGS.unsigned;
    for (let i = 0; i < column.length; i++) this.put(column[i]!);
  }

  /** A column of whole numbers that are near to each other; differences below 2^52. */
  deltas(column: Numbers): void {
    this.reserve(1 + column.length * LONGEST);
    this.bytes[this.length++] = ENCODINGS.deltas;
    let before = 0;
    for (let i = 0; i < column.length; i++) {
      const delta = column[i]! - before;
      before = column[i]!;
      this.put(delta < 0 ? -delta * 2 - 1 : delta * 2);
    }
  }

  /** A column of weights: whole numbers where all are, else doubles. */
  weights(column: Numbers): void {
    if (column.every((value) => Number.isSafeInteger(value) && value >= 0)) {
      this.unsigned(column);
      return;
    }
    this.reserve(1 + column.length * 8);
    this.bytes[this.length++] = ENCODINGS.doubles;
    const view = new DataView(this.bytes.buffer);
    for (let i = 0; i < column.length; i++, this.length += 8) view.setFloat64(this.length, column[i]!, true);
  }

  /** A text, its length in bytes (u32, little endian) before it. */
  text(text: string): void {
    const encoded = new TextEncoder().encode(text);
    this.reserve(4 + encoded.length);
    new DataView(this.bytes.buffer).setUint32(this.length, encoded.length, true);
    this.bytes.set(encoded, this.length + 4);
    this.length += 4 + encoded.length;
  }

  done(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.length);
  }

  private put(value: number): void {
    let rest = value;
    while (rest >= 0x80000000) {
      this.bytes[this.length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 128) {
      this.bytes[this.length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  private reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}
