/**
 * Grows protobuf bytes (protobuf.dev/programming-guides/encoding). Fields that are 0 or '' are left out, as proto3 says.
 */
export class ProtobufWriter {
  private room = new Uint8Array(1024);
  private length = 0;

  /** @param value a whole number from 0 up; beyond 2^53 its nearest double */
  varint(field: number, value: number): void {
    if (value === 0) return;
    this.raw(field * 8);
    this.raw(value);
  }

  text(field: number, text: string): void {
    this.block(field, Buffer.from(text));
  }

  /** Eight bytes, also where they are 0. */
  fixed64(field: number, value: bigint): void {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(value);
    this.raw(field * 8 + 1);
    this.append(bytes);
  }

  bytes(field: number, bytes: Uint8Array): void {
    this.block(field, bytes);
  }

  message(field: number, message: ProtobufWriter): void {
    this.block(field, message.done());
  }

  /** Numbers one after the other in one field, as proto3 packs lists. */
  packed(field: number, values: Iterable<number>): void {
    const list = new ProtobufWriter();
    for (const value of values) list.raw(value);
    if (list.length > 0) this.message(field, list);
  }

  /** Numbers of eight bytes each in one field, as proto3 packs lists. */
  packedFixed64(field: number, values: BigUint64Array): void {
    const bytes = Buffer.alloc(values.length * 8);
    for (let i = 0; i < values.length; i++) bytes.writeBigUInt64LE(values[i]!, i * 8);
    if (values.length > 0) this.block(field, bytes);
  }

  /** What was written so far; valid until the next write. */
  done(): Uint8Array {
    return this.room.subarray(0, this.length);
  }

  /** Starts anew in the same memory. */
  clear(): void {
    this.length = 0;
  }

  private block(field: number, bytes: Uint8Array): void {
    this.raw(field * 8 + 2);
    this.raw(bytes.length);
    this.append(bytes);
  }

  private append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.room.set(bytes, this.length);
    this.length += bytes.length;
  }

  private raw(value: number): void {
    this.reserve(10);
    let rest = value;
    while (rest >= 0x80) {
      this.room[this.length++] = 0x80 | (rest % 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.room[this.length++] = rest;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.room.length) return;
    const grown = new Uint8Array(Math.max(this.room.length * 2, this.length + count));
    grown.set(this.done());
    this.room = grown;
  }
}
