import { sleb128, uleb128 } from '../leb128.ts';

/** DW_EH_PE_omit: there is no such pointer. */
export const POINTER_OMITTED = 0xff;

const TWO_32 = 2 ** 32;
/** Augmentations have a letter for each feature. */
const LONGEST_TEXT = 16;
const APPLICATION = 0x70;
const PC_RELATIVE = 0x10;
const DATA_RELATIVE = 0x30;
const ALIGNED = 0x50;
const INDIRECT = 0x80;

/**
 * Reads little-endian call frame information. Bytes come from files nobody vouches for: a read behind `end` gives 0 and
 * sets `failed`, which stays set; nothing throws and `position` never goes back.
 */
export class CfiReader {
  readonly bytes: Uint8Array;
  position = 0;
  end: number;
  failed = false;
  /** Address of the section's first byte, for pointers relative to where they stand. */
  readonly #address: number;
  /** What DW_EH_PE_datarel counts from. */
  readonly #dataAddress: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, address: number, dataAddress: number) {
    this.bytes = bytes;
    this.end = bytes.length;
    this.#address = address;
    this.#dataAddress = dataAddress;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Starts over at `position`, up to `end`, without the failure of what was read before. */
  seek(position: number, end: number): void {
    this.end = Math.min(end, this.bytes.length);
    this.position = position;
    this.failed = !(position >= 0 && position <= this.end);
    if (this.failed) this.position = this.end;
  }

  /** Goes over `count` bytes. @returns where they begin */
  skip(count: number): number {
    const at = this.position;
    if (!(count <= this.end - at)) {
      this.failed = true;
      this.position = this.end;
      return at;
    }
    this.position = at + count;
    return at;
  }

  u8(): number {
    if (this.position < this.end && !this.failed) return this.bytes[this.position++]!;
    this.failed = true;
    return 0;
  }

  u16(): number {
    const at = this.skip(2);
    return this.failed ? 0 : this.#view.getUint16(at, true);
  }

  u32(): number {
    const at = this.skip(4);
    return this.failed ? 0 : this.#view.getUint32(at, true);
  }

  /** Exact below 2^53. */
  u64(): number {
    const at = this.skip(8);
    return this.failed ? 0 : this.#view.getUint32(at + 4, true) * TWO_32 + this.#view.getUint32(at, true);
  }

  s8(): number {
    return (this.u8() << 24) >> 24;
  }

  s16(): number {
    return (this.u16() << 16) >> 16;
  }

  s32(): number {
    return this.u32() | 0;
  }

  /** Exact within 2^53 of 0. */
  s64(): number {
    const at = this.skip(8);
    return this.failed ? 0 : this.#view.getInt32(at + 4, true) * TWO_32 + this.#view.getUint32(at, true);
  }

  uleb(): number {
    return this.#ended(uleb128(this));
  }

  sleb(): number {
    return this.#ended(sleb128(this));
  }

  #ended(value: number): number {
    if (!Number.isNaN(value)) return value;
    this.failed = true;
    return 0;
  }

  /** Text up to a zero byte; '' and failed where none comes soon. */
  text(): string {
    let text = '';
    for (let length = 0; length < LONGEST_TEXT; length++) {
      const byte = this.u8();
      if (byte === 0) return this.failed ? '' : text;
      text += String.fromCharCode(byte);
    }
    this.failed = true;
    return '';
  }

  /**
   * A pointer as DW_EH_PE_* says (LSB Core, 10.5). Those that only the running program could follow (indirect, relative
   * to text or function) are failures, except where the caller ignores them.
   */
  pointer(encoding: number): number {
    if (encoding === POINTER_OMITTED) return 0;
    const application = encoding & APPLICATION;
    if (application === ALIGNED) this.skip((8 - ((this.#address + this.position) % 8)) % 8);
    const from = this.position;
    const value = this.#number(encoding & 0x0f);
    if ((encoding & INDIRECT) !== 0) this.failed = true;
    if (application === PC_RELATIVE) return this.#address + from + value;
    if (application === DATA_RELATIVE) return this.#dataAddress + value;
    if (application !== 0 && application !== ALIGNED) this.failed = true;
    return value;
  }

  /** Goes over a pointer whose value nobody needs, whatever it is relative to. */
  skipPointer(encoding: number): void {
    if (encoding !== POINTER_OMITTED) this.pointer(encoding & ~(INDIRECT | (PC_RELATIVE | 0x20)));
  }

  #number(format: number): number {
    switch (format) {
      case 0x00:
      case 0x04:
        return this.u64();
      case 0x01:
        return this.uleb();
      case 0x02:
        return this.u16();
      case 0x03:
        return this.u32();
      case 0x09:
        return this.sleb();
      case 0x0a:
        return this.s16();
      case 0x0b:
        return this.s32();
      case 0x08:
      case 0x0c:
        return this.s64();
      default:
        this.failed = true;
        return 0;
    }
  }
}
