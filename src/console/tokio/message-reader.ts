import { UserError } from '../../errors.ts';

/** What came is not what the protocol says. Its message names the byte of the message where that shows. */
export class ProtocolError extends UserError {}

export const VARINT = 0;
const FIXED64 = 1;
export const BYTES = 2;
const FIXED32 = 5;

/**
 * Reads a protobuf message field by field (protobuf.dev/programming-guides/encoding). A message within it is read by the
 * same reader: {@link enter} it, then read its fields. 64 bit ids are texts, as doubles end at 2^53.
 * @throws {ProtocolError} all methods: the bytes are no such message
 */
export class MessageReader {
  /** The field that {@link next} went to: `number * 8 + wire type`. */
  tag = 0;
  private readonly bytes: Buffer;
  private at = 0;
  private end: number;
  /** The last varint: its lower and upper 32 bits, unsigned. */
  private low = 0;
  private high = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.end = bytes.length;
  }

  /**
   * Goes to the next field; at the end of the message back to the one around it.
   * @param outer what {@link enter} gave; none: the outermost message
   * @returns false at the end
   */
  next(outer = this.end): boolean {
    if (this.at >= this.end) {
      this.end = outer;
      return false;
    }
    const at = this.at;
    this.varint();
    if (this.high !== 0 || this.low < 8) throw this.wrong(at, 'this is no field');
    this.tag = this.low;
    return true;
  }

  /** Steps over a field that nobody asked for. */
  skip(): void {
    const at = this.at;
    const type = this.tag & 7;
    if (type === VARINT) this.varint();
    else if (type === BYTES) this.at = this.blockEnd();
    else if (type === FIXED64 || type === FIXED32) this.at += type === FIXED64 ? 8 : 4;
    else throw this.wrong(at, `wire type ${type} is not known`);
    if (this.at > this.end) throw this.wrong(at, 'the message is cut');
  }

  /** Goes into the message that stands here: read its fields with {@link next}. */
  enter(): number {
    const end = this.blockEnd();
    const outer = this.end;
    this.end = end;
    return outer;
  }

  /** An unsigned number; beyond 2^53 the nearest double. */
  uint(): number {
    this.varint();
    return this.high * 2 ** 32 + this.low;
  }

  /** A signed number (`int32`, `int64`); beyond 2^53 the nearest double. */
  int(): number {
    this.varint();
    return (this.high | 0) * 2 ** 32 + this.low;
  }

  bool(): boolean {
    this.varint();
    return (this.low | this.high) !== 0;
  }

  /** An unsigned number as its decimal digits, exact at any size. */
  uintText(): string {
    this.varint();
    return this.high < 2 ** 21 ? String(this.high * 2 ** 32 + this.low) : this.wide().toString();
  }

  /** A `sint64` (zigzag) as its decimal digits, exact at any size. */
  sintText(): string {
    this.varint();
    const value = this.wide();
    return ((value >> 1n) ^ -(value & 1n)).toString();
  }

  text(): string {
    const end = this.blockEnd();
    const text = this.bytes.toString('utf8', this.at, end);
    this.at = end;
    return text;
  }

  block(): Buffer {
    const end = this.blockEnd();
    const block = this.bytes.subarray(this.at, end);
    this.at = end;
    return block;
  }

  private wide(): bigint {
    return (BigInt(this.high) << 32n) | BigInt(this.low);
  }

  private blockEnd(): number {
    const start = this.at;
    this.varint();
    const length = this.high * 2 ** 32 + this.low;
    const left = this.end - this.at;
    if (length > left) throw this.wrong(start, `${length} bytes should follow, ${left} do`);
    return this.at + length;
  }

  private varint(): void {
    const { bytes, end } = this;
    const start = this.at;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.at >= end) throw this.wrong(start, 'the message is cut');
      const byte = bytes[this.at++]!;
      const bits = byte & 0x7f;
      // 4 bits of the fifth byte belong to the lower half, 3 to the upper
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) {
        this.low = low >>> 0;
        this.high = high >>> 0;
        return;
      }
    }
    throw this.wrong(start, 'a number is longer than 64 bits');
  }

  private wrong(at: number, what: string): ProtocolError {
    return new ProtocolError(`byte ${at}: ${what}`);
  }
}
