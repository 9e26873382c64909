/** Grows rows of ClickHouse's format RowBinary: little-endian numbers; texts and arrays with their length in LEB128. */
export class RowBinaryWriter {
  private bytes = Buffer.allocUnsafe(1 << 16);
  length = 0;

  uint8(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  uint32(value: number): void {
    this.reserve(4);
    this.length = this.bytes.writeUInt32LE(value, this.length);
  }

  uint64(value: bigint): void {
    this.reserve(8);
    this.length = this.bytes.writeBigUInt64LE(value, this.length);
  }

  float64(value: number): void {
    this.reserve(8);
    this.length = this.bytes.writeDoubleLE(value, this.length);
  }

  size(value: number): void {
    this.reserve(5);
    let rest = value;
    for (; rest >= 0x80; rest >>>= 7) this.bytes[this.length++] = (rest & 0x7f) | 0x80;
    this.bytes[this.length++] = rest;
  }

  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.size(length);
    this.reserve(length);
    this.length += this.bytes.write(value, this.length);
  }

  texts(values: readonly string[]): void {
    this.size(values.length);
    for (const value of values) this.text(value);
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** A copy of what was written; then it starts anew. */
  take(): Buffer<ArrayBuffer> {
    const copy = Buffer.from(this.bytes.subarray(0, this.length));
    this.length = 0;
    return copy;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + count));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}

/** Reads rows of RowBinary. @throws {RangeError} there is less than a row should have */
export class RowBinaryReader {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get ended(): boolean {
    return this.at >= this.bytes.length;
  }

  uint8(): number {
    return this.bytes.readUInt8(this.at++);
  }

  uint32(): number {
    this.at += 4;
    return this.bytes.readUInt32LE(this.at - 4);
  }

  uint64(): bigint {
    this.at += 8;
    return this.bytes.readBigUInt64LE(this.at - 8);
  }

  float64(): number {
    this.at += 8;
    return this.bytes.readDoubleLE(this.at - 8);
  }

  size(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.uint8();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  text(): string {
    const end = this.size() + this.at;
    if (end > this.bytes.length) throw new RangeError('a text goes beyond the end');
    const text = this.bytes.toString('utf8', this.at, end);
    this.at = end;
    return text;
  }

  texts(): string[] {
    return Array.from({ length: this.size() }, () => this.text());
  }
}
